/**
 * The sign-out that a client asks for (OpenID Connect RP-Initiated Logout 1.0).
 *
 * A link alone signs nobody out: any site could have sent it. The user is asked, unless an ID token
 * shows that the client was told who they are.
 */
import { afterCommit } from "../../auth/after-commit.ts";
import type { SessionRef } from "../../contract/session-ref.ts";
import { verifyIdTokenHint } from "../../crypto/id-token-hint.ts";
import { verifyRefreshToken } from "../../crypto/tokens.ts";
import type { Deps } from "../../deps.ts";
import { type Err, err } from "../../result.ts";
import { findLogout, signOutOf } from "../../storage/oauth-logout.ts";
import { registeredForm, withParams } from "./redirect-uri.ts";

/** Where a browser goes after a sign-out. */
export interface AfterLogout {
  url: string;
  /** The name of the client. */
  client: string;
}

/** The next step of a sign-out. `to` is undefined if the client named no address. */
export type LogoutDecision =
  /** The request is wrong, or its address cannot be trusted. */
  | { step: "page"; failure: Err }
  | { step: "leave"; to: AfterLogout | undefined }
  | { step: "ask"; user: { id: string; name: string | null }; client: string | undefined; to: AfterLogout | undefined };

const MAX_STATE_LENGTH = 2000;
const NOBODY: SessionRef = { userId: "", sessionId: "" };

/**
 * Decides what follows a request, and signs the user out if nothing has to be asked. `refreshToken`
 * is the one of the browser; `isAllowed` says that this user has answered the question with yes.
 */
export async function leaveSession(
  deps: Deps,
  params: URLSearchParams,
  { refreshToken, isAllowed }: { refreshToken: string | undefined; isAllowed?: boolean },
): Promise<LogoutDecision> {
  const names = [...params.keys()];
  const { id_token_hint, client_id, post_logout_redirect_uri, state } = Object.fromEntries(params);
  if (new Set(names).size < names.length || (state?.length ?? 0) > MAX_STATE_LENGTH) return refuse("invalid_request");

  const hint = id_token_hint ? await verifyIdTokenHint(deps.tokens, id_token_hint) : undefined;
  if (hint && client_id && hint.clientId !== client_id) return refuse("invalid_request");
  const session = verifyRefreshToken(deps.tokens.refreshKeys, refreshToken ?? "", deps.now()) ?? NOBODY;
  const clientId = hint?.clientId ?? client_id ?? "";
  const { client, user, isHintActive } = await findLogout(deps.db, { clientId, session, hint }, deps.now());
  if (post_logout_redirect_uri) {
    if (!client) return refuse("unknown_client");
    if (!client.uris.includes(registeredForm(post_logout_redirect_uri))) return refuse("invalid_redirect_uri");
  }
  const to =
    client && post_logout_redirect_uri
      ? { url: withParams(post_logout_redirect_uri, { state: state || undefined }), client: client.name }
      : undefined;

  // An access token is no hint: no client has its audience as an id.
  const known = client && hint;
  // An old one, of an app that the user removed or signed out of a while ago, speaks for nobody.
  const isOwn = known && isHintActive && (!user || known.userId === user.id);
  if (user && !isOwn && !isAllowed) return { step: "ask", user, client: client?.name, to };
  const sessionIds = [...(user ? [session.sessionId] : []), ...(isOwn ? [known.sessionId] : [])];
  const userId = user?.id ?? known?.userId;
  const ended = userId ? await signOutOf(deps.db, { userId, sessionIds }, deps.audit()) : [];
  if (userId && ended.length > 0) afterCommit(deps, { event: "logged_out", userId, ended });
  return { step: "leave", to };
}

const refuse = (code: Err["code"]): LogoutDecision => ({ step: "page", failure: err(code) });
