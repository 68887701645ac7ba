/**
 * Challenges: signed, not stored. Each is for one ceremony and subject, expires after five minutes,
 * and has an id by which the act that it belongs to is done once.
 */
import { type SigningSecrets, signValues, verifyValues } from "../signed-values.ts";

/** Five minutes. The timeout that the options tell the browser, too. */
export const CHALLENGE_TTL_SECONDS = 300;

const PURPOSE = "passkey-challenge";

/** The purpose of a challenge. A response for one purpose is refused for another. */
export type ChallengePurpose = "sign-up" | "register" | "enroll" | "sign-in" | "second-factor" | "reauthenticate";

export interface Challenge {
  id: string;
  purpose: ChallengePurpose;
  /** Whom or what it is for, such as a session id. "" where anyone may answer. */
  subject: string;
  /** Unix time in milliseconds. */
  expiresAt: number;
}

/** Creates a challenge, in base64url. */
export function createChallenge(
  keys: SigningSecrets,
  { purpose, subject }: Pick<Challenge, "purpose" | "subject">,
  now: number,
): string {
  const expiresAt = now + CHALLENGE_TTL_SECONDS * 1000;
  const signed = signValues(keys, PURPOSE, [purpose, subject, crypto.randomUUID(), expiresAt]);
  return Buffer.from(signed).toString("base64url");
}

/**
 * Verifies a challenge of this purpose. Returns undefined if it was not created here or has
 * expired.
 */
export function verifyChallenge(
  keys: SigningSecrets,
  challenge: string,
  wanted: ChallengePurpose,
  now: number,
): Challenge | undefined {
  const signed = Buffer.from(challenge, "base64url").toString("latin1");
  const [purpose, subject, id, expiresAt] = verifyValues(keys, PURPOSE, signed) ?? [];
  if (purpose !== wanted || typeof subject !== "string" || typeof id !== "string") return undefined;
  return typeof expiresAt === "number" && expiresAt > now ? { id, purpose: wanted, subject, expiresAt } : undefined;
}
