import type { Operations } from "../../http/operation.ts";
import { Tokens } from "../../schemas/tokens.ts";
import { Login, LoginForm } from "./login.ts";

export const operations: Operations = {
  "POST /auth/login": {
    tag: "Sign in",
    summary: "Start a session",
    description:
      "Takes one of `identifier`, `email`, `phone` and `username`, or the password form of OAuth 2.0, whose `username` is any identifier. With `transport` `cookie`, which an allowed `Origin` has to ask for, the refresh token is set as the cookie `__Host-refresh_token` instead of standing in the body.",
    body: Login,
    form: LoginForm,
    rateLimits: ["credentials"],
    answer: { status: 200, description: "The tokens of the session; lifetimes are seconds.", schema: Tokens },
    errors: [
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
};
