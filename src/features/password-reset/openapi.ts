import type { Operation, Operations } from "../../http/operation.ts";
import { RequestReset, ResetByCode, ResetByLink, ResetByLinkInPath } from "./password-reset.ts";

const ALWAYS = "The answer and its time are the same whether there is such an account or not.";
const ENDS = "Ends every session of the user and makes every other link and code of theirs useless.";

const resetByLink: Operation = {
  tag: "Recovery",
  summary: "Set a new password by a link",
  description: ENDS,
  body: ResetByLink,
  rateLimits: ["credentials"],
  answer: { status: 204, description: "The new password is set." },
  errors: ["invalid_token", "overloaded"],
};

export const operations: Operations = {
  "POST /auth/forgot-password": {
    tag: "Recovery",
    summary: "Ask for a link to set a new password",
    description: `It is mailed to the account's address and works once. ${ALWAYS}`,
    body: RequestReset,
    rateLimits: ["messages"],
    answer: {
      status: 202,
      description: "If there is such an account with a mail address, a link is on its way, unless there were too many.",
    },
    errors: ["captcha_required", "messages_unavailable"],
  },
  "POST /auth/reset-password": resetByLink,
  "POST /auth/reset-password/{token}": {
    ...resetByLink,
    summary: "Set a new password by a link, its token in the path",
    body: ResetByLinkInPath,
  },
  "POST /auth/request-reset": {
    tag: "Recovery",
    summary: "Ask for a code to set a new password",
    description: `It is sent to the address that is given, or for a username to the one that is written to first. ${ALWAYS}`,
    body: RequestReset,
    rateLimits: ["messages"],
    answer: { status: 202, description: "If there is such an account, a code is on its way." },
    errors: ["captcha_required", "messages_unavailable"],
  },
  "POST /auth/verify-reset": {
    tag: "Recovery",
    summary: "Set a new password by a code",
    description: `Name the account as when the code was asked for. ${ENDS}`,
    body: ResetByCode,
    rateLimits: ["credentials"],
    answer: { status: 204, description: "The new password is set." },
    errors: ["invalid_code", "too_many_attempts", "overloaded"],
  },
};
