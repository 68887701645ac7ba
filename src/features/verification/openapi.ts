import type { Operations } from "../../http/operation.ts";
import { ResendCode, Verify } from "./verification.ts";

export const operations: Operations = {
  "POST /auth/verify": {
    tag: "Sign in",
    summary: "Verify an address by the code that was sent to it",
    description: "Name the address that the code was sent to; a username stands for the one that is written to first.",
    body: Verify,
    rateLimits: ["credentials"],
    answer: { status: 204, description: "The address is verified." },
    errors: ["invalid_code", "too_many_attempts"],
  },
  "POST /auth/verify/resend": {
    tag: "Sign in",
    summary: "Ask for another code to verify an address",
    description:
      "The answer and its time are the same whether there is such an account, and an address to verify, or not.",
    body: ResendCode,
    rateLimits: ["messages"],
    answer: { status: 202, description: "If there is such an account, a code is on its way." },
    errors: ["captcha_required", "messages_unavailable"],
  },
};
