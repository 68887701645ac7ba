/**
 * Parsing an authorization request (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1).
 *
 * A request whose client or redirect URI is wrong is answered with a page. Any other error goes to
 * the redirect URI, so that the client can handle it.
 */

import { isSecret } from "../../crypto/one-time.ts";
import type { Deps } from "../../deps.ts";
import { err, type Result } from "../../result.ts";
import { isStorable } from "../../schemas/parse.ts";
import { knownScopes } from "./scopes.ts";

/** The errors that go to a redirect URI (RFC 6749 §4.1.2.1, RFC 8707 §2, OIDC Core §3.1.2.6). */
export type AuthorizationError =
  | "invalid_request"
  | "unauthorized_client"
  | "access_denied"
  | "unsupported_response_type"
  | "invalid_target"
  | "server_error"
  | "temporarily_unavailable"
  | "login_required"
  | "consent_required"
  | "request_not_supported"
  | "request_uri_not_supported";

/** An authorization request. */
export interface AuthorizationRequest {
  clientId: string;
  redirectUri: string;
  state: string | undefined;
  codeChallenge: string;
  nonce: string | null;
  /** Those that the service has, each once, in the order of the service. */
  scopes: string[];
  /** Undefined for the service itself. */
  resource: string | undefined;
  prompts: Prompt[];
  /** In seconds. */
  maxAge: number | undefined;
  /** The client asks for two factors (OIDC Core §5.5.1.1, a voluntary claim). */
  wantsMultiFactor: boolean;
  loginHint: string | undefined;
}

const PROMPTS = ["none", "login", "consent", "select_account", "create"] as const;
export type Prompt = (typeof PROMPTS)[number];

/** A longer request would be lost on the way through a sign-in, in URLs and a cookie. */
const MAX_LENGTH = 3200;
const MAX_LENGTHS = { client_id: 200, redirect_uri: 2000 };

/** An error that goes to the redirect URI. */
interface Refused {
  error: AuthorizationError;
  description: string;
}

/** The parts of a request that decide whether its redirect URI can be trusted. */
export function whereToAnswer(params: URLSearchParams): Result<{ clientId: string; redirectUri: string }> {
  const clientId = onlyOne(params, "client_id") ?? "";
  const redirectUri = onlyOne(params, "redirect_uri") ?? "";
  const isShort = clientId.length <= MAX_LENGTHS.client_id && redirectUri.length <= MAX_LENGTHS.redirect_uri;
  // A URI may be registered, and its port be none.
  if (!clientId || !isShort || !isStorable(clientId) || !URL.canParse(redirectUri)) return err("invalid_request");
  return { ok: true, value: { clientId, redirectUri } };
}

/** Parses the rest of a request. */
export function parseAuthorizationRequest(
  { config }: Deps,
  params: URLSearchParams,
  target: { clientId: string; redirectUri: string },
): AuthorizationRequest | Refused {
  // RFC 6749 §3.1: a parameter without a value counts as omitted.
  const given = [...params].filter(([, value]) => value !== "");
  if (encodeURIComponent(`${withoutProof(params)}`).length > MAX_LENGTH || !given.flat().every(isStorable))
    return refuse("invalid_request", "The request is too long, or contains a null character.");
  const names = given.map(([name]) => name);
  const repeated = names.find((name, n) => name !== "resource" && names.indexOf(name) < n);
  if (repeated) return refuse("invalid_request", "A parameter is repeated.");
  const values: Record<string, string> = Object.fromEntries(given);
  if (values["request"]) return refuse("request_not_supported", "Send the parameters themselves.");
  if (values["request_uri"]) return refuse("request_uri_not_supported", "Send the parameters themselves.");
  if (!values["response_type"]) return refuse("invalid_request", "response_type is missing.");
  if (values["response_type"] !== "code") return refuse("unsupported_response_type", "response_type must be code.");
  if ((values["response_mode"] ?? "query") !== "query")
    return refuse("invalid_request", "response_mode must be query.");
  const { code_challenge: codeChallenge = "", code_challenge_method: method } = values;
  if (method !== "S256" || !isSecret(codeChallenge))
    return refuse("invalid_request", "PKCE is required: a code_challenge, and the code_challenge_method S256.");
  const resources = params.getAll("resource").filter((value) => value !== "");
  const resource = resources[0] === undefined ? undefined : findResource(config, resources[0]);
  if (resources.length > 1 || (resources.length === 1 && !resource))
    return refuse("invalid_target", "resource must be one of OAUTH_RESOURCES, and only one.");
  const prompts = values["prompt"]?.split(" ") ?? [];
  if (!prompts.every(isPrompt) || (prompts.includes("none") && prompts.length > 1))
    return refuse("invalid_request", "prompt must be none, or any of login, consent, select_account and create.");
  const { max_age, acr_values = "" } = values;
  if (max_age !== undefined && !/^\d{1,9}$/.test(max_age)) return refuse("invalid_request", "max_age must be seconds.");
  return {
    ...target,
    state: values["state"],
    codeChallenge,
    nonce: values["nonce"] ?? null,
    scopes: knownScopes(config, values["scope"]),
    resource,
    prompts: prompts.filter(isPrompt),
    maxAge: max_age === undefined ? undefined : Number(max_age),
    wantsMultiFactor: acr_values.split(" ").includes("aal2"),
    loginHint: values["login_hint"],
  };
}

/** Added to a request whose user is asked to sign in for it: when that was, signed. */
export const PROVEN_AFTER = "proven_after";

/** Returns the request as its client sent it. */
export const withoutProof = (params: URLSearchParams): URLSearchParams =>
  new URLSearchParams([...params].filter(([name]) => name !== PROVEN_AFTER));

/** Returns a parameter. Returns undefined if it is absent, empty or repeated. */
export function onlyOne(params: URLSearchParams, name: string): string | undefined {
  const [value, ...others] = params.getAll(name);
  return (others.length === 0 && value) || undefined;
}

const refuse = (error: AuthorizationError, description: string): Refused => ({ error, description });

const isPrompt = (text: string): text is Prompt => PROMPTS.some((prompt) => prompt === text);

/** Returns a resource as the settings spell it. A slash at its end does not matter. */
export const findResource = ({ OAUTH_RESOURCES }: Deps["config"], text: string): string | undefined =>
  OAUTH_RESOURCES.find((resource) => withoutSlash(resource) === withoutSlash(text));

const withoutSlash = (text: string) => text.replace(/\/$/, "");
