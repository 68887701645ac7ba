/**
 * Every state of every page, by name. A new state is one row.
 *
 * A form page is rendered with values and a failure in place of what `open` and `act` find out. A
 * page that reads the database is rendered from sample data by its own view, and any other page
 * answers a request with the cookies of its state.
 */
import { NOTICE_KINDS, SECRET_PURPOSES } from "../contract/messages.ts";
import type { User } from "../contract/user.ts";
import type { ErrorCode } from "../errors.ts";
import { showActivity } from "../features/account/activity-page.tsx";
import { showAccount } from "../features/account/overview-page.tsx";
import { showCodes } from "../features/factors/codes-page.tsx";
import { signOutPages } from "../features/logout/page.tsx";
import { showCreation, showPasskeys } from "../features/passkeys/page.tsx";
import { resetPages } from "../features/password-reset/page.tsx";
import { renewPages } from "../features/refresh/page.tsx";
import { outboxRoutes } from "../features/service/development-page.tsx";
import { welcomePages } from "../features/service/welcome-page.tsx";
import { showSessions } from "../features/sessions/page.tsx";
import { failurePage } from "../pages/failure-page.tsx";
import type { FormValues } from "../pages/fields.tsx";
import { type Err, err, type FieldCode } from "../result.ts";
import { policySamples } from "./policy-samples.ts";
import { form, type Sample, type SampleContext, view, visit } from "./sample.ts";
import {
  CODES,
  creation,
  EMAIL,
  events,
  factors,
  keptSetup,
  mail,
  PHONE,
  passkeys,
  sessions,
  USER_ID,
  user,
} from "./sample-data.ts";

/** The settings of the sample user with these changes, whose language is that of the browser. */
const settings = (
  path: string,
  changes: Partial<User> = {},
  cookies: Sample["cookies"] = {},
  left?: number,
): Sample => {
  const language = (c: SampleContext) => c.var.deps.requestContext.locale ?? "en";
  return view(path, (c) => showAccount(c, user({ locale: language(c), ...changes }), factors(left)), cookies);
};

const failed = (failure: Err): Sample => view("/nowhere", (c) => failurePage(c, failure));

/** A refusal that marks these fields. */
const refused = (fields: Record<string, FieldCode>, code: ErrorCode = "invalid_request"): Err =>
  err(
    code,
    Object.entries(fields).map(([path, reason]) => ({ path, code: reason, message: "" })),
  );

const LOCKED: Err = { ...err("too_many_requests"), retryAfterSeconds: 30 };
const WRONG_PASSWORD = err("invalid_credentials");
const WRONG_CODE = err("invalid_code");
const TYPED = { identifier: EMAIL };
const RECOVERY = { use: "recovery_code" };
const TOKEN = { token: "x".repeat(43) };

/** The cookies of a browser that asked for a message long ago, or just now. */
const askedAt = (at: number) => ({
  identifier: EMAIL,
  verification_sent: `${at} ${EMAIL}`,
  reset_sent: `${at} ${EMAIL}`,
});
const ASKED = askedAt(0);
const ASKED_NOW = () => askedAt(Date.now());
const NAMED = { account: `${USER_ID} ${EMAIL}` };
const pending = (kind: "email" | "phone", address: string, sentAt = 0) => ({
  ...NAMED,
  [`pending_${kind}`]: `${USER_ID} ${sentAt} ${address}`,
});
const PENDING = (factors: string) => ({ login_token: `x ${factors} second-factor` });
const NEW_EMAIL = "jane@new.example";

const PAGES = (): Record<string, Sample> => ({
  welcome: visit(welcomePages, "/"),
  "sign-in": form("/sign-in"),
  "sign-in-again": form("/sign-in?notice=reset", TYPED),
  "sign-in-refused": form("/sign-in", TYPED, WRONG_PASSWORD),
  "sign-in-locked": form("/sign-in", TYPED, LOCKED),
  "sign-in-no-cookies": form("/sign-in?notice=no-cookies"),
  "sign-in-unsent": form("/sign-in?notice=unsent", TYPED),
  "sign-in-expired": form("/sign-in?notice=expired", TYPED),
  "sign-in-passkey-refused": form("/sign-in/passkey", {}, WRONG_PASSWORD),
  "second-factor": form("/sign-in/second-factor"),
  "second-factor-refused": form("/sign-in/second-factor", { code: "123456" }, WRONG_CODE),
  "second-factor-recovery": form("/sign-in/second-factor", RECOVERY),
  "second-factor-recovery-refused": form("/sign-in/second-factor", { ...RECOVERY, code: CODES[0] }, WRONG_CODE),
  "second-factor-locked": form("/sign-in/second-factor", {}, { ...err("too_many_attempts"), retryAfterSeconds: 60 }),
  "second-factor-passkey": form("/sign-in/second-factor", {}, undefined, PENDING("totp,passkey,recovery_code")),
  "second-factor-passkey-refused": form("/sign-in/second-factor", { credential: "{}" }, WRONG_CODE, PENDING("passkey")),
  continue: visit(renewPages, "/session/renew?to=/account"),
  "sign-up": form("/sign-up"),
  "sign-up-refused": form(
    "/sign-up",
    { address: "jane.doe@example" },
    refused({ email: "invalid_format", password: "common_password" }),
  ),
  "sign-up-taken": form("/sign-up", { address: EMAIL }, refused({ email: "taken" }, "email_taken")),
  "sign-up-released": form("/sign-up?notice=released"),
  verify: form("/verify"),
  "verify-sent": form("/verify", TYPED, undefined, ASKED_NOW()),
  "verify-resent": form("/verify?notice=resent", TYPED, undefined, ASKED),
  "verify-required": form("/verify?notice=required", TYPED, undefined, { identifier: EMAIL }),
  "verify-refused": form("/verify", { ...TYPED, otp: "123456" }, WRONG_CODE, ASKED),
  forgot: form("/forgot-password"),
  "forgot-refused": form("/forgot-password", { identifier: "jane doe" }, refused({ identifier: "invalid_format" })),
  "forgot-sent": visit(resetPages, "/forgot-password/sent", ASKED),
  "forgot-resent": visit(resetPages, "/forgot-password/sent?notice=resent", ASKED_NOW()),
  "reset-code": form("/reset-password"),
  "reset-code-sent": form("/reset-password", { identifier: PHONE }, undefined, { identifier: PHONE }),
  "reset-code-refused": form("/reset-password/code", { identifier: PHONE, otp: "123456" }, WRONG_CODE, {
    identifier: PHONE,
  }),
  "reset-link": form("/reset-password", TOKEN, undefined, ASKED),
  "reset-link-refused": form("/reset-password", TOKEN, refused({ new_password: "breached_password" }), ASKED),
  "reset-link-dead": form("/reset-password", TOKEN, err("invalid_token")),
  release: form("/release-address", TOKEN),
  "release-dead": form("/release-address", TOKEN, err("invalid_token")),
  "sign-out": visit(signOutPages, "/sign-out", { refresh_token: "x" }),
  "signed-out": visit(signOutPages, "/signed-out"),
  "account-deleted": visit(signOutPages, "/signed-out?notice=deleted"),

  account: settings("/account"),
  "account-saved": settings("/account?notice=saved", { phone: null, username: null }),
  "account-unverified": settings("/account", { email_verified: false, phone: null }),
  "account-pending": settings("/account", { first_name: null, last_name: null }, pending("email", NEW_EMAIL)),
  "account-app": settings("/account?notice=totpAdded", {}, {}, 10),
  "account-few-codes": settings("/account?notice=codeUsed", {}, {}, 2),
  "app-add": form("/account/authenticator/add", {}, undefined, NAMED),
  "app-add-expired": form("/account/authenticator/add?notice=expired", {}, undefined, NAMED),
  "app-confirm": form("/account/authenticator/confirm", {}, undefined, keptSetup),
  "app-confirm-refused": form("/account/authenticator/confirm", { code: "123456" }, WRONG_CODE, keptSetup),
  "app-remove": form("/account/authenticator/remove", {}, undefined, NAMED),
  passkeys: view("/account/passkeys?notice=passkeyRenamed", (c) => showPasskeys(c, passkeys())),
  "passkeys-none": view("/account/passkeys", (c) => showPasskeys(c, { ...passkeys(), passkeys: [] })),
  "passkey-add": form("/account/passkeys/add", {}, undefined, NAMED),
  "passkey-create": view("/account/passkeys/add", (c) => showCreation(c, creation)),
  "passkey-create-refused": view("/account/passkeys/add?notice=rejected", (c) => showCreation(c, creation)),
  "passkey-rename": form("/account/passkeys/rename", { id: "a", name: "iCloud Keychain" }),
  "passkey-remove": form("/account/passkeys/remove", { id: "a", name: "iCloud Keychain", warning: "endsCodes" }),
  "passkey-remove-last": form("/account/passkeys/remove", { id: "a", name: "My phone", warning: "lastWayIn" }),
  "codes-new": form("/account/recovery-codes/new", {}, undefined, NAMED),
  codes: view("/account/recovery-codes?notice=totpAdded", (c) => showCodes(c, CODES)),
  identity: form("/account/confirm-identity", { factors: "totp,recovery_code" }),
  "identity-recovery-refused": form(
    "/account/confirm-identity",
    { ...RECOVERY, factors: "totp,recovery_code", code: CODES[0] },
    WRONG_CODE,
  ),
  "identity-passkey": form("/account/confirm-identity", { ...RECOVERY, factors: "passkey,recovery_code" }),
  "identity-passkey-refused": form("/account/confirm-identity", { factors: "passkey", credential: "{}" }, WRONG_CODE),
  profile: form("/account/profile", user() as unknown as FormValues),
  "profile-refused": form("/account/profile", { first_name: "Jane\u0007" }, refused({ first_name: "invalid_format" })),
  username: form("/account/username", { username: "janedoe", contact: "email" }),
  "username-refused": form("/account/username", { username: "jane" }, refused({ username: "taken" }, "username_taken")),
  email: form("/account/email", { email: null }, undefined, NAMED),
  "email-refused": form("/account/email", { email: EMAIL }, refused({ email: "unchanged" }), NAMED),
  "email-confirm": form("/account/email/confirm", {}, undefined, pending("email", NEW_EMAIL, Date.now())),
  "email-confirm-refused": form("/account/email/confirm", { otp: "123456" }, WRONG_CODE, pending("email", NEW_EMAIL)),
  "email-remove": form("/account/email/remove", {}, undefined, NAMED),
  phone: form("/account/phone", { phone: null }, undefined, NAMED),
  "phone-remove": form("/account/phone/remove", {}, undefined, NAMED),
  "phone-confirm": form("/account/phone/confirm", {}, undefined, pending("phone", PHONE)),
  password: form("/account/password", {}, undefined, NAMED),
  "password-refused": form("/account/password", {}, refused({ new_password: "breached_password" }), NAMED),
  sessions: view("/account/sessions", (c) => showSessions(c, sessions())),
  "sessions-one": view("/account/sessions?notice=ended", (c) => showSessions(c, sessions().slice(0, 1))),
  activity: view("/account/activity", (c) => showActivity(c, { events: events(), next_cursor: "x" })),
  "activity-none": view("/account/activity?group=messages", (c) =>
    showActivity(c, { events: [], next_cursor: null }, "messages"),
  ),
  delete: form("/account/delete", {}, undefined, NAMED),
  "delete-refused": form("/account/delete", {}, WRONG_PASSWORD, NAMED),
  "account-form-unsent": form("/account/profile?notice=unsent", { first_name: "Jane" }),

  "not-found": failed(err("not_found")),
  "too-many": failed(LOCKED),
  busy: failed(err("overloaded")),
  failed: failed(err("internal_error")),
  "foreign-form": failed(err("origin_not_allowed")),
  misconfigured: failed(
    err("misconfigured", [
      { path: "ALLOWED_ORIGINS", code: "invalid_setting", message: "List origins such as https://app.example.com." },
      { path: "PEPPER", code: "invalid_setting", message: "Set at least 32 characters." },
    ]),
  ),
  outbox: visit(outboxRoutes, "/dev/outbox"),
});

/** A mail has styles of its own, as it does in the outbox. */
const MAIL_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; base-uri 'none'; frame-ancestors 'none'";

const MAILS = (): Record<string, Sample> =>
  Object.fromEntries(
    [...SECRET_PURPOSES, "address-taken" as const, ...NOTICE_KINDS].map((kind) => [
      `mail-${kind}`,
      view("/dev/outbox", async (c) => {
        const { html } = await mail(c.var.deps, kind);
        return c.html(html, 200, { "Content-Security-Policy": MAIL_POLICY });
      }),
    ]),
  );

/** Returns all states, with the times of now. */
export const allSamples = (): Record<string, Sample> => ({ ...PAGES(), ...policySamples(), ...MAILS() });
