/**
 * Schemas of single values, shared by the settings in `config.ts`.
 *
 * A variable of a Worker is text. Each schema parses it, and its message begins with "Set": it says
 * how to fix the setting and never contains the value, which may be a secret.
 */
import * as z from "zod/mini";
import type { LoginMethod } from "../contract/factors.ts";
import { SIGNING_ALGORITHMS, type SigningJwk } from "../crypto/keys.ts";
import { isStrongEnough, parseParams } from "../crypto/password.ts";
import type { SigningSecrets } from "../crypto/signed-values.ts";
import { brandColors } from "./brand-color.ts";
import { COUNTRIES } from "./countries.ts";
import { isOriginEntry } from "./origins.ts";
import { isHost, isImageUrl, isSecureOrigin, isSecureUrl } from "./urls.ts";

/** 400 days, the longest lifetime of a cookie (RFC 6265bis §5.5). */
const MAX_SECONDS = 34_560_000;

export const DEFAULT_ACCESS_TOKEN_TTL_SECONDS = 900;

/** A duration in seconds, at least `min` and at most `max`. */
export const seconds = (fallback: number, min = 1, max = MAX_SECONDS) =>
  wholeNumber("Set a whole number of seconds.", { fallback, min, max });

/** A number of things, 0 or more. */
export const count = (fallback: number, max = Number.MAX_SAFE_INTEGER) =>
  wholeNumber("Set a whole number.", { fallback, min: 0, max });

const wholeNumber = (message: string, { fallback, min, max }: Record<"fallback" | "min" | "max", number>) =>
  z._default(
    z.pipe(
      z.transform(Number),
      z.int(message).check(z.minimum(min, `Set at least ${min}.`), z.maximum(max, `Set at most ${max}.`)),
    ),
    fallback,
  );

/** An origin without a path, with https unless it is loopback. */
export const Origin = z
  .string("Set the origin of this service, such as https://auth.example.com.")
  .check(
    z.refine(
      isSecureOrigin,
      "Set an origin such as https://auth.example.com: no path, and https unless it is loopback.",
    ),
  );

/** Items, separated by commas. */
const listOr = (fallback: string) =>
  z.pipe(
    z._default(z.string(), fallback),
    z.transform((text) =>
      text
        .split(",")
        .map((item) => item.trim())
        .filter((item) => item !== ""),
    ),
  );
export const list = listOr("");

const NO_ORIGINS =
  "Set origins such as https://app.example.com, https://*.example.com (a domain of your own) or capacitor://localhost: " +
  "no path, and https unless it is loopback or a local network.";

/** Text with a scheme, or a star. Anything else may be a secret in the wrong setting. */
const ADDRESS = /^(\*|[a-z][a-z\d+.-]*:\/\/[\p{L}\d_.:/*+-]{0,100})$/iu;

/** Origins, separated by commas. The message names each entry that is not one, and its remedy. */
export const Origins = z.pipe(
  list,
  z.transform((entries, { issues }) => {
    for (const [n, entry] of entries.entries()) {
      if (isOriginEntry(entry)) continue;
      const isPublic = ADDRESS.test(entry);
      const origin = (isPublic && URL.parse(entry)?.origin) || "";
      const remedy = isOriginEntry(origin) ? ` Set ${origin}.` : "";
      const message = `${NO_ORIGINS} ${isPublic ? entry : `Entry ${n + 1}`} is not accepted.${remedy}`;
      issues.push({ code: "custom", input: entries, message });
    }
    return entries;
  }),
);

const NO_SECRET = "Set 32 random characters or more, without spaces, or several values separated by commas.";

/** Shared secrets, separated by commas. */
export const Secrets = z.pipe(list, z.array(z.string().check(z.regex(/^[\x21-\x7e]{32,}$/, NO_SECRET))));

/** Hosts with an optional port, separated by commas, as URLs of requests have them. */
export const Hosts = z.pipe(
  list,
  z.array(z.string().check(z.refine(isHost, "Set hosts such as auth.internal or 192.168.1.5:8787, in lower case."))),
);

/** Checks of another service, each of which may not answer. */
export const Checks = z.pipe(
  list,
  z.array(
    z.enum(
      ["captcha", "breaches", "rate_limits"],
      "Set any of captcha, breaches and rate_limits, separated by commas.",
    ),
  ),
);

const ROLES = /^required-for-roles:([a-z][a-z0-9:_.-]{0,63}(?:,[a-z][a-z0-9:_.-]{0,63})*)$/;
const NO_POLICY = "Set optional, required, or required-for-roles: and roles such as admin,support.";

/** The roles whose accounts need a second factor, or whether all accounts do. */
export const MfaPolicy = z.pipe(
  z._default(z.string(), "optional"),
  z.transform((text, { issues }): boolean | string[] => {
    if (text === "required" || text === "optional") return text === "required";
    const [, roles] = ROLES.exec(text) ?? [];
    if (!roles) issues.push({ code: "custom", input: text, message: NO_POLICY });
    return roles?.split(",") ?? false;
  }),
);
const LOGIN_METHODS = ["password", "passkey", "email_code", "phone_code"] as const satisfies LoginMethod[];
const NO_METHOD = "Set any of password, passkey, email_code and phone_code, separated by commas.";

/** Ways to sign in, at least one. */
export const LoginMethods = z.pipe(
  listOr("password,passkey,email_code"),
  z.array(z.enum(LOGIN_METHODS, NO_METHOD)).check(z.minLength(1, NO_METHOD)),
);

/** Countries (ISO 3166), separated by commas. */
export const Countries = z.pipe(list, z.array(z.enum(COUNTRIES, "Set ISO 3166 country codes such as DE,FR.")));

/** The URL of a page, with an optional path and no query. */
export const PageUrl = z
  .string()
  .check(
    z.refine(isSecureUrl, "Set a URL such as https://app.example.com/auth: https unless it is loopback, and no query."),
  );

/** The base URL of a provider's API. It must be https, because requests carry an API key. */
export const BaseUrl = z
  .string()
  .check(z.refine(isSecureUrl, "Set the base URL of the provider's API, https unless it is loopback, or nothing."));

/** The URL of an image, https or data. */
export const Logo = z.string().check(z.refine(isImageUrl, "Set an https URL, or a data: URL of an image."));

/** An email address, optionally with a name. */
export const Mailbox = z
  .string()
  .check(z.regex(/^([^<>]*<)?[^\s<>@]+@[^\s<>@]+>?$/, "Set an email address, such as Example <auth@example.com>."));

const NO_SCRYPT = "Set scrypt parameters such as ln=15,r=8,p=3: not weaker than ln=14,r=8,p=5, and at most 64 MiB.";

/** The parameters of scrypt. */
export const Scrypt = z.pipe(
  z.string(),
  z.transform((text, { issues }) => {
    const params = parseParams(text);
    if (params && isStrongEnough(params)) return params;
    issues.push({ code: "custom", input: text, message: NO_SCRYPT });
    return z.NEVER;
  }),
);

/** The names of the secrets with signing keys. A rotation adds one, with the `nbf` of its key. */
export const SIGNING_KEYS_NAME = /^JWT_SIGNING_KEYS(?:_(\d+))?$/;

const NO_KEYS =
  "Set a private JWK set whose keys each have a unique kid and an alg. `npm run --silent secrets` creates one.";
const Jwk = z.looseObject({
  kid: z.string().check(z.minLength(1)),
  alg: z.enum(SIGNING_ALGORITHMS),
  nbf: z.optional(z.int().check(z.nonnegative())),
});
const KeySet = z.object({ keys: z.tuple([z.extend(Jwk, { d: z.string() })], Jwk) });

/** A JWK set. Its first key is private. */
const SigningKeySet = z.pipe(
  z.string(NO_KEYS),
  z.transform((text, { issues }) => {
    const set = KeySet.safeParse(parseJson(text));
    if (set.success) return set.data.keys as SigningJwk[];
    issues.push({ code: "custom", input: text, message: NO_KEYS });
    return z.NEVER;
  }),
);

/** JWK sets, merged into one. */
export const SigningKeys = z
  .pipe(
    z.array(SigningKeySet).check(z.minLength(1, NO_KEYS)),
    z.transform((sets) => sets.flat()),
  )
  .check(z.refine((keys) => new Set(keys.map(({ kid }) => kid)).size === keys.length, NO_KEYS));

/** The names of the secrets with peppers. A rotation adds one, with the time of its first use. */
export const PEPPER_NAME = /^PEPPER(?:_(\d{10}))?$/;

const NO_PEPPER =
  "Set 32 random bytes in base64url, or several values separated by commas. `npm run --silent secrets` creates one.";
const Pepper = z.string(NO_PEPPER).check(z.regex(/^[\w-]{43}$/, NO_PEPPER));

/** Peppers of 32 bytes in base64url, separated by commas. */
export const Peppers = z.pipe(
  z.pipe(
    z.string(NO_PEPPER),
    z.transform((text) => text.split(",")),
  ),
  z.tuple([Pepper], Pepper),
);

/** The peppers of several secrets, as one list. */
export const RotatedPeppers = z.pipe(
  z.array(Peppers).check(z.minLength(1, NO_PEPPER)),
  z.transform((lists) => lists.flat() as SigningSecrets),
);

/** Parses JSON. Returns undefined if it is malformed. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The color of the brand, with what follows from it. */
export const Color = z.pipe(
  z._default(z.string().check(z.regex(/^#[\da-f]{6}$/i, "Set a color such as #1a56db.")), "#1d4ed8"),
  z.transform(brandColors),
);
