/** The setting `IDENTITY_PROVIDERS`: a JSON list with one entry for each identity provider. */
import * as z from "zod/mini";
import { nodeCrypto } from "../crypto/node-crypto.ts";
import type { IdentityProvider } from "../identity-providers/provider.ts";
import { isSecureUrl } from "./urls.ts";
import { parseJson } from "./values.ts";

const PRESETS = {
  google: { name: "Google", issuer: "https://accounts.google.com" },
  github: { name: "GitHub", issuer: "https://github.com" },
  microsoft: { name: "Microsoft", issuer: "https://login.microsoftonline.com/common/v2.0" },
  apple: { name: "Apple", issuer: "https://appleid.apple.com" },
};
type Preset = keyof typeof PRESETS;
const PRESET_NAMES = Object.keys(PRESETS) as Preset[];

/** Apple has no `profile`. GitHub's API lists addresses with `user:email`. */
const SCOPES: Partial<Record<Preset, string[]>> = { apple: ["name", "email"], github: ["read:user", "user:email"] };
const DEFAULT_SCOPES = ["openid", "email", "profile"];

const text = z.string().check(z.minLength(1));

/** One entry. Its issues become messages that name the field. */
const Entry = z.strictObject({
  id: z.optional(z.string().check(z.regex(/^[a-z\d-]{1,32}$/))),
  preset: z.optional(z.enum(PRESET_NAMES as [Preset, ...Preset[]])),
  issuer: z.optional(z.string().check(z.refine(isSecureUrl))),
  name: z.optional(text.check(z.maxLength(60))),
  client_id: text,
  client_secret: z.optional(text),
  scopes: z.optional(z.array(z.string().check(z.regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/))).check(z.minLength(1))),
  tenant: z.optional(z.string().check(z.regex(/^[a-z\d][a-z\d.-]*$/))),
  team_id: z.optional(text),
  key_id: z.optional(text),
  private_key: z.optional(z.pipe(text, z.transform(toPrivateJwk))),
});
type Entry = z.infer<typeof Entry>;

/** The expected form of each field. No value is shown: it may be a secret in the wrong place. */
const REMEDIES: Record<keyof Entry, string> = {
  id: "1 to 32 lower-case letters, digits and hyphens, once in the list",
  preset: `${PRESET_NAMES.join(", ")}, or instead set issuer`,
  issuer: "the https URL before /.well-known/openid-configuration",
  name: "1 to 60 characters",
  client_id: "the client id from the provider",
  client_secret: "the secret from the provider, or for apple private_key instead",
  scopes: 'a list such as ["openid","email"], with openid',
  tenant: "the id or domain of a tenant, only for microsoft and without issuer",
  team_id: "your team id, only for apple",
  key_id: "the id of the key, only for apple",
  private_key: "the text of the .p8 file, only for apple",
};

const NO_LIST = 'Set a JSON list such as [{"preset":"google","client_id":"…","client_secret":"…"}].';

/** Identity providers. A message names each wrong field of an entry, and its remedy. */
export const IdentityProviders = z.pipe(
  z._default(z.string(), "[]"),
  z.transform((json, { issues }): IdentityProvider[] => {
    const refuse = (message: string) => issues.push({ code: "custom", input: json, message });
    const entries = z.array(z.unknown()).safeParse(parseJson(json));
    if (!entries.success) refuse(NO_LIST);
    const providers = new Map<string, IdentityProvider>();
    for (const [n, given] of (entries.data ?? []).entries()) {
      const entry = Entry.safeParse(given);
      const provider = entry.success ? toProvider(entry.data) : undefined;
      const wrong = entry.success ? wrongFields(entry.data) : entry.error.issues.map(({ path }) => path[0]);
      if (provider && providers.has(provider.id)) wrong.push("id");
      for (const field of wrong) refuse(remedyFor(field, n + 1));
      if (provider) providers.set(provider.id, provider);
    }
    return [...providers.values()];
  }),
);

function remedyFor(field: PropertyKey | undefined, n: number): string {
  const remedy = REMEDIES[field as keyof Entry];
  const known = Object.keys(REMEDIES).join(", ");
  return remedy ? `Set ${String(field)} in entry ${n}: ${remedy}.` : `Set only ${known} in entry ${n}.`;
}

/** Returns the fields that are missing, or do not fit the preset. */
function wrongFields({ preset, ...entry }: Entry): PropertyKey[] {
  const isApple = preset === "apple";
  const isOAuthOnly = isApple || preset === "github";
  const fits = {
    preset: preset ?? entry.issuer,
    id: entry.id ?? preset,
    client_secret: isApple === !entry.client_secret,
    team_id: isApple === Boolean(entry.team_id),
    key_id: isApple === Boolean(entry.key_id),
    private_key: isApple === Boolean(entry.private_key),
    tenant: !entry.tenant || (preset === "microsoft" && !entry.issuer),
    scopes: isOAuthOnly || (entry.scopes ?? DEFAULT_SCOPES).includes("openid"),
  };
  return Object.entries(fits).flatMap(([field, isRight]) => (isRight ? [] : [field]));
}

function toProvider({ preset, tenant = "common", ...entry }: Entry): IdentityProvider {
  const known = preset && PRESETS[preset];
  const issuer = entry.issuer ?? known?.issuer.replace("common", tenant) ?? "";
  const { id = preset ?? "", team_id: teamId = "", key_id: keyId = "", private_key: privateKey } = entry;
  return {
    id,
    name: entry.name ?? known?.name ?? id,
    kind: preset ?? "oidc",
    // GitHub has no discovery: its endpoints are paths below this.
    issuer: preset === "github" ? issuer.replace(/\/$/, "") : issuer,
    clientId: entry.client_id,
    credential: privateKey ? { teamId, keyId, privateKey } : { clientSecret: entry.client_secret ?? "" },
    scopes: entry.scopes ?? (preset && SCOPES[preset]) ?? DEFAULT_SCOPES,
    // Apple requires it with any scope.
    callbackMethod: preset === "apple" ? "POST" : "GET",
  };
}

/** Converts a private key on P-256 in PEM (PKCS #8). Line breaks may be missing or escaped. */
function toPrivateJwk(pem: string, { issues }: z.core.ParsePayload) {
  const base64 = pem.replace(/-----[A-Z ]+-----|\\n|\s/g, "");
  try {
    const key = nodeCrypto().createPrivateKey({ key: Buffer.from(base64, "base64"), format: "der", type: "pkcs8" });
    const { kty, crv, x, y, d } = key.export({ format: "jwk" });
    if (kty === "EC" && crv === "P-256" && x && y && d) return { kty, crv, x, y, d };
  } catch {
    // Not logged: the error may quote the key.
  }
  issues.push({ code: "custom", input: pem, message: "Not a private key on P-256." });
  return z.NEVER;
}
