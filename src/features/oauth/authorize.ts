/**
 * Authorization (RFC 6749 §4.1, OpenID Connect Core §3.1.2): decides what follows a request of a
 * client for a user, and creates the code.
 *
 * It never signs anybody in. A user without a session, or whose last proof is too old for the
 * request, goes through the pages of sign-in and step-up and comes back with the same request.
 */
import { lifetimesOf } from "../../auth/renew-session.ts";
import { ACCOUNT_SCOPE } from "../../contract/oauth-client.ts";
import { createSecret, digestOfSecret } from "../../crypto/one-time.ts";
import { signValues, verifyValues } from "../../crypto/signed-values.ts";
import { isMultiFactor, verifyRefreshToken } from "../../crypto/tokens.ts";
import type { Deps } from "../../deps.ts";
import { type Err, err, ok, type Result } from "../../result.ts";
import { secondFactorsOf } from "../../storage/factors.ts";
import { consent, findAuthorization, type NewCode, type Silence } from "../../storage/oauth-authorization.ts";
import { type ClientRow, findClient } from "../../storage/oauth-clients.ts";
import {
  type AuthorizationError,
  type AuthorizationRequest,
  onlyOne,
  PROVEN_AFTER,
  type Prompt,
  parseAuthorizationRequest,
  whereToAnswer,
  withoutProof,
} from "./authorization-request.ts";
import { isDocumentUrl, loadClientDocument } from "./client-document.ts";
import { isLocalApp, registeredForm, withParams } from "./redirect-uri.ts";

/** The content of a consent page. */
export interface Question {
  client: Pick<ClientRow, "id" | "name" | "firstParty" | "kind">;
  request: AuthorizationRequest;
  user: { id: string; name: string | null };
}

/** The next step of an authorization request. */
export type Decision =
  /** The redirect URI cannot be trusted. */
  | { step: "page"; failure: Err }
  /** The browser goes back to the client, with a code or an error. */
  | { step: "answer"; url: string; client: string }
  | { step: "sign-in"; loginHint: string | undefined; isNew: boolean }
  /** The user has to prove a credential again. */
  | { step: "confirm" }
  | { step: "ask"; question: Question }
  /** The request is decided once more. */
  | { step: "again" };

/** As long as a sign-in takes. */
const MAX_SIGN_IN_SECONDS = 3600;

/** Returns the same request, which knows that its user is about to sign in. */
export function aboutToSignIn({ tokens, now }: Deps, params: URLSearchParams): URLSearchParams {
  const values = [Math.floor(now() / 1000), digestOfRequest(params)];
  return new URLSearchParams([
    ...withoutProof(params),
    [PROVEN_AFTER, signValues(tokens.loginKeys, PROVEN_AFTER, values)],
  ]);
}

/**
 * Returns the earliest proof of a credential that a request accepts, in Unix milliseconds. One that
 * the user gave for this request is recent, however long the rest has taken.
 */
function earliestProof({ tokens, now }: Deps, params: URLSearchParams, { prompts, maxAge }: AuthorizationRequest) {
  const [after, digest] = verifyValues(tokens.loginKeys, PROVEN_AFTER, params.get(PROVEN_AFTER) ?? "") ?? [];
  const isKnown = digest === digestOfRequest(params) && Number(after) * 1000 > now() - MAX_SIGN_IN_SECONDS * 1000;
  if (isKnown) return Number(after) * 1000;
  if (prompts.includes("login") || maxAge === 0) return Number.MAX_SAFE_INTEGER;
  return maxAge === undefined ? 0 : now() - maxAge * 1000;
}

const digestOfRequest = (params: URLSearchParams) => digestOfSecret(`${withoutProof(params)}`);

/** Decides what follows an authorization request. `refreshToken` is the one of the browser. */
export async function authorize(
  deps: Deps,
  params: URLSearchParams,
  refreshToken: string | undefined,
): Promise<Decision> {
  const read = await readRequest(deps, params);
  if ("step" in read) return read;
  const { request } = read;
  const { prompts, redirectUri } = request;
  const asks = (...those: Prompt[]) => prompts.some((prompt) => those.includes(prompt));
  const authenticatedAfter = earliestProof(deps, params, request);
  const isQuiet = !request.wantsMultiFactor && !asks("select_account", "create") && !isLocalApp(redirectUri);
  const silence = { firstParty: isQuiet, granted: isQuiet && !asks("consent"), authenticatedAfter };

  const found = await find(deps, request, refreshToken, silence);
  const { user } = found;
  const trusted = trustedClient(deps, found.client, request);
  if (!trusted.ok) return { step: "page", failure: trusted };
  const client = trusted.value;
  // Anybody can register such a client, and would have an open redirector (RFC 9700 §4.11.2).
  const isStranger = client.kind !== "registered" && !user;
  const refuse = (error: AuthorizationError, description: string): Decision =>
    isStranger
      ? { step: "page", failure: err("invalid_request") }
      : answer(deps, request, client, { error, error_description: description });
  if (!client.grantTypes.includes("authorization_code"))
    return refuse("unauthorized_client", "The client does not have the grant authorization_code.");
  if (found.code) return answer(deps, request, client, { code: found.code });

  const isSilent = asks("none");
  const isRecent = user && user.authenticatedAt >= authenticatedAfter;
  const lacksFactor = user && request.wantsMultiFactor && !isMultiFactor(user.amr) && secondFactorsOf(user).length > 0;
  if (isSilent && (!isRecent || lacksFactor)) return refuse("login_required", "The user has to sign in.");
  if (!user) return { step: "sign-in", loginHint: request.loginHint, isNew: asks("create") };
  if (!isRecent || lacksFactor) return { step: "confirm" };

  const allowed = withAllowedScopes(request, client);
  const hasAsked = found.granted !== undefined && allowed.scopes.every((scope) => found.granted?.includes(scope));
  const isFree = !isLocalApp(redirectUri) && !asks("select_account", "create");
  if (isFree && (client.firstParty || (hasAsked && !asks("consent")))) {
    const again = await find(deps, allowed, refreshToken, { firstParty: true, granted: true, authenticatedAfter });
    if (again.code) return answer(deps, request, client, { code: again.code });
  }
  if (isSilent) return refuse("consent_required", "The user has to be asked.");
  return { step: "ask", question: { client, request: allowed, user } };
}

/**
 * Answers the question of the consent page. The step is `again` if the session has ended since, or
 * its last proof has become too old.
 */
export async function decide(
  deps: Deps,
  params: URLSearchParams,
  { refreshToken, isAllowed }: { refreshToken: string | undefined; isAllowed: boolean },
): Promise<Decision> {
  const read = await readRequest(deps, params);
  if ("step" in read) return read;
  const trusted = trustedClient(deps, await findClient(deps.db, read.request.clientId), read.request);
  if (!trusted.ok) return { step: "page", failure: trusted };
  const client = trusted.value;
  const request = withAllowedScopes(read.request, client);
  if (!isAllowed)
    return answer(deps, request, client, { error: "access_denied", error_description: "The user said no." });
  const [code, row] = newCode(deps, request, refreshToken);
  const isIssued = await consent(deps.db, row, earliestProof(deps, params, read.request), deps.audit());
  return isIssued ? answer(deps, request, client, { code }) : { step: "again" };
}

/** Parses a request, and answers one that is wrong. */
async function readRequest(deps: Deps, params: URLSearchParams): Promise<Decision | { request: AuthorizationRequest }> {
  const target = whereToAnswer(params);
  if (!target.ok) return { step: "page", failure: target };
  const { clientId } = target.value;
  const known = isDocumentUrl(deps, clientId) ? await loadClientDocument(deps, clientId) : undefined;
  if (known?.ok === false) return { step: "page", failure: known };
  const request = parseAuthorizationRequest(deps, params, target.value);
  if (!("error" in request)) return { request };
  const trusted = trustedClient(deps, await findClient(deps.db, clientId), target.value);
  if (!trusted.ok) return { step: "page", failure: trusted };
  const client = trusted.value;
  if (client.kind !== "registered") return { step: "page", failure: err("invalid_request") };
  const state = onlyOne(params, "state");
  const isLong = (state?.length ?? 0) > MAX_STATE_LENGTH;
  return answer(deps, { ...target.value, state: isLong ? undefined : state }, client, {
    error: request.error,
    error_description: request.description,
  });
}

const MAX_STATE_LENGTH = 2000;

/**
 * Returns the client if the browser may be sent back to it. Errors: `unknown_client`;
 * `invalid_redirect_uri`.
 */
function trustedClient(
  deps: Deps,
  client: ClientRow | undefined,
  { redirectUri }: Pick<AuthorizationRequest, "redirectUri">,
): Result<ClientRow> {
  if (!client || (client.kind === "document" && !isDocumentUrl(deps, client.id))) return err("unknown_client");
  if (client.kind === "dynamic" && deps.config.OAUTH_DCR === "off") return err("unknown_client");
  return client.redirectUris.includes(registeredForm(redirectUri)) ? ok(client) : err("invalid_redirect_uri");
}

/** Returns a request without the scopes that its client may not have. */
const withAllowedScopes = (request: AuthorizationRequest, { scopes, firstParty }: ClientRow): AuthorizationRequest => ({
  ...request,
  scopes: request.scopes.filter(
    (scope) => (scopes?.includes(scope) ?? true) && (firstParty || scope !== ACCOUNT_SCOPE),
  ),
});

/** Reads what the request needs, and creates the code if nothing has to be asked. */
async function find(deps: Deps, request: AuthorizationRequest, refreshToken: string | undefined, silence: Silence) {
  const [code, row] = newCode(deps, request, refreshToken);
  const { isIssued, ...found } = await findAuthorization(deps.db, row, silence, deps.now());
  return { ...found, code: isIssued ? code : undefined };
}

function newCode(deps: Deps, request: AuthorizationRequest, refreshToken: string | undefined): [string, NewCode] {
  const { clientId, redirectUri, codeChallenge, nonce, scopes, resource } = request;
  const claims = refreshToken ? verifyRefreshToken(deps.tokens.refreshKeys, refreshToken, deps.now()) : undefined;
  const token = claims ?? { userId: "", sessionId: "", generation: 0 };
  const code = createSecret();
  return [
    code,
    {
      digest: digestOfSecret(code),
      redirectUri,
      codeChallenge,
      nonce,
      request: { userId: token.userId, clientId, resource, scopes },
      registeredUri: registeredForm(redirectUri),
      browser: {
        token,
        reuseWindow: lifetimesOf(deps).reuseWindow,
        mustBeVerified: deps.config.REQUIRE_VERIFICATION,
      },
    },
  ];
}

/** Sends the browser back to the client. RFC 9207: every answer names the issuer. */
const answer = (
  { config }: Deps,
  { redirectUri, state }: Pick<AuthorizationRequest, "redirectUri" | "state">,
  { name }: ClientRow,
  params: { code: string } | { error: AuthorizationError; error_description: string },
): Decision => ({
  step: "answer",
  url: withParams(redirectUri, { ...params, state, iss: config.ISSUER }),
  client: name,
});
