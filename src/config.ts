import { isSupportedCountry } from "libphonenumber-js/min";
import * as z from "zod";
import { SIGNING_ALGORITHMS, type SigningJwk } from "./crypto/keys.ts";
import { isStrongEnough, parseParams, type ScryptParams } from "./crypto/password.ts";
import { err, ok, type Result } from "./result.ts";

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/** Whether this address is a developer's own machine. */
export const isLoopback = (address: string): boolean => LOOPBACK.includes(URL.parse(address)?.hostname ?? "");

const isSecureOrigin = (text: string): boolean =>
  URL.parse(text)?.origin === text && (text.startsWith("https:") || isLoopback(text));

function isSecureUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && isSecureOrigin(url.origin) && url.href === url.origin + url.pathname;
}

const isLogo = (text: string) => /^data:image\/[\w.+-]+[;,]/.test(text) || isSecureUrl(text);

/** What a cookie may live at most (RFC 6265bis §5.5), and longer than any of these should. */
const MAX_SECONDS = 34_560_000;

const seconds = (fallback: number, least = 1, most = MAX_SECONDS) =>
  z.coerce
    .number("Set a whole number of seconds.")
    .int("Set a whole number of seconds.")
    .min(least, `Set at least ${least}.`)
    .max(most, `Set at most ${most}.`)
    .default(fallback);

const count = (fallback: number) =>
  z.coerce.number("Set a number.").int("Set a whole number.").min(0).default(fallback);

const Origin = z
  .string("Set the origin of this service, such as https://auth.example.com.")
  .refine(isSecureOrigin, "Set an origin such as https://app.example.com: no path, and https unless it is loopback.");

/** As strong as the cheapest parameters that OWASP recommends. */
const DEFAULT_SCRYPT: ScryptParams = { ln: 14, r: 8, p: 5 };

const Scrypt = z.string().transform((text, context) => {
  const params = parseParams(text);
  if (params && isStrongEnough(params)) return params;
  context.addIssue("Set scrypt parameters such as ln=14,r=8,p=5: not weaker than these, and at most 64 MiB.");
  return z.NEVER;
});

const NO_KEYS =
  "Set a private JWK set whose keys have a kid of their own and an alg; `npm run --silent secrets` makes one.";
const Jwk = z.looseObject({ kid: z.string().min(1), alg: z.enum(SIGNING_ALGORITHMS) });
const KeySet = z
  .object({ keys: z.tuple([Jwk.extend({ d: z.string() })], Jwk) })
  .refine(({ keys }) => new Set(keys.map(({ kid }) => kid)).size === keys.length);

/** The first key needs its private half, which signs; a retired one verifies without. */
const SigningKeys = z.string(NO_KEYS).transform((text, context) => {
  const set = KeySet.safeParse(parseJson(text));
  if (set.success) return set.data.keys as [SigningJwk, ...SigningJwk[]];
  context.addIssue(NO_KEYS);
  return z.NEVER;
});

const NO_PEPPER =
  "Set 32 random bytes in base64url, or several such, separated by commas; `npm run --silent secrets` makes them.";

/** A key goes there with each call. */
const BaseUrl = z
  .string()
  .refine(isSecureUrl, "Set the address of the provider's API, https unless it is loopback, or nothing.");

const Pepper = z.string(NO_PEPPER).regex(/^[\w-]{43}$/, NO_PEPPER);

/** Every variable and secret; a message says how to mend it. `.dev.vars.example` explains each. */
const Settings = z
  .object({
    ISSUER: Origin,
    ALLOWED_ORIGINS: z
      .string()
      .default("")
      .transform((text) => text.split(",").map((item) => item.trim()))
      .transform((items) => items.filter((item) => item !== ""))
      .pipe(z.array(Origin)),
    ACCESS_TOKEN_AUDIENCE: z.string().optional(),
    ACCESS_TOKEN_TTL_SECONDS: seconds(900),
    REFRESH_TOKEN_TTL_SECONDS: seconds(604_800),
    SESSION_MAX_AGE_SECONDS: seconds(2_592_000),
    REFRESH_REUSE_WINDOW_SECONDS: seconds(30, 0, 300),
    REAUTHENTICATION_SECONDS: seconds(300, 0, 86_400),
    AUDIT_RETENTION_SECONDS: seconds(7_776_000),
    COOKIE_SAMESITE: z.enum(["Lax", "Strict", "None"], "Set Lax, Strict or None.").default("Lax"),
    DEFAULT_COUNTRY: z.string().refine(isSupportedCountry, "Set an ISO 3166 country code such as DE.").optional(),
    SCRYPT_PARAMS: Scrypt.optional(),
    SCRYPT_ENGINE: z.enum(["noble", "node"], "Set noble or node.").default("noble"),
    HIBP: z.enum(["on", "off"], "Set on or off.").default("off"),
    HIBP_BASE_URL: BaseUrl.optional(),
    TURNSTILE_SECRET_KEY: z.string().optional(),
    TURNSTILE_BASE_URL: BaseUrl.optional(),
    JWT_SIGNING_KEYS: SigningKeys,
    /** The first makes codes' hashes, all check them. */
    PEPPER: z
      .string(NO_PEPPER)
      .transform((text) => text.split(","))
      .pipe(z.tuple([Pepper], Pepper)),
    FRONTEND_URL: z
      .string()
      .refine(
        isSecureUrl,
        "Set an address such as https://app.example.com/auth: https unless it is loopback, no query.",
      )
      .optional(),
    BRAND_NAME: z.string().max(60, "Set at most 60 characters.").optional(),
    BRAND_COLOR: z
      .string()
      .regex(/^#[\da-f]{6}$/i, "Set a colour such as #1a56db.")
      .optional(),
    BRAND_LOGO_URL: z.string().refine(isLogo, "Set an https address, or a data: URL of an image.").optional(),
    RESET_TOKEN_TTL_SECONDS: seconds(1800, 60, 86_400),
    OTP_TTL_SECONDS: seconds(300, 60, 600),
    OTP_RESEND_COOLDOWN_SECONDS: seconds(30, 0, 3600),
    REQUIRE_VERIFICATION: z
      .enum(["true", "false"], "Set true or false.")
      .default("false")
      .transform((text) => text === "true"),
    SMS_PER_DAY: count(1000),
    SMS_PER_COUNTRY_AND_DAY: count(500),
    RESEND_API_KEY: z.string().optional(),
    RESEND_BASE_URL: BaseUrl.optional(),
    MAIL_FROM: z.string().optional(),
    TWILIO_ACCOUNT_SID: z.string().optional(),
    TWILIO_AUTH_TOKEN: z.string().optional(),
    TWILIO_FROM: z.string().optional(),
    TWILIO_BASE_URL: BaseUrl.optional(),
  })
  .refine(({ RESEND_API_KEY, MAIL_FROM }) => !RESEND_API_KEY || MAIL_FROM, {
    path: ["MAIL_FROM"],
    error: "Set the sender of mail, such as Example <auth@example.com>.",
  })
  .refine(({ TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN }) => !TWILIO_ACCOUNT_SID === !TWILIO_AUTH_TOKEN, {
    path: ["TWILIO_AUTH_TOKEN"],
    error: "Set both TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, or neither.",
  })
  .refine(({ TWILIO_ACCOUNT_SID, TWILIO_FROM }) => !TWILIO_ACCOUNT_SID || TWILIO_FROM, {
    path: ["TWILIO_FROM"],
    error: "Set the sender of texts: a number of yours in E.164, a name, or the SID of a messaging service.",
  });

export type Config = z.infer<typeof Settings> & { SCRYPT_PARAMS: ScryptParams };

/** Parses the Worker's variables and secrets; an empty one counts as not set. `misconfigured` names each setting at
 *  fault with what to do, and never shows a value. Only tests pass `defaultScrypt`, to hash cheaply. */
export function parseConfig(env: object, defaultScrypt = DEFAULT_SCRYPT): Result<Config> {
  const given = Object.entries(env).filter(([, value]) => value !== "");
  const parsed = Settings.safeParse(Object.fromEntries(given));
  if (parsed.success) return ok({ ...parsed.data, SCRYPT_PARAMS: parsed.data.SCRYPT_PARAMS ?? defaultScrypt });

  return err(
    "misconfigured",
    parsed.error.issues.map(({ path, message }) => ({ path: String(path[0]), message })),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
