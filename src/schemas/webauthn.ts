import * as z from "zod/mini";
import type * as contract from "../contract/webauthn.ts";
import type { RequestFields } from "./contract-fields.ts";
import { optional } from "./optional.ts";
import { line } from "./text.ts";

/** Base64url without padding (RFC 4648 §5). The unused bits of the last character are zero. */
const BASE64URL = /^(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?$/;

const base64url = (maxLength: number) =>
  z.string().check(z.minLength(1), z.maxLength(maxLength), z.regex(BASE64URL, "Must be base64url without padding."));

/** 1023 bytes (WebAuthn L3 §7.1) have 1364 characters. The verifier counts the bytes. */
const CredentialId = base64url(1366);
const ClientData = base64url(4096);
const MAX_TRANSPORTS = 16;

const credentialFields = { id: CredentialId, rawId: CredentialId, type: z.literal("public-key") };

/** What its owner calls a passkey. */
export const PasskeyName = line({ max: 60 });

/**
 * A new passkey, as the browser's `toJSON()` returns it. Members that are not listed are ignored:
 * browsers add some.
 */
export const RegistrationResponse = z.object({
  ...credentialFields,
  response: z.object({
    clientDataJSON: ClientData,
    attestationObject: base64url(8192),
    transports: optional(z.array(z.string().check(z.minLength(1), z.maxLength(32))).check(z.maxLength(MAX_TRANSPORTS))),
  } satisfies RequestFields<contract.RegistrationResponseJSON["response"]>),
  clientExtensionResults: optional(z.object({ credProps: optional(z.object({ rk: z.optional(z.boolean()) })) })),
} satisfies RequestFields<contract.RegistrationResponseJSON>);

/** A sign-in with a passkey, as the browser's `toJSON()` returns it. */
export const AuthenticationResponse = z.object({
  ...credentialFields,
  response: z.object({
    clientDataJSON: ClientData,
    authenticatorData: base64url(4096),
    signature: base64url(1024),
    // 64 bytes (§5.4.3).
    userHandle: optional(base64url(86)),
  } satisfies RequestFields<contract.AuthenticationResponseJSON["response"]>),
} satisfies RequestFields<contract.AuthenticationResponseJSON>);

/** A credential in a hidden field of a form, which the script of the page fills in as JSON. */
export const inField = <Schema extends z.ZodMiniType>(schema: Schema) =>
  z.pipe(z.pipe(z.string(), z.transform(parseJson)), schema);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
