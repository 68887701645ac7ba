/** ID tokens that come back as a hint (OpenID Connect RP-Initiated Logout §2). */
import { type TokenChecks, verifyJwt } from "./access-token.ts";

/** The user, the client and the session that an ID token names. */
export interface IdTokenHint {
  clientId: string;
  userId: string;
  /** The session of the client. */
  sessionId: string;
}

/**
 * Verifies an ID token, which may have expired, and returns whom it names. Returns undefined unless
 * this service issued it. An access token is none: no client has its audience as an id.
 */
export async function verifyIdTokenHint(
  { findKey, issuer }: TokenChecks,
  token: string,
): Promise<IdTokenHint | undefined> {
  const claims = await verifyJwt(findKey, token, { issuer, typ: "JWT", clockTolerance: Number.MAX_SAFE_INTEGER });
  const { aud: clientId, sub: userId, sid: sessionId } = claims ?? {};
  return typeof clientId === "string" && typeof userId === "string" && typeof sessionId === "string"
    ? { clientId, userId, sessionId }
    : undefined;
}
