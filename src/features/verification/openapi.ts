import { JANE, OTP } from "../../http/examples.ts";
import type { Operations, Schemas } from "../../http/operation.ts";
import { ResendCode, Verify } from "./verification.ts";

export const schemas: Schemas = { VerifyAddress: Verify, VerificationCodeRequest: ResendCode };

export const operations: Operations = {
  "POST /auth/verify": {
    id: "verifyAddress",
    tag: "Sign in",
    summary: "Verify an address with a code",
    description: "Send the address that received the code. A username stands for the preferred address of its account.",
    body: Verify,
    rateLimits: ["credentials"],
    example: { email: JANE.email, otp: OTP },
    answer: { status: 204, description: "The address was verified." },
    errors: ["invalid_code", "too_many_attempts"],
  },
  "POST /auth/verify/resend": {
    id: "requestVerificationCode",
    tag: "Sign in",
    summary: "Request another verification code",
    description:
      "The response and its timing do not reveal whether the account exists or has an address to verify. If the service requires a captcha, `turnstile_token` is a token of Turnstile's widget with the action `verify`.",
    body: ResendCode,
    rateLimits: ["messages"],
    example: { email: JANE.email },
    answer: { status: 202, description: "If the account exists and its address is not verified, a code is sent." },
    errors: ["captcha_required", "messages_unavailable"],
  },
};
