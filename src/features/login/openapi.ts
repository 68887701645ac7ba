import * as z from "zod/mini";
import type { ErrorCode } from "../../errors.ts";
import { JANE, OTP, PASSWORD, SIGNED_IN } from "../../http/examples.ts";
import {
  CREATION_OPTIONS,
  NEW_CREDENTIAL,
  PASSKEY_ID,
  RECOVERY_CODES,
  TOTP_SETUP,
} from "../../http/factor-examples.ts";
import type { Operations, Schemas } from "../../http/operation.ts";
import { Tokens } from "../../schemas/answers.ts";
import { AuthenticationOptions, RegistrationOptions, TotpSetup } from "../../schemas/factor-answers.ts";
import { ConfirmTotpEnrollment, Enroll, EnrollPasskey } from "./enrollment.ts";
import { Login, LoginForm } from "./login.ts";
import { ProveSecondFactor, SecondFactorOptions } from "./second-factor.ts";

/** The dispatch by `grant_type` is in `src/entrypoints/token.ts`. */
const PasswordGrant = z.looseObject({ grant_type: z.optional(z.literal("password")), ...LoginForm.shape });

const TokensAndCodes = z.object({ ...Tokens.shape, recovery_codes: z.array(z.string()) });

export const schemas: Schemas = {
  Login,
  LoginForm: PasswordGrant,
  ProveSecondFactor,
  SecondFactorOptions,
  Enroll,
  ConfirmTotpEnrollment,
  EnrollPasskey,
  EnrolledFactor: TokensAndCodes,
};

const NEEDS_ENROLLMENT =
  "Takes the `login_token` of a sign-in that was answered with `enrollment_required`: the setting `MFA_POLICY` requires a second factor of this account. The token is valid for ten minutes, and adds a factor once.";
const OPENS_SESSION =
  "Adds the factor and opens the session, or does neither. Other sessions of the user end. The response has recovery codes, which are not shown again. A notice goes to the owner.";
const LOGIN_TOKEN = "v1.login.signature";
const ENROLLMENT_ERRORS: ErrorCode[] = [
  "invalid_login_token",
  "account_disabled",
  "verification_required",
  "origin_not_allowed",
  "too_many_attempts",
];
const ENROLLED = { ...SIGNED_IN, recovery_codes: RECOVERY_CODES };

export const operations: Operations = {
  "POST /auth/login": {
    id: "login",
    tag: "Sign in",
    summary: "Sign in",
    description:
      "Accepts exactly one of `identifier`, `email`, `phone` and `username`, or the password form of OAuth 2.0 (RFC 6749 §4.3.2), whose `username` may be any identifier. A form may have more parameters, which are ignored, and gets RFC 6749 errors. With the `grant_type` `refresh_token` it is a refresh. With `transport` set to `cookie`, the response sets the refresh token as the cookie `__Host-refresh_token` instead of including it in the body; this requires an allowed `Origin`. If the service uses a captcha, sign-ins after three failures need a `turnstile_token` of Turnstile's widget with the action `login`.",
    body: Login,
    form: PasswordGrant,
    rateLimits: ["credentials"],
    example: { identifier: JANE.email, password: PASSWORD },
    formExample: { grant_type: "password", username: JANE.email, password: PASSWORD },
    answer: {
      status: 200,
      description: "The tokens of the new session. Lifetimes are in seconds.",
      schema: Tokens,
      example: SIGNED_IN,
    },
    errors: [
      "not_found",
      "invalid_credentials",
      "account_disabled",
      "second_factor_required",
      "enrollment_required",
      "verification_required",
      "origin_not_allowed",
      "captcha_required",
      "too_many_attempts",
      "overloaded",
    ],
  },
  "POST /auth/login/second-factor/options": {
    id: "getSecondFactorOptions",
    tag: "Sign in",
    summary: "Get the options for a passkey as the second factor",
    description:
      "For `navigator.credentials.get()`. They name the passkeys of the account, and expire after five minutes.",
    body: SecondFactorOptions,
    rateLimits: ["credentials"],
    example: { login_token: LOGIN_TOKEN },
    answer: {
      status: 200,
      description: "The options.",
      schema: AuthenticationOptions,
      example: {
        challenge: "WyJzZWNvbmQtZmFjdG9yIiwi4oCmIl0uc2lnbmF0dXJl",
        rpId: "auth.example.com",
        timeout: 300_000,
        userVerification: "preferred",
        allowCredentials: [{ id: PASSKEY_ID, type: "public-key", transports: ["internal"] }],
      },
    },
    errors: ["invalid_login_token"],
  },
  "POST /auth/login/second-factor": {
    id: "proveSecondFactor",
    tag: "Sign in",
    summary: "Finish a sign-in by a second factor",
    description:
      "Takes the `login_token` of a sign-in that was answered with `second_factor_required`, and one proof: a code of the authenticator app or a recovery code as `code`, or the response of a passkey to `POST /auth/login/second-factor/options` as `credential`. Each works once. Wrong ones count as failed sign-ins.",
    body: ProveSecondFactor,
    rateLimits: ["credentials"],
    example: { login_token: LOGIN_TOKEN, code: OTP },
    answer: {
      status: 200,
      description: "The tokens of the new session. Lifetimes are in seconds.",
      schema: Tokens,
      example: SIGNED_IN,
    },
    errors: [
      "invalid_login_token",
      "invalid_code",
      "account_disabled",
      "verification_required",
      "origin_not_allowed",
      "too_many_attempts",
    ],
  },
  "POST /auth/login/enroll/totp": {
    id: "enrollTotp",
    tag: "Sign in",
    summary: "Add an authenticator app at sign-in",
    description: `${NEEDS_ENROLLMENT} Creates a secret to show as a QR code, which replaces one that was not confirmed.`,
    body: Enroll,
    rateLimits: ["credentials"],
    example: { login_token: LOGIN_TOKEN },
    answer: {
      status: 200,
      description: "The secret of the app.",
      schema: TotpSetup,
      example: { ...TOTP_SETUP, expires_in: 590 },
    },
    errors: ["invalid_login_token"],
  },
  "POST /auth/login/enroll/totp/confirm": {
    id: "confirmTotpEnrollment",
    tag: "Sign in",
    summary: "Finish a sign-in by a new authenticator app",
    description: `${NEEDS_ENROLLMENT} Takes a code that the new app shows. ${OPENS_SESSION}`,
    body: ConfirmTotpEnrollment,
    rateLimits: ["credentials"],
    example: { login_token: LOGIN_TOKEN, code: OTP },
    answer: {
      status: 200,
      description: "The tokens of the new session, and the recovery codes.",
      schema: TokensAndCodes,
      example: ENROLLED,
    },
    errors: ["invalid_code", ...ENROLLMENT_ERRORS],
  },
  "POST /auth/login/enroll/passkey/options": {
    id: "getEnrollmentOptions",
    tag: "Sign in",
    summary: "Get the options for a passkey at sign-in",
    description: `${NEEDS_ENROLLMENT} The options are for \`navigator.credentials.create()\`, and expire after five minutes.`,
    body: Enroll,
    rateLimits: ["credentials"],
    example: { login_token: LOGIN_TOKEN },
    answer: {
      status: 200,
      description: "The options.",
      schema: RegistrationOptions,
      example: CREATION_OPTIONS,
    },
    errors: ["invalid_login_token"],
  },
  "POST /auth/login/enroll/passkey": {
    id: "enrollPasskey",
    tag: "Sign in",
    summary: "Finish a sign-in by a new passkey",
    description: `${NEEDS_ENROLLMENT} Takes the response of the authenticator, as \`toJSON()\` of the credential returns it. ${OPENS_SESSION}`,
    body: EnrollPasskey,
    rateLimits: ["credentials"],
    example: {
      login_token: LOGIN_TOKEN,
      credential: NEW_CREDENTIAL,
      name: "My phone",
    },
    answer: {
      status: 201,
      description: "The tokens of the new session, and the recovery codes.",
      schema: TokensAndCodes,
      example: ENROLLED,
    },
    errors: ["invalid_passkey", "passkey_exists", ...ENROLLMENT_ERRORS],
  },
};
