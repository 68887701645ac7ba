import * as z from "zod/mini";
import type * as contract from "../../contract/user.ts";
import { JANE, NEW_USER, PASSWORD } from "../../http/examples.ts";
import { CREATION_OPTIONS } from "../../http/factor-examples.ts";
import type { Operations, Schemas } from "../../http/operation.ts";
import { User } from "../../schemas/answers.ts";
import type { ResponseFields } from "../../schemas/contract-fields.ts";
import { RegistrationOptions } from "../../schemas/factor-answers.ts";
import { Register, RegisterOptions } from "./register.ts";

const RegisteredUser = z.object({
  ...User.shape,
  recovery_codes: z.optional(z.array(z.string())),
} satisfies ResponseFields<contract.RegisteredUser>);

export const schemas: Schemas = { Registration: Register, RegisterOptions, RegisteredUser, User };

export const operations: Operations = {
  "POST /auth/register": {
    id: "register",
    tag: "Sign in",
    summary: "Create an account",
    description:
      "Takes either `password` or `credential`. Requires an email address or a phone number. A phone number must be a mobile number of a country in `SMS_COUNTRIES`. Without `+` it is read as a number of `DEFAULT_COUNTRY`. If identifiers are taken, `code` names the first and `errors` lists all of them. With `REQUIRE_VERIFICATION` the response does not reveal that an address is taken; its owner gets a message instead. A verification code is sent to the address that `contact` names, or else to the email address. If the service requires a captcha, `turnstile_token` is a token of Turnstile's widget with the action `register`. `credential` is the response of an authenticator to the options of `POST /auth/register/options`, as `toJSON()` of the credential returns it. The account then has no password, and the response has recovery codes, which are not shown again. Sign in with `POST /auth/passkeys/login`.",
    body: Register,
    rateLimits: ["registration"],
    example: {
      email: JANE.email,
      username: JANE.username,
      password: PASSWORD,
      first_name: "Jane",
      last_name: "Doe",
      locale: "en-GB",
    },
    answer: { status: 201, description: "The new account.", schema: RegisteredUser, example: NEW_USER },
    errors: [
      "email_taken",
      "phone_taken",
      "username_taken",
      "captcha_required",
      "invalid_passkey",
      "passkey_exists",
      "not_found",
      "overloaded",
    ],
  },
  "POST /auth/register/options": {
    id: "getRegisterOptions",
    tag: "Sign in",
    summary: "Get the options for a passkey of a new account",
    description:
      "For `navigator.credentials.create()`, to register without a password. The browser shows the passkey under the email address, or else under the username or the phone number. They expire after five minutes, are for one registration, and do not reveal whether an account exists.",
    body: RegisterOptions,
    example: { email: JANE.email, username: JANE.username },
    answer: {
      status: 200,
      description: "The options.",
      schema: RegistrationOptions,
      example: {
        ...CREATION_OPTIONS,
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
      },
    },
    errors: ["not_found"],
  },
};
