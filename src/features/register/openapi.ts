import { JANE, NEW_USER, PASSWORD } from "../../http/examples.ts";
import type { Operations, Schemas } from "../../http/operation.ts";
import { User } from "../../schemas/user.ts";
import { Register } from "./register.ts";

export const schemas: Schemas = { Registration: Register, User };

export const operations: Operations = {
  "POST /auth/register": {
    id: "register",
    tag: "Sign in",
    summary: "Create an account",
    description:
      "Requires an email address or a phone number. A phone number must be a mobile number of a country in `SMS_COUNTRIES`. Without `+` it is read as a number of `DEFAULT_COUNTRY`. If identifiers are taken, `code` names the first and `errors` lists all of them. With `REQUIRE_VERIFICATION` the response does not reveal that an address is taken; its owner gets a message instead. A verification code is sent to the address that `contact` names, or else to the email address. If the service requires a captcha, `turnstile_token` is a token of Turnstile's widget with the action `register`.",
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
    answer: { status: 201, description: "The new account.", schema: User, example: NEW_USER },
    errors: ["email_taken", "phone_taken", "username_taken", "captcha_required", "overloaded"],
  },
};
