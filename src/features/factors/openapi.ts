import * as z from "zod/mini";
import type * as contract from "../../contract/factors.ts";
import { OTP, PASSWORD, SIGNED_IN } from "../../http/examples.ts";
import { TOTP_SETUP } from "../../http/factor-examples.ts";
import type { Operation, Operations, Schemas } from "../../http/operation.ts";
import { CHANGES_FACTORS, NEEDS_PROOF } from "../../http/sentences.ts";
import { Tokens } from "../../schemas/answers.ts";
import type { ResponseFields } from "../../schemas/contract-fields.ts";
import { TotpSetup } from "../../schemas/factor-answers.ts";
import { CreateRecoveryCodes } from "./recovery-codes.ts";
import { ConfirmTotp, RemoveTotp, StartTotp } from "./totp.ts";

const Totp = z.object({ confirmed_at: z.iso.datetime() });

const Factors = z.object({
  password: z.boolean(),
  totp: z.nullable(Totp),
  passkeys: z.int(),
  identities: z.int(),
  recovery_codes_left: z.int(),
  removal_due_at: z.nullable(z.iso.datetime()),
} satisfies ResponseFields<contract.Factors>);

const recovery_codes = z.array(z.string());
const TokensAndCodes = z.object({ ...Tokens.shape, recovery_codes: z.optional(recovery_codes) });
const NewCodes = z.object({ ...Tokens.shape, recovery_codes });

export const schemas: Schemas = {
  Factors,
  TotpOfUser: Totp,
  TotpSetup,
  StartTotp,
  ConfirmTotp,
  RemoveTotp,
  CreateRecoveryCodes,
  ConfirmedTotp: TokensAndCodes,
  NewRecoveryCodes: NewCodes,
};

const CODES = [
  "0q8mz-4vk2d",
  "7h3ec-x91ta",
  "b5n0w-6rjy8",
  "2gdfq-kz47m",
  "v81sx-0ep3c",
  "m4y7t-9abw2",
  "cjr56-hq0kn",
  "8xz1d-tf5ge",
  "w30pk-2msv7",
  "e9a6b-n4yxq",
];

const removal: Operation = {
  id: "removeTotp",
  tag: "Second factors",
  summary: "Remove the authenticator app",
  description: `${NEEDS_PROOF} Removes the recovery codes too if no other second factor is left. ${CHANGES_FACTORS}`,
  bearer: true,
  body: RemoveTotp,
  bodyOptional: true,
  example: { password: PASSWORD },
  rateLimits: ["credentials"],
  answer: { status: 200, description: "The app was removed.", schema: Tokens, example: SIGNED_IN },
  errors: [
    "invalid_credentials",
    "reauthentication_required",
    "origin_not_allowed",
    "not_found",
    "factor_required",
    "too_many_attempts",
    "overloaded",
  ],
};

const keeping: Operation = {
  id: "cancelFactorRemoval",
  tag: "Second factors",
  summary: "Cancel the removal of the second factors",
  description:
    "An administrator who was told that the second factors are lost has asked to remove them; `removal_due_at` of `GET /users/me/factors` says when. The session must have been authenticated with two factors (`acr` is `aal2`). A sign-in or re-authentication by a second factor cancels the removal by itself.",
  bearer: true,
  answer: { status: 204, description: "The removal was canceled." },
  errors: ["reauthentication_required", "not_found"],
};

export const operations: Operations = {
  "GET /users/me/factors": {
    id: "getFactors",
    tag: "Second factors",
    summary: "Get what the account signs in with",
    description: "A second factor is required at sign-in as soon as the account has an authenticator app or a passkey.",
    bearer: true,
    answer: {
      status: 200,
      description: "The factors of the account.",
      schema: Factors,
      example: {
        password: true,
        totp: { confirmed_at: "2026-11-20T17:05:12.000Z" },
        passkeys: 0,
        identities: 0,
        recovery_codes_left: 10,
        removal_due_at: null,
      },
    },
  },
  "DELETE /users/me/factor-removal": keeping,
  "POST /users/me/factor-removal/delete": {
    ...keeping,
    id: "cancelFactorRemovalByPost",
    summary: `${keeping.summary} (without DELETE)`,
  },
  "POST /users/me/totp": {
    id: "startTotp",
    tag: "Second factors",
    summary: "Add an authenticator app",
    description: `Creates a secret to show as a QR code. It is used only after \`POST /users/me/totp/confirm\`, within ten minutes, and replaces one that was not confirmed. ${NEEDS_PROOF}`,
    bearer: true,
    body: StartTotp,
    bodyOptional: true,
    example: { password: PASSWORD },
    rateLimits: ["credentials"],
    answer: {
      status: 200,
      description: "The secret of the app.",
      schema: TotpSetup,
      example: TOTP_SETUP,
    },
    errors: ["invalid_credentials", "reauthentication_required", "totp_exists", "too_many_attempts", "overloaded"],
  },
  "POST /users/me/totp/confirm": {
    id: "confirmTotp",
    tag: "Second factors",
    summary: "Confirm the authenticator app",
    description: `Takes a code of the new app. From now on every sign-in needs the second factor. If the account has no recovery codes, the response has a set, which is not shown again. ${CHANGES_FACTORS}`,
    bearer: true,
    body: ConfirmTotp,
    example: { code: OTP },
    rateLimits: ["credentials"],
    answer: {
      status: 200,
      description: "The app was added.",
      schema: TokensAndCodes,
      example: { ...SIGNED_IN, recovery_codes: CODES },
    },
    errors: ["invalid_code", "reauthentication_required", "origin_not_allowed"],
  },
  "DELETE /users/me/totp": removal,
  "POST /users/me/totp/delete": { ...removal, id: "removeTotpByPost", summary: `${removal.summary} (without DELETE)` },
  "POST /users/me/recovery-codes": {
    id: "createRecoveryCodes",
    tag: "Second factors",
    summary: "Create new recovery codes",
    description: `Each code replaces the second factor once. The earlier codes are void. ${NEEDS_PROOF} ${CHANGES_FACTORS}`,
    bearer: true,
    body: CreateRecoveryCodes,
    bodyOptional: true,
    example: { password: PASSWORD },
    rateLimits: ["credentials"],
    answer: {
      status: 200,
      description: "The new codes. They are not shown again.",
      schema: NewCodes,
      example: { ...SIGNED_IN, recovery_codes: CODES },
    },
    errors: [
      "invalid_credentials",
      "reauthentication_required",
      "origin_not_allowed",
      "not_found",
      "too_many_attempts",
      "overloaded",
    ],
  },
};
