import { sha256 } from "../sha256.ts";

/**
 * Returns the `user.id` of an account for its passkeys: 32 bytes in base64url that say nothing of
 * the user (WebAuthn L3 §14.6.1). A hash of the account's random id, so it never changes.
 */
export const userHandleOf = (userId: string): string => sha256(`user-handle:${userId}`).toString("base64url");
