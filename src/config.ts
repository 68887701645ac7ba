/**
 * The settings: variables and secrets of the Worker.
 *
 * `parseConfig` parses and validates all of them at once. `.dev.vars.example` documents each
 * setting, `config/values.ts` holds the schemas of single values. Nothing else reads the variables.
 */
import * as z from "zod/mini";
import { COUNTRIES } from "./config/countries.ts";
import { IdentityProviders } from "./config/identity-providers.ts";
import { BlockedHosts, isOwnAudience, Resources, Scopes } from "./config/oauth.ts";
import { isRpId } from "./config/origins.ts";
import { orderPeppers } from "./config/peppers.ts";
import { isLocalOrigin, isLoopback } from "./config/urls.ts";
import {
  BaseUrl,
  Checks,
  Color,
  Countries,
  count,
  DEFAULT_ACCESS_TOKEN_TTL_SECONDS,
  Hosts,
  LoginMethods,
  Logo,
  Mailbox,
  MfaPolicy,
  Origin,
  Origins,
  PageUrl,
  RotatedPeppers,
  Scrypt,
  Secrets,
  SIGNING_KEYS_NAME,
  SigningKeys,
  seconds,
} from "./config/values.ts";
import { ACCESS_TOKEN_TYPES, DEFAULT_ACCESS_TOKEN_TYPE } from "./crypto/access-token.ts";
import type { ScryptParams } from "./crypto/password.ts";
import { err, ok, type Result } from "./result.ts";

const service = {
  ISSUER: Origin,
  ALLOWED_HOSTS: Hosts,
  ALLOWED_ORIGINS: Origins,
  /** A backend that sends one of them may name the end user of a request. */
  BACKEND_SECRET: Secrets,
  FRONTEND_URL: z.optional(PageUrl),
  RP_ID: z.optional(z.string()),
  LOGIN_METHODS: LoginMethods,
  IDENTITY_PROVIDERS: IdentityProviders,
  DEFAULT_COUNTRY: z.optional(z.enum(COUNTRIES, "Set an ISO 3166 country code such as DE.")),
  AUDIT_RETENTION_SECONDS: seconds(7_776_000),
  /** The checks that refuse a request if they do not respond. The others then let it through. */
  FAIL_CLOSED: Checks,
  UNVERIFIED_ACCOUNT_DAYS: count(30),
  /** Users with this role, and those with the role `owner`, administer accounts. */
  ADMIN_ROLE: z._default(z.string().check(z.regex(/^[a-z][a-z0-9:_.-]{0,63}$/, "Set a role such as admin.")), "admin"),
};

const brand = {
  BRAND_NAME: z.optional(z.string().check(z.maxLength(60, "Set at most 60 characters."))),
  BRAND_COLOR: Color,
  BRAND_LOGO_URL: z.optional(Logo),
};

const passwords = {
  SCRYPT_PARAMS: z.optional(Scrypt),
  SCRYPT_ENGINE: z._default(z.enum(["noble", "node"], "Set noble or node."), "noble"),
  HIBP: z.optional(z.enum(["on", "off"], "Set on or off.")),
  HIBP_BASE_URL: z.optional(BaseUrl),
};

const captcha = {
  TURNSTILE_SITE_KEY: z.optional(
    z.string().check(z.regex(/^[\w-]{1,100}$/, "Set the site key of a Turnstile widget.")),
  ),
  TURNSTILE_SECRET_KEY: z.optional(z.string()),
  TURNSTILE_BASE_URL: z.optional(BaseUrl),
};

const recovery = {
  RESET_TOKEN_TTL_SECONDS: seconds(600, 60, 86_400),
  OTP_TTL_SECONDS: seconds(300, 60, 600),
  OTP_RESEND_COOLDOWN_SECONDS: seconds(30, 0, 3600),
  REQUIRE_VERIFICATION: z.pipe(
    z._default(z.enum(["true", "false"], "Set true or false."), "false"),
    z.transform((text) => text === "true"),
  ),
};

const senders = {
  SMS_COUNTRIES: Countries,
  SMS_PER_DAY: count(1000),
  SMS_PER_COUNTRY_AND_DAY: count(500),
  SMS_PER_NETWORK_AND_DAY: count(50),
  RESEND_API_KEY: z.optional(z.string()),
  RESEND_BASE_URL: z.optional(BaseUrl),
  MAIL_FROM: z.optional(Mailbox),
  MAIL_REPLY_TO: z.optional(Mailbox),
  TWILIO_ACCOUNT_SID: z.optional(z.string()),
  TWILIO_AUTH_TOKEN: z.optional(z.string()),
  TWILIO_FROM: z.optional(z.string()),
  TWILIO_BASE_URL: z.optional(BaseUrl),
};

const tokens = {
  ACCESS_TOKEN_AUDIENCE: z.optional(z.string()),
  ACCESS_TOKEN_TYPE: z._default(z.enum(ACCESS_TOKEN_TYPES, "Set at+jwt or JWT."), DEFAULT_ACCESS_TOKEN_TYPE),
  ACCESS_TOKEN_TTL_SECONDS: seconds(DEFAULT_ACCESS_TOKEN_TTL_SECONDS),
  REFRESH_TOKEN_TTL_SECONDS: seconds(604_800),
  SESSION_MAX_AGE_SECONDS: seconds(2_592_000),
  REFRESH_REUSE_WINDOW_SECONDS: seconds(30, 0, 300),
  REAUTHENTICATION_SECONDS: seconds(300, 0, 86_400),
  /** The users who need a second factor. */
  MFA_POLICY: MfaPolicy,
  FACTOR_REMOVAL_DELAY_SECONDS: seconds(86_400, 0),
  /** A device token, which names the browser, expires after 180 days. */
  TRUSTED_DEVICE_DAYS: count(0, 180),
  /** Of a client with `offline_access`: how long it may pause, and how long it may go on. */
  OAUTH_OFFLINE_TTL_SECONDS: seconds(2_592_000),
  OAUTH_OFFLINE_MAX_AGE_SECONDS: seconds(31_536_000),
  OAUTH_RESOURCES: Resources,
  /** Clients that nobody registered: by metadata documents, and by dynamic registration. */
  OAUTH_CIMD: z._default(z.enum(["on", "off"], "Set on or off."), "off"),
  OAUTH_CIMD_BLOCKED_HOSTS: BlockedHosts,
  OAUTH_DCR: z._default(z.enum(["on", "off"], "Set on or off."), "off"),
  OAUTH_SCOPES: Scopes,
  /** Users can create API keys, which have scopes of `OAUTH_SCOPES`. */
  API_KEYS: z._default(z.enum(["on", "off"], "Set on or off."), "off"),
  COOKIE_SAMESITE: z._default(z.enum(["Lax", "Strict", "None"], "Set Lax, Strict or None."), "Lax"),
  JWT_SIGNING_KEYS: SigningKeys,
  /** The first pepper creates digests and tokens, all of them verify. */
  PEPPER: RotatedPeppers,
};

const Settings = z.object({ ...service, ...brand, ...passwords, ...captcha, ...recovery, ...senders, ...tokens }).check(
  z.refine(({ ISSUER, ALLOWED_ORIGINS }) => isLoopback(ISSUER) || !ALLOWED_ORIGINS.some(isLocalOrigin), {
    path: ["ALLOWED_ORIGINS"],
    error: "Set https for a local network, unless ISSUER is loopback.",
  }),
  z.refine(({ ISSUER, FACTOR_REMOVAL_DELAY_SECONDS: delay }) => isLoopback(ISSUER) || delay >= 3600, {
    path: ["FACTOR_REMOVAL_DELAY_SECONDS"],
    error: "Set at least 3600, unless ISSUER is loopback.",
  }),
  z.refine(({ ISSUER, RP_ID }) => !RP_ID || isRpId(RP_ID, ISSUER), {
    path: ["RP_ID"],
    error: "Set the host of ISSUER, or a domain above it that you own, such as example.com.",
  }),
  z.refine((settings) => !settings.OAUTH_RESOURCES.some((url) => isOwnAudience(url, settings)), {
    path: ["OAUTH_RESOURCES"],
    error:
      "Set your own APIs: not ISSUER or ACCESS_TOKEN_AUDIENCE, whose tokens are those of the users themselves, and no " +
      "endpoint below /oauth/ of ISSUER.",
  }),
  z.refine(({ TURNSTILE_SITE_KEY, TURNSTILE_SECRET_KEY }) => !TURNSTILE_SITE_KEY === !TURNSTILE_SECRET_KEY, {
    path: ["TURNSTILE_SITE_KEY"],
    error: "Set both TURNSTILE_SITE_KEY and TURNSTILE_SECRET_KEY, or neither.",
  }),
  z.refine(({ RESEND_API_KEY, MAIL_FROM }) => !RESEND_API_KEY || MAIL_FROM, {
    path: ["MAIL_FROM"],
    error: "Set the sender of mail, such as Example <auth@example.com>.",
  }),
  z.refine(({ TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN }) => !TWILIO_ACCOUNT_SID === !TWILIO_AUTH_TOKEN, {
    path: ["TWILIO_AUTH_TOKEN"],
    error: "Set both TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, or neither.",
  }),
  z.refine(({ API_KEYS, OAUTH_SCOPES }) => API_KEYS === "off" || OAUTH_SCOPES.length > 0, {
    path: ["API_KEYS"],
    error: "Set OAUTH_SCOPES too: they say what a key may do.",
  }),
  z.refine(({ TWILIO_ACCOUNT_SID, TWILIO_FROM }) => !TWILIO_ACCOUNT_SID || TWILIO_FROM, {
    path: ["TWILIO_FROM"],
    error: "Set the sender of text messages: a number in E.164, a name, or the SID of a messaging service.",
  }),
);

export type Config = z.infer<typeof Settings> & {
  RP_ID: string;
  SCRYPT_PARAMS: ScryptParams;
  HIBP: "on" | "off";
  /** The name of the secret with the first pepper. */
  pepperName: string;
  /** How many earlier peppers are still accepted. */
  earlierPeppers: number;
  /** When another pepper becomes the first one. Unix time in milliseconds. */
  validUntil: number;
};

/** The cheapest parameters in the table of OWASP ASVS 5.0 (appendix C, password hashing). */
const DEFAULT_SCRYPT: ScryptParams = { ln: 15, r: 8, p: 3 };

/** The message for a setting that is not text, such as a number in wrangler.toml. */
const refuseType: z.core.$ZodErrorMap = ({ code, expected, input }) =>
  code === "invalid_type"
    ? `Invalid input: expected ${expected}, received ${Array.isArray(input) ? "array" : typeof input}`
    : undefined;

/**
 * Parses the variables and secrets of the Worker. An empty value counts as not set. Only tests pass
 * `defaultScrypt`, to make hashing cheap.
 *
 * Errors: `misconfigured`. Its fields name each invalid setting and say how to fix it, without
 * values.
 */
export function parseConfig(env: object, defaultScrypt = DEFAULT_SCRYPT): Result<Config> {
  const given = Object.entries(env).filter(([, value]) => value !== "");
  const { ordered, earlier, nextAt } = orderPeppers(given, Date.now());
  const secrets: Record<string, [name: string, value: unknown][]> = {
    JWT_SIGNING_KEYS: given.filter(([name]) => SIGNING_KEYS_NAME.test(name)).sort(),
    PEPPER: ordered,
  };
  const settings = Object.fromEntries(given);
  for (const name in secrets) settings[name] = secrets[name]?.map(([, value]) => value);
  const parsed = Settings.safeParse(settings, { error: refuseType });
  if (!parsed.success) {
    const nameOf = ([name, index]: PropertyKey[]) => secrets[String(name)]?.[Number(index)]?.[0] ?? String(name);
    return err(
      "misconfigured",
      parsed.error.issues.map(({ path, message }) => ({
        path: nameOf(path),
        code: "invalid_setting" as const,
        message,
      })),
    );
  }

  const { ISSUER, RP_ID, SCRYPT_PARAMS = defaultScrypt, HIBP, SMS_COUNTRIES } = parsed.data;
  const isDevelopment = isLoopback(ISSUER);
  return ok({
    ...parsed.data,
    RP_ID: RP_ID ?? new URL(ISSUER).hostname,
    SCRYPT_PARAMS,
    // Development needs no network.
    HIBP: HIBP ?? (isDevelopment ? "off" : "on"),
    SMS_COUNTRIES: isDevelopment && SMS_COUNTRIES.length === 0 ? COUNTRIES : SMS_COUNTRIES,
    pepperName: ordered[0]![0],
    earlierPeppers: earlier,
    validUntil: nextAt,
  });
}
