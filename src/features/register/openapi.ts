import type { Operations } from "../../http/operation.ts";
import { User } from "../../schemas/user.ts";
import { Register } from "./register.ts";

export const operations: Operations = {
  "POST /auth/register": {
    tag: "Sign in",
    summary: "Create an account",
    description:
      "Needs an e-mail address or a phone number. A phone number without `+` is dialled from `DEFAULT_COUNTRY`. When identifiers are taken, `code` names the first and `errors` all of them; under `REQUIRE_VERIFICATION` the answer does not tell that an address is taken, but its owner is told. A code to verify the address goes to `contact`, or else to the mail address.",
    body: Register,
    rateLimits: ["registration"],
    answer: { status: 201, description: "The new account.", schema: User },
    errors: ["email_taken", "phone_taken", "username_taken", "captcha_required", "overloaded"],
  },
};
