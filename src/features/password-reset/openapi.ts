import * as z from "zod/mini";
import type { DeviceTokenAnswer } from "../../contract/tokens.ts";
import { FRESH_PASSWORD, JANE, LINK_TOKEN, OTP, SIGNED_IN } from "../../http/examples.ts";
import type { Operation, Operations, Schemas } from "../../http/operation.ts";
import type { ResponseFields } from "../../schemas/contract-fields.ts";
import { RequestReset, ResetByCode, ResetByLink, ResetByLinkInPath } from "./password-reset.ts";

const ALWAYS = "The response and its timing do not reveal whether the account exists.";
const CAPTCHA =
  "If the service requires a captcha, `turnstile_token` is a token of Turnstile's widget with the action `reset`.";
const ENDS =
  "Ends every session of the user and invalidates the user's other links and codes. Sets the device cookie, so that strangers who guess at the account cannot keep the user from signing in here. With the transport `body` the answer has the device token instead.";

const DeviceToken = z.object({ device_token: z.string() } satisfies ResponseFields<DeviceTokenAnswer>);

const ANSWERS = {
  answer: { status: 204, description: "The new password was set. The device token is in a cookie." },
  otherAnswer: {
    status: 200,
    description: "The new password was set. `transport` is `body`.",
    schema: DeviceToken,
    example: { device_token: SIGNED_IN.device_token },
  },
} satisfies Partial<Operation>;

const resetByLink: Operation = {
  id: "resetPassword",
  tag: "Recovery",
  summary: "Set a new password with a link",
  description: ENDS,
  body: ResetByLink,
  rateLimits: ["credentials"],
  example: { token: LINK_TOKEN, new_password: FRESH_PASSWORD, transport: "body" },
  ...ANSWERS,
  errors: ["not_found", "invalid_token", "overloaded"],
};

export const schemas: Schemas = {
  PasswordResetRequest: RequestReset,
  ResetByLink,
  ResetByLinkInPath,
  ResetByCode,
  DeviceToken,
};

export const operations: Operations = {
  "POST /auth/forgot-password": {
    id: "requestPasswordReset",
    tag: "Recovery",
    summary: "Request a password reset link",
    description: `Sends a link to the email address of the account. It works once. ${ALWAYS} ${CAPTCHA}`,
    body: RequestReset,
    rateLimits: ["messages"],
    example: { email: JANE.email },
    answer: {
      status: 202,
      description: "If the account exists and has an email address, a link is sent, unless too many were requested.",
    },
    errors: ["not_found", "captcha_required", "messages_unavailable"],
  },
  "POST /auth/reset-password": resetByLink,
  "POST /auth/reset-password/{token}": {
    ...resetByLink,
    id: "resetPasswordWithPathToken",
    params: { token: { description: "The token of the link.", example: LINK_TOKEN } },
    summary: "Set a new password with a link (token in the path)",
    description: `Prefer \`POST /auth/reset-password\`, which takes the token in the body: proxies may log paths. ${ENDS}`,
    body: ResetByLinkInPath,
    example: { new_password: FRESH_PASSWORD, transport: "body" },
  },
  "POST /auth/request-reset": {
    id: "requestPasswordResetCode",
    tag: "Recovery",
    summary: "Request a password reset code",
    description:
      "Sends a code to the given address, or for a username to the preferred address of the account: eight digits by " +
      "email, six by text message. A phone number that was never verified gets a code for `POST /auth/verify` " +
      `instead: verify it, then request the reset again. ${ALWAYS} ${CAPTCHA}`,
    body: RequestReset,
    rateLimits: ["messages"],
    example: { email: JANE.email },
    answer: {
      status: 202,
      description: "If the account exists, a code is sent, unless too many were requested or failed.",
    },
    errors: ["not_found", "captcha_required", "messages_unavailable"],
  },
  "POST /auth/verify-reset": {
    id: "resetPasswordWithCode",
    tag: "Recovery",
    summary: "Set a new password with a code",
    description:
      "Send the same identifier as in the request for the code. After ten attempts in a day, codes no longer reset the " +
      `password of the account that day; links still do. ${ENDS}`,
    body: ResetByCode,
    rateLimits: ["credentials"],
    example: { email: JANE.email, otp: OTP, new_password: FRESH_PASSWORD, transport: "body" },
    ...ANSWERS,
    errors: ["not_found", "invalid_code", "too_many_attempts", "overloaded"],
  },
};
