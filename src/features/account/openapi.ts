import type { Operation, Operations } from "../../http/operation.ts";
import { User } from "../../schemas/user.ts";
import { DeleteAccount, ProfileChange } from "./account.ts";
import { EventList } from "./events.ts";
import { ChangePassword } from "./password.ts";

const me: Operation = {
  tag: "Account",
  summary: "The current user",
  bearer: true,
  answer: { status: 200, description: "The account that the access token is for.", schema: User },
};

const changePassword: Operation = {
  tag: "Account",
  summary: "Change the password",
  description: "`current_password` is another name for `old_password`. Ends the user's other sessions; this one stays.",
  bearer: true,
  body: ChangePassword,
  answer: { status: 204, description: "The password is changed." },
  errors: ["invalid_credentials"],
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
    answer: { status: 204, description: "The account is gone." },
    errors: ["invalid_credentials"],
  },
  "POST /users/me/password": changePassword,
  "POST /auth/change-password": { ...changePassword, summary: "Change the password, under its other name" },
  "GET /users/me/events": {
    tag: "Account",
    summary: "What happened to the account",
    bearer: true,
    answer: {
      status: 200,
      description: "The latest 50 failed logins and the latest 50 other events, newest first.",
      schema: EventList,
    },
  },
};
