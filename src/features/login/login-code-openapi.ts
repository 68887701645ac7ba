import type { ErrorCode } from "../../errors.ts";
import { JANE, LINK_TOKEN, OTP, SIGNED_IN } from "../../http/examples.ts";
import type { Operations, Schemas } from "../../http/operation.ts";
import { Tokens } from "../../schemas/answers.ts";
import { CodeLogin, LinkLogin, RequestLoginCode } from "./login-code.ts";

export const schemas: Schemas = { RequestLoginCode, CodeLogin, LinkLogin };

const TOKENS = {
  status: 200,
  description: "The tokens of the new session. Lifetimes are in seconds.",
  schema: Tokens,
  example: SIGNED_IN,
} as const;
const ERRORS: ErrorCode[] = [
  "not_found",
  "account_disabled",
  "second_factor_required",
  "enrollment_required",
  "origin_not_allowed",
];
const PROVES =
  "It is one factor, and verifies the address that it was sent to. If no address of the account was verified before, what somebody else may have left in the account is removed: its password, passkeys, authenticator app, sessions and other address.";

export const operations: Operations = {
  "POST /auth/login/request-code": {
    id: "requestLoginCode",
    tag: "Sign in",
    summary: "Request a code to sign in",
    description:
      "Sends a code by mail with `email_code` in `LOGIN_METHODS`, and as a text message with `phone_code`. A mail also has a link to `/sign-in/link` below `FRONTEND_URL`; either of the two works, once. The response does not reveal whether the account exists. It sets the cookie `__Host-login_browser`, without which the link does not sign in. An address that is not verified, while another one of the account is, gets a link to remove it from the account. If the service uses a captcha, `turnstile_token` is a token of Turnstile's widget with the action `login`.",
    body: RequestLoginCode,
    rateLimits: ["messages"],
    example: { email: JANE.email },
    answer: { status: 202, description: "A code is sent if the account exists." },
    errors: ["not_found", "captcha_required", "origin_not_allowed", "messages_unavailable"],
  },
  "POST /auth/login/code": {
    id: "loginByCode",
    tag: "Sign in",
    summary: "Sign in with a code",
    description: `Takes the code of \`POST /auth/login/request-code\`, with the identifier that it was requested for. ${PROVES} A code is refused after five attempts, and after ten an hour at all codes of the account.`,
    body: CodeLogin,
    rateLimits: ["credentials"],
    example: { email: JANE.email, otp: OTP },
    answer: TOKENS,
    errors: ["invalid_code", ...ERRORS, "too_many_attempts"],
  },
  "POST /auth/login/link": {
    id: "loginByLink",
    tag: "Sign in",
    summary: "Sign in with a link",
    description: `Takes the token of the link in a mail of \`POST /auth/login/request-code\`. ${PROVES} Send it with the cookie of that request. In another browser the link signs nobody in and stays valid: the error \`other_browser\` has the code as \`otp\`, to type in the browser that requested it.`,
    body: LinkLogin,
    rateLimits: ["credentials"],
    example: { token: LINK_TOKEN },
    answer: TOKENS,
    errors: ["invalid_token", ...ERRORS, "other_browser"],
  },
};
