import * as z from "zod/mini";
import { EVENT_TYPES, type OwnEvent, type OwnEventList } from "../../contract/events.ts";
import {
  FRESH_PASSWORD,
  NEW_EMAIL,
  NEW_PHONE,
  OTP,
  PASSWORD,
  REQUEST_CONTEXT,
  SESSION,
  SIGNED_IN,
  USER,
} from "../../http/examples.ts";
import type { Operation, Operations, Schemas } from "../../http/operation.ts";
import { ENDS_SESSIONS } from "../../http/sentences.ts";
import { Device, Tokens, User } from "../../schemas/answers.ts";
import type { ResponseFields } from "../../schemas/contract-fields.ts";
import { DEFAULT_PAGE, PageSize } from "../../schemas/event-page.ts";
import { DeleteAccount, ProfileChange } from "./account.ts";
import { ChangeEmail, ChangePhone, ConfirmAddress, RemoveAddress } from "./address.ts";
import { EventQuery } from "./events.ts";
import { ChangePassword } from "./password.ts";

/** An event of an account, as its owner sees it. */
const Event = z.object({
  type: z.enum(EVENT_TYPES),
  created_at: z.iso.datetime(),
  /** Null if no session was involved. */
  session_id: z.nullable(z.uuid()),
  user_agent: z.nullable(z.string()),
  device: Device,
  ip: z.nullable(z.string()),
  by_administrator: z.boolean(),
  reason: z.nullable(z.string()),
} satisfies ResponseFields<OwnEvent>);

const EventList = z.object({
  events: z.array(Event),
  /** Null on the last page. */
  next_cursor: z.nullable(z.string()),
} satisfies ResponseFields<OwnEventList>);

const me: Operation = {
  id: "getCurrentUser",
  tag: "Account",
  summary: "Get the current user",
  description: "Reads the account from the database, so it is more current than the claims of the access token.",
  bearer: true,
  answer: { status: 200, description: "The account of the access token.", schema: User, example: USER },
};

const WHEN = { created_at: SESSION.created_at, session_id: SESSION.id, ...REQUEST_CONTEXT };
const EVENT = { type: "logged_in", ...WHEN, by_administrator: false, reason: null };

const HIDDEN = "The response does not reveal whether another account has it.";
const CHANGES = `${ENDS_SESSIONS} A notice goes to the old address, or else to the other address of the account.`;

const changePassword: Operation = {
  id: "changePassword",
  tag: "Account",
  summary: "Change the password",
  description: `${ENDS_SESSIONS} \`current_password\` is an alias of \`old_password\`.`,
  bearer: true,
  body: ChangePassword,
  rateLimits: ["credentials"],
  example: { old_password: PASSWORD, new_password: FRESH_PASSWORD },
  answer: { status: 200, description: "The password was changed.", schema: Tokens, example: SIGNED_IN },
  errors: [
    "not_found",
    "invalid_credentials",
    "reauthentication_required",
    "origin_not_allowed",
    "too_many_attempts",
    "overloaded",
  ],
};

const removal = (id: string, name: string): Operation => ({
  id,
  tag: "Account",
  summary: `Remove the ${name}`,
  description: `The account keeps at least one address, and a verified one if this one is verified. ${ENDS_SESSIONS}`,
  bearer: true,
  body: RemoveAddress,
  bodyOptional: true,
  example: { password: PASSWORD },
  rateLimits: ["credentials"],
  answer: { status: 200, description: `The ${name} was removed.`, schema: Tokens, example: SIGNED_IN },
  errors: [
    "invalid_credentials",
    "reauthentication_required",
    "origin_not_allowed",
    "not_found",
    "last_address",
    "last_credential",
    "too_many_attempts",
    "overloaded",
  ],
});

const deleteAccount: Operation = {
  id: "deleteAccount",
  tag: "Account",
  summary: "Delete the account",
  description: "Ends every session and releases the identifiers. This cannot be undone.",
  bearer: true,
  body: DeleteAccount,
  bodyOptional: true,
  rateLimits: ["credentials"],
  example: { password: PASSWORD },
  answer: { status: 204, description: "The account was deleted." },
  errors: ["invalid_credentials", "reauthentication_required", "too_many_attempts", "overloaded"],
};

/** The operation, and its alternative for clients and proxies that drop the body of a DELETE. */
const deletion = (path: `/${string}`, operation: Operation): Operations => ({
  [`DELETE ${path}`]: operation,
  [`POST ${path}/delete`]: {
    ...operation,
    id: `${operation.id}ByPost`,
    summary: `${operation.summary} (without DELETE)`,
  },
});

export const schemas: Schemas = {
  ProfileChange,
  DeleteAccount,
  ChangePassword,
  ChangeEmail,
  ChangePhone,
  ConfirmAddress,
  RemoveAddress,
  OwnEventList: EventList,
  OwnEvent: EventList.shape.events.def.element,
};

export const operations: Operations = {
  "GET /users/me": me,
  "GET /auth/me": { ...me, id: "getCurrentUserAlias", summary: "Get the current user (alias)" },
  "PATCH /users/me": {
    id: "updateProfile",
    tag: "Account",
    summary: "Update the profile",
    description:
      "Omitted fields stay unchanged; null or an empty text clears a field. A request with `username` or `contact` needs the password, or a recently authenticated session. A notice of a new username goes to the owner.",
    bearer: true,
    body: ProfileChange,
    rateLimits: ["credentials"],
    example: { first_name: "Jane", last_name: "Doe", short_description: USER.short_description },
    answer: { status: 200, description: "The updated account.", schema: User, example: USER },
    errors: ["username_taken", "invalid_credentials", "reauthentication_required", "too_many_attempts", "overloaded"],
  },
  ...deletion("/users/me", deleteAccount),
  "POST /users/me/password": changePassword,
  "POST /auth/change-password": {
    ...changePassword,
    id: "changePasswordAlias",
    summary: "Change the password (alias)",
  },
  "POST /users/me/email": {
    id: "requestEmailChange",
    tag: "Account",
    summary: "Request a code to change the email address",
    description: `Sends the code to the new address, or to the current one if that is not verified yet. ${HIDDEN}`,
    bearer: true,
    body: ChangeEmail,
    rateLimits: ["credentials", "messages"],
    example: { email: NEW_EMAIL, password: PASSWORD },
    answer: { status: 202, description: "If no account has the address, a code is sent to it." },
    errors: [
      "invalid_credentials",
      "reauthentication_required",
      "too_many_attempts",
      "overloaded",
      "messages_unavailable",
    ],
  },
  "POST /users/me/email/confirm": {
    id: "confirmEmailChange",
    tag: "Account",
    summary: "Change the email address with a code",
    description: CHANGES,
    bearer: true,
    body: ConfirmAddress,
    rateLimits: ["credentials"],
    example: { otp: OTP },
    answer: {
      status: 200,
      description: "The email address was changed and is verified.",
      schema: Tokens,
      example: SIGNED_IN,
    },
    errors: ["invalid_code", "origin_not_allowed", "too_many_attempts"],
  },
  "POST /users/me/phone": {
    id: "requestPhoneChange",
    tag: "Account",
    summary: "Request a code to change the phone number",
    description: `Sends the code to the new number, which must be a mobile number of a country in \`SMS_COUNTRIES\`, or to the current one if that is not verified yet. ${HIDDEN}`,
    bearer: true,
    body: ChangePhone,
    rateLimits: ["credentials", "messages"],
    example: { phone: NEW_PHONE, password: PASSWORD },
    answer: { status: 202, description: "If no account has the number, a code is sent to it." },
    errors: [
      "invalid_credentials",
      "reauthentication_required",
      "too_many_attempts",
      "overloaded",
      "messages_unavailable",
    ],
  },
  "POST /users/me/phone/confirm": {
    id: "confirmPhoneChange",
    tag: "Account",
    summary: "Change the phone number with a code",
    description: CHANGES,
    bearer: true,
    body: ConfirmAddress,
    rateLimits: ["credentials"],
    example: { otp: OTP },
    answer: {
      status: 200,
      description: "The phone number was changed and is verified.",
      schema: Tokens,
      example: SIGNED_IN,
    },
    errors: ["invalid_code", "origin_not_allowed", "too_many_attempts"],
  },
  ...deletion("/users/me/email", removal("removeEmail", "email address")),
  ...deletion("/users/me/phone", removal("removePhone", "phone number")),
  "GET /users/me/events": {
    id: "listEvents",
    tag: "Account",
    summary: "List the events of the account",
    description:
      "At most the latest 50 events of each type. Events that anyone can cause, such as failed sign-ins, are kept for a week.",
    bearer: true,
    query: z.extend(EventQuery, { cursor: z.optional(z.string()), limit: z._default(PageSize, DEFAULT_PAGE) }),
    answer: {
      status: 200,
      description: "A page of events, newest first.",
      schema: EventList,
      example: { events: [EVENT], next_cursor: null },
    },
  },
};
