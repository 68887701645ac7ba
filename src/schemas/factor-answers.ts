/** Answers about factors. Only the API reference uses them, so they are not in the bundle. */
import * as z from "zod/mini";
import type * as factors from "../contract/factors.ts";
import type * as webauthn from "../contract/webauthn.ts";
import type { ResponseFields } from "./contract-fields.ts";

export const TotpSetup = z.object({
  secret: z.string(),
  uri: z.string(),
  expires_in: z.int(),
} satisfies ResponseFields<factors.TotpSetup>);

export const CredentialDescriptor = z.object({
  id: z.string(),
  type: z.literal("public-key"),
  transports: z.array(z.string()),
} satisfies ResponseFields<webauthn.CredentialDescriptorJSON>);

export const AuthenticationOptions = z.object({
  challenge: z.string(),
  rpId: z.string(),
  timeout: z.int(),
  userVerification: z.enum(["required", "preferred"]),
  allowCredentials: z.array(CredentialDescriptor),
} satisfies ResponseFields<webauthn.AuthenticationOptionsJSON>);

const Need = z.enum(["required", "preferred"]);

export const RegistrationOptions = z.object({
  challenge: z.string(),
  rp: z.object({ id: z.string(), name: z.string() }),
  user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
  pubKeyCredParams: z.array(z.object({ type: z.literal("public-key"), alg: z.int() })),
  timeout: z.int(),
  attestation: z.literal("none"),
  authenticatorSelection: z.object({ residentKey: Need, userVerification: Need }),
  excludeCredentials: z.array(CredentialDescriptor),
  extensions: z.object({ credProps: z.boolean() }),
} satisfies ResponseFields<webauthn.RegistrationOptionsJSON>);
