import { text } from "./text.ts";

/** What Turnstile's widget gives a frontend; longer it never is. */
export const ChallengeToken = text({ max: 2048 }).optional();
