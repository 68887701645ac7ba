/**
 * Sentences that operations of the API reference share. Only `openapi.ts` files import it, so the
 * bundle does not contain it.
 */

/** The session of the request is replaced. */
export const REPLACED =
  "The session gets a new id, its old tokens are void, and the new ones are in the response. Without `transport`, they replace the cookie if it belongs to this session.";

/** Also, the other sessions of the user end. */
export const ENDS_SESSIONS = `Ends the user's other sessions. ${REPLACED}`;

/** Also, the owner gets a notice. */
export const CHANGES_FACTORS = `${ENDS_SESSIONS} A notice goes to the owner.`;

/** The input of a change of the factors. */
export const NEEDS_PROOF =
  "Needs the password, or a recently authenticated session. If the account has a second factor, the session must have been authenticated with two factors recently (`acr` is `aal2`).";
