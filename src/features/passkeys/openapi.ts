import * as z from "zod/mini";
import type * as contract from "../../contract/webauthn.ts";
import { PASSWORD, SIGNED_IN } from "../../http/examples.ts";
import {
  CREATION_OPTIONS,
  NEW_CREDENTIAL,
  PASSKEY_ID,
  RECOVERY_CODES,
  USER_HANDLE,
} from "../../http/factor-examples.ts";
import type { Operation, Operations, Schemas } from "../../http/operation.ts";
import { CHANGES_FACTORS, NEEDS_PROOF } from "../../http/sentences.ts";
import { Tokens } from "../../schemas/answers.ts";
import type { ResponseFields } from "../../schemas/contract-fields.ts";
import { CredentialDescriptor, RegistrationOptions } from "../../schemas/factor-answers.ts";
import { RegistrationResponse } from "../../schemas/webauthn.ts";
import { AddPasskey, PasskeyOptions, RemovePasskey, RenamePasskey } from "./passkeys.ts";

const Passkey = z.object({
  id: z.string(),
  name: z.string(),
  created_at: z.iso.datetime(),
  last_used_at: z.nullable(z.iso.datetime()),
  backed_up: z.boolean(),
} satisfies ResponseFields<contract.Passkey>);

const PasskeyList = z.object({
  passkeys: z.array(Passkey),
  rp_id: z.string(),
  user_handle: z.string(),
} satisfies ResponseFields<contract.PasskeyList>);

const AddedPasskey = z.object({
  passkey: Passkey,
  ...Tokens.shape,
  recovery_codes: z.optional(z.array(z.string())),
});

export const schemas: Schemas = {
  RegistrationResponse,
  RegistrationOptions,
  CredentialDescriptor,
  Passkey,
  PasskeyList,
  PasskeyOptions,
  AddPasskey,
  AddedPasskey,
  RenamePasskey,
  RemovePasskey,
};

const PASSKEY = {
  id: PASSKEY_ID,
  name: "iCloud Keychain",
  created_at: "2026-11-20T17:05:12.000Z",
  last_used_at: null,
  backed_up: true,
};

const removal: Operation = {
  id: "removePasskey",
  tag: "Passkeys",
  summary: "Remove a passkey",
  description: `${NEEDS_PROOF} Removes the recovery codes too if no other second factor is left. ${CHANGES_FACTORS}`,
  bearer: true,
  params: { id: { description: "The id of the passkey.", example: PASSKEY_ID } },
  body: RemovePasskey,
  bodyOptional: true,
  example: { password: PASSWORD },
  rateLimits: ["credentials"],
  answer: { status: 200, description: "The passkey was removed.", schema: Tokens, example: SIGNED_IN },
  errors: [
    "invalid_credentials",
    "reauthentication_required",
    "origin_not_allowed",
    "not_found",
    "last_credential",
    "factor_required",
    "too_many_attempts",
    "overloaded",
  ],
};

export const operations: Operations = {
  "GET /users/me/passkeys": {
    id: "listPasskeys",
    tag: "Passkeys",
    summary: "List the passkeys",
    description: "Lists the passkeys of the account, oldest first.",
    bearer: true,
    answer: {
      status: 200,
      description: "The passkeys.",
      schema: PasskeyList,
      example: { passkeys: [PASSKEY], rp_id: "auth.example.com", user_handle: USER_HANDLE },
    },
  },
  "POST /users/me/passkeys/options": {
    id: "getNewPasskeyOptions",
    tag: "Passkeys",
    summary: "Get the options for a new passkey",
    description: `For \`navigator.credentials.create()\`. They expire after five minutes, and with this session. ${NEEDS_PROOF}`,
    bearer: true,
    body: PasskeyOptions,
    bodyOptional: true,
    example: { password: PASSWORD },
    rateLimits: ["credentials"],
    answer: {
      status: 200,
      description: "The options.",
      schema: RegistrationOptions,
      example: CREATION_OPTIONS,
    },
    errors: [
      "not_found",
      "invalid_credentials",
      "reauthentication_required",
      "passkey_exists",
      "too_many_attempts",
      "overloaded",
    ],
  },
  "POST /users/me/passkeys": {
    id: "addPasskey",
    tag: "Passkeys",
    summary: "Add a passkey",
    description: `Takes the response of the authenticator, as \`toJSON()\` of the credential returns it. Attestation is not requested. From now on a password alone no longer signs the user in. If the account has no recovery codes, the response has a set, which is not shown again. ${CHANGES_FACTORS}`,
    bearer: true,
    body: AddPasskey,
    rateLimits: ["credentials"],
    example: { credential: NEW_CREDENTIAL, name: "My phone" },
    answer: {
      status: 201,
      description: "The passkey was added.",
      schema: AddedPasskey,
      example: { passkey: PASSKEY, ...SIGNED_IN, recovery_codes: RECOVERY_CODES },
    },
    errors: ["not_found", "invalid_passkey", "passkey_exists", "origin_not_allowed"],
  },
  "PATCH /users/me/passkeys/{id}": {
    id: "renamePasskey",
    tag: "Passkeys",
    summary: "Rename a passkey",
    description: "Changes the name that the owner sees.",
    bearer: true,
    params: { id: { description: "The id of the passkey.", example: PASSKEY_ID } },
    body: RenamePasskey,
    rateLimits: ["credentials"],
    example: { name: "My phone" },
    answer: { status: 200, description: "The passkey.", schema: Passkey, example: { ...PASSKEY, name: "My phone" } },
    errors: ["not_found"],
  },
  "DELETE /users/me/passkeys/{id}": removal,
  "POST /users/me/passkeys/{id}/delete": {
    ...removal,
    id: "removePasskeyByPost",
    summary: `${removal.summary} (without DELETE)`,
  },
};
