import { PASSWORD, SIGNED_IN } from "../../http/examples.ts";
import { PASSKEY_ID } from "../../http/factor-examples.ts";
import type { Operation, Operations, Schemas } from "../../http/operation.ts";
import { ENDS_SESSIONS, REPLACED } from "../../http/sentences.ts";
import { Tokens } from "../../schemas/answers.ts";
import { AuthenticationOptions } from "../../schemas/factor-answers.ts";
import { RemovePassword } from "./password.ts";
import { Reauthenticate } from "./reauthentication.ts";

const removePassword: Operation = {
  id: "removePassword",
  tag: "Account",
  summary: "Remove the password",
  description: `The account needs a passkey that signs in alone, or a verified address to which codes that sign in are sent, and the session must have been authenticated with two factors recently (\`acr\` is \`aal2\`). ${ENDS_SESSIONS}`,
  bearer: true,
  body: RemovePassword,
  bodyOptional: true,
  example: { password: PASSWORD },
  rateLimits: ["credentials"],
  answer: { status: 200, description: "The password was removed.", schema: Tokens, example: SIGNED_IN },
  errors: [
    "invalid_credentials",
    "reauthentication_required",
    "origin_not_allowed",
    "not_found",
    "last_credential",
    "too_many_attempts",
    "overloaded",
  ],
};

export const schemas: Schemas = { Reauthenticate, RemovePassword };

export const operations: Operations = {
  "POST /users/me/reauthenticate": {
    id: "reauthenticate",
    tag: "Account",
    summary: "Re-authenticate the user",
    description: `Takes the password; or a code of the authenticator app, a recovery code or the response of a passkey, which raise \`acr\` to \`aal2\`; or as \`otp\` the code of \`POST /users/me/reauthenticate/request-code\`, which is one factor like the password. Sets \`auth_time\` to the current time. For \`REAUTHENTICATION_SECONDS\`, changing the password, an address, the username or the preferred contact and deleting the account then need no password. ${REPLACED}`,
    bearer: true,
    body: Reauthenticate,
    rateLimits: ["credentials"],
    example: { password: PASSWORD },
    answer: {
      status: 200,
      description: "The tokens of the session. Lifetimes are in seconds.",
      schema: Tokens,
      example: SIGNED_IN,
    },
    errors: ["invalid_credentials", "invalid_code", "origin_not_allowed", "too_many_attempts", "overloaded"],
  },
  "POST /users/me/reauthenticate/request-code": {
    id: "requestReauthenticationCode",
    tag: "Account",
    summary: "Request a code to re-authenticate",
    description:
      "Sends a code to a verified address of the account: by mail with `email_code` in `LOGIN_METHODS`, as a text message with `phone_code`. Send it as `otp` to `POST /users/me/reauthenticate`. Without such an address the response is 404.",
    bearer: true,
    rateLimits: ["credentials", "messages"],
    answer: { status: 202, description: "The code is on its way." },
    errors: ["not_found", "messages_unavailable"],
  },
  "POST /users/me/reauthenticate/options": {
    id: "getReauthenticationOptions",
    tag: "Account",
    summary: "Get the options to re-authenticate with a passkey",
    description: "For `navigator.credentials.get()`. They expire after five minutes, and with this session.",
    bearer: true,
    rateLimits: ["credentials"],
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
  },
  "DELETE /users/me/password": removePassword,
  "POST /users/me/password/delete": {
    ...removePassword,
    id: "removePasswordByPost",
    summary: `${removePassword.summary} (without DELETE)`,
  },
};
