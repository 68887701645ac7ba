import * as z from "zod";
import { JANE, OTP, PASSWORD, SIGNED_IN } from "../../http/examples.ts";
import type { Operations, Schemas } from "../../http/operation.ts";
import { Tokens } from "../../schemas/tokens.ts";
import { AuthenticationOptions } from "../../schemas/webauthn-options.ts";
import { Login, LoginForm } from "./login.ts";
import { ProveSecondFactor, SecondFactorOptions } from "./second-factor.ts";

/** The dispatch by `grant_type` is in `src/entrypoints/token.ts`. */
const PasswordGrant = z.looseObject({ grant_type: z.literal("password").optional(), ...LoginForm.shape });

export const schemas: Schemas = { Login, LoginForm: PasswordGrant, ProveSecondFactor, SecondFactorOptions };

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
    example: { login_token: "v1.login.signature" },
    answer: {
      status: 200,
      description: "The options.",
      schema: AuthenticationOptions,
      example: {
        challenge: "WyJzZWNvbmQtZmFjdG9yIiwi4oCmIl0uc2lnbmF0dXJl",
        rpId: "auth.example.com",
        timeout: 300_000,
        userVerification: "preferred",
        allowCredentials: [{ id: "KnGX5iGbhs1Rj8fJ2oXaDQ", type: "public-key", transports: ["internal"] }],
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
    example: { login_token: "v1.login.signature", code: OTP },
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
};
