import * as z from "zod/mini";
import { SIGNED_IN } from "../../http/examples.ts";
import { PASSKEY_ID } from "../../http/factor-examples.ts";
import type { Operations, Schemas } from "../../http/operation.ts";
import { Tokens } from "../../schemas/answers.ts";
import { AuthenticationOptions } from "../../schemas/factor-answers.ts";
import { AuthenticationResponse } from "../../schemas/webauthn.ts";
import { PasskeyLogin } from "./passkey.ts";

const RelatedOrigins = z.object({ origins: z.array(z.string()) });

export const schemas: Schemas = { AuthenticationResponse, AuthenticationOptions, PasskeyLogin, RelatedOrigins };

const CHALLENGE = "WyJzaWduLWluIiwiIiwi4oCmIl0uc2lnbmF0dXJl";
const CLIENT_DATA = "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoi4oCmIn0";
const HANDLE = "5kz0fMCE5pXbNeTqGhVsrK3M2qsaDbGBvuSmjpOXOm4";
const ASSERTION = {
  id: PASSKEY_ID,
  rawId: PASSKEY_ID,
  type: "public-key",
  response: { clientDataJSON: CLIENT_DATA, authenticatorData: "SZYN5YgO", signature: "MEUCIQDx", userHandle: HANDLE },
};

export const operations: Operations = {
  "POST /auth/passkeys/options": {
    id: "getPasskeyLoginOptions",
    tag: "Passkeys",
    summary: "Get the options to sign in with a passkey",
    description:
      'For `navigator.credentials.get()`, also with `mediation: "conditional"` for autofill. They name no account, and expire after five minutes.',
    answer: {
      status: 200,
      description: "The options.",
      schema: AuthenticationOptions,
      example: {
        challenge: CHALLENGE,
        rpId: "auth.example.com",
        timeout: 300_000,
        userVerification: "required",
        allowCredentials: [],
      },
    },
    errors: ["not_found"],
  },
  "POST /auth/passkeys/login": {
    id: "loginByPasskey",
    tag: "Passkeys",
    summary: "Sign in with a passkey",
    description:
      "Takes the response of the authenticator, as `toJSON()` of the credential returns it. A passkey whose authenticator verified its user counts as two factors (`acr` is `aal2`). With `transport` set to `cookie`, an allowed `Origin` is required.",
    body: PasskeyLogin,
    rateLimits: ["credentials"],
    example: { credential: ASSERTION },
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
      "verification_required",
      "origin_not_allowed",
      "too_many_attempts",
    ],
  },
  "GET /.well-known/webauthn": {
    id: "getRelatedOrigins",
    tag: "Service",
    summary: "Get the origins that may use the passkeys",
    description: "Related origins (WebAuthn L3 §5.11): the https pages of `ISSUER` and `ALLOWED_ORIGINS`.",
    answer: {
      status: 200,
      description: "The origins.",
      schema: RelatedOrigins,
      example: { origins: ["https://auth.example.com"] },
    },
  },
};
