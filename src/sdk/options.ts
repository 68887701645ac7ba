import type { AuthService, Tier } from "../contract/auth-service.ts";
import type { AccessTokenType } from "../contract/claims.ts";
import { isResource } from "./resource-url.ts";

interface CommonOptions {
  /** The audience that the token must have. Default: the audience of the service. */
  audience?: string;
  /**
   * The URL of the API as a resource of OAuth clients, spelled as in `OAUTH_RESOURCES` of the
   * service. It is the audience that the token must have, and challenges name its metadata
   * (RFC 9728 §5.1).
   */
  resource?: string;
  /** The KV namespace of the service, if the Worker has a binding to it. */
  denylist?: { get(key: string): Promise<string | null> };
  /**
   * The decision if the token is valid but its session cannot be checked: refuse it (`deny`, the
   * default), or accept it (`allow-local`).
   */
  onUnavailable?: "deny" | "allow-local";
  /** Returns the Unix time in milliseconds. */
  now?: () => number;
}

/**
 * The tiers of the service, and `feed`: the Worker itself keeps the sessions that ended, as of at
 * most 15 seconds ago, so that most requests ask nothing.
 */
export type VerifierTier = Tier | "feed";

/**
 * Options with a binding to the service. The default tier is `revocation`: it asks the `denylist`
 * if there is one, and otherwise the service.
 */
export interface BoundOptions extends CommonOptions {
  /** Tier `feed` needs `revocations`. */
  auth: Pick<AuthService, "keys" | "verify"> & Partial<Pick<AuthService, "revocations">>;
  tier?: VerifierTier;
}

/** Options over the network. The default tier is `revocation` with a `denylist`, else `local`. */
export interface RemoteOptions extends CommonOptions {
  /** The origin of the service. */
  issuer: string;
  /** The `typ` that the token must have: `ACCESS_TOKEN_TYPE` of the service. Default: `at+jwt`. */
  typ?: AccessTokenType;
  tier?: "local" | "revocation";
}

export type VerifierOptions = BoundOptions | RemoteOptions;

export interface Requirements {
  /** The scopes that the token must have, at least one. Challenges name them (RFC 6750 §3). */
  scopes?: string[];
  /**
   * Accepts API keys too, which must have all of these scopes, at least one. A key is sent itself
   * if there is a binding, and otherwise exchanged for a token. Keys are also accepted where
   * `scopes` are required, and nowhere else.
   */
  apiKeys?: string[];
  /** The user must have all of these roles, at least one. */
  roles?: string[];
  /** The user must have proved a second factor in this session (RFC 9470). */
  acr?: "aal2";
  /** The maximum time since the user proved a credential, in seconds (RFC 9470). */
  maxAuthAge?: number;
}

export type AuthOptions = VerifierOptions & Requirements;

type Name = keyof BoundOptions | keyof RemoteOptions | keyof Requirements;

const TYPES: unknown[] = ["at+jwt", "JWT"] satisfies AccessTokenType[];
const TIERS: unknown[] = ["local", "revocation", "feed", "authoritative"] satisfies VerifierTier[];

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

/** RFC 6749 §3.3. No API requires offline_access: it is about refresh tokens. */
const isScope = (value: unknown) =>
  typeof value === "string" && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(value) && value !== "offline_access";

/** Every option with its check, and what to do if the check fails. */
const CHECKS: Record<Name, [isValid: (value: unknown) => boolean, remedy: string]> = {
  auth: [Boolean, "The binding is missing: is the service bound?"],
  issuer: [isText, "The issuer must be an https origin."],
  audience: [isText, "The audience must be a text that is not empty."],
  resource: [(value) => isText(value) && isResource(value), "The resource must be an https URL without a query."],
  typ: [(value) => TYPES.includes(value), `The typ must be ${TYPES.join(" or ")}.`],
  denylist: [(value) => hasGet(value), "The denylist is missing: is the KV namespace bound?"],
  tier: [(value) => TIERS.includes(value), `The tier must be one of ${TIERS.join(", ")}.`],
  onUnavailable: [(value) => value === "deny" || value === "allow-local", "onUnavailable must be deny or allow-local."],
  now: [(value) => typeof value === "function", "now must be a function."],
  scopes: [(value) => areScopes(value), "scopes must list scopes, without offline_access."],
  apiKeys: [(value) => areScopes(value), "apiKeys must list scopes, without offline_access."],
  roles: [(value) => Array.isArray(value) && value.length > 0 && value.every(isText), "roles must list roles."],
  acr: [(value) => value === "aal2", "acr must be aal2."],
  maxAuthAge: [(value) => Number.isFinite(value) && Number(value) >= 0, "maxAuthAge must be a number of seconds."],
};

const areScopes = (value: unknown) => Array.isArray(value) && value.length > 0 && value.every(isScope);

const hasGet = (value: unknown) => typeof (value as { get?: unknown } | undefined)?.get === "function";

/**
 * Throws a `TypeError` if an option is misspelled, undefined or invalid: the check that it asks for
 * would be missing without a sign. Omit an option to get its default.
 */
export function checkOptions(options: AuthOptions): void {
  checkEach(options, Object.keys(CHECKS));
  if ("auth" in options && "typ" in options) throw new TypeError("Omit typ: the binding tells it.");
  if ("resource" in options && "audience" in options) throw new TypeError("Omit audience: it is the resource.");
}

/** Checks single options, of which only those with these names may be set, and the issuer. */
export function checkEach(options: object, names: string[]): void {
  for (const [name, value] of Object.entries(options)) {
    if (!names.includes(name)) throw new TypeError(`Unknown option: ${name}.`);
    const [isValid, remedy] = CHECKS[name as Name];
    if (!isValid(value)) throw new TypeError(value === undefined ? `${remedy} (${name} is undefined.)` : remedy);
  }
  if ("auth" in options === "issuer" in options) throw new TypeError("Set either auth or issuer.");
}
