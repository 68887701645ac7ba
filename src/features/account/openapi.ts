import type { Operation, Operations } from "../../http/operation.ts";
import { Tokens } from "../../schemas/tokens.ts";
import { User } from "../../schemas/user.ts";
import { DeleteAccount, ProfileChange } from "./account.ts";
import { ChangeEmail, ChangePhone, ConfirmAddress } from "./address.ts";
import { EventList } from "./events.ts";
import { ChangePassword } from "./password.ts";
import { Reauthenticate } from "./reauthentication.ts";

const me: Operation = {
  tag: "Account",
  summary: "The current user",
  bearer: true,
  answer: { status: 200, description: "The account that the access token is for.", schema: User },
};

const HIDDEN = "Whether another account has it is not told.";
const CHANGES = "Ends the user's other sessions and tells the old address, or the other one where there was none.";

const changePassword: Operation = {
  tag: "Account",
  summary: "Change the password",
  description: "`current_password` is another name for `old_password`. Ends the user's other sessions; this one stays.",
  bearer: true,
  body: ChangePassword,
  rateLimits: ["credentials"],
  answer: { status: 204, description: "The password is changed." },
  errors: ["invalid_credentials", "reauthentication_required", "too_many_attempts", "overloaded"],
};

export const operations: Operations = {
  "GET /users/me": me,
  "GET /auth/me": { ...me, summary: "The current user, under its other name" },
  "PATCH /users/me": {
    tag: "Account",
    summary: "Change the profile",
    description: "Fields that are left out stay; null empties one.",
    bearer: true,
    body: ProfileChange,
    answer: { status: 200, description: "The account as it is now.", schema: User },
    errors: ["username_taken"],
  },
  "DELETE /users/me": {
    tag: "Account",
    summary: "Delete the account",
    description: "Ends every session and frees the identifiers. It cannot be undone.",
    bearer: true,
    body: DeleteAccount,
    bodyOptional: true,
    rateLimits: ["credentials"],
    answer: { status: 204, description: "The account is gone." },
    errors: ["invalid_credentials", "reauthentication_required", "too_many_attempts", "overloaded"],
  },
  "POST /users/me/reauthenticate": {
    tag: "Account",
    summary: "Prove the user again",
    description:
      "Moves `auth_time` to now. Changes of password or address and deletion then need no password for `REAUTHENTICATION_SECONDS`.",
    bearer: true,
    body: Reauthenticate,
    rateLimits: ["credentials"],
    answer: { status: 200, description: "New tokens of the same session.", schema: Tokens },
    errors: ["invalid_credentials", "origin_not_allowed", "too_many_attempts", "overloaded"],
  },
  "POST /users/me/password": changePassword,
  "POST /auth/change-password": { ...changePassword, summary: "Change the password, under its other name" },
  "POST /users/me/email": {
    tag: "Account",
    summary: "Ask for a code to change the mail address",
    description: `It is sent to the new address. ${HIDDEN}`,
    bearer: true,
    body: ChangeEmail,
    rateLimits: ["credentials", "messages"],
    answer: { status: 202, description: "If no account has that address, a code is on its way to it." },
    errors: [
      "invalid_credentials",
      "reauthentication_required",
      "too_many_attempts",
      "overloaded",
      "messages_unavailable",
    ],
  },
  "POST /users/me/email/confirm": {
    tag: "Account",
    summary: "Change the mail address to the one that the code was sent to",
    description: CHANGES,
    bearer: true,
    body: ConfirmAddress,
    rateLimits: ["credentials"],
    answer: { status: 204, description: "The address is changed, and verified." },
    errors: ["invalid_code", "too_many_attempts"],
  },
  "POST /users/me/phone": {
    tag: "Account",
    summary: "Ask for a code to change the phone number",
    description: `It is sent to the new number. ${HIDDEN}`,
    bearer: true,
    body: ChangePhone,
    rateLimits: ["credentials", "messages"],
    answer: { status: 202, description: "If no account has that number, a code is on its way to it." },
    errors: [
      "invalid_credentials",
      "reauthentication_required",
      "too_many_attempts",
      "overloaded",
      "messages_unavailable",
    ],
  },
  "POST /users/me/phone/confirm": {
    tag: "Account",
    summary: "Change the phone number to the one that the code was sent to",
    description: CHANGES,
    bearer: true,
    body: ConfirmAddress,
    rateLimits: ["credentials"],
    answer: { status: 204, description: "The number is changed, and verified." },
    errors: ["invalid_code", "too_many_attempts"],
  },
  "GET /users/me/events": {
    tag: "Account",
    summary: "What happened to the account",
    bearer: true,
    answer: {
      status: 200,
      description:
        "The latest 50 events that anybody can cause, such as failed logins, and the latest 50 others, newest first.",
      schema: EventList,
    },
  },
};
