/** The states of the pages of a signed-in user's account. */
import type { Factors } from "../contract/factors.ts";
import type { User } from "../contract/user.ts";
import { showActivity } from "../features/account/activity-page.tsx";
import { showAccount } from "../features/account/overview-page.tsx";
import { showCodes } from "../features/factors/codes-page.tsx";
import { showCreation, showPasskeys } from "../features/passkeys/page.tsx";
import { showSessions } from "../features/sessions/page.tsx";
import type { FormValues } from "../pages/fields.tsx";
import { err } from "../result.ts";
import {
  byPasskey,
  form,
  RECOVERY,
  refused,
  type Sample,
  type SampleContext,
  view,
  WRONG_CODE,
  WRONG_PASSWORD,
} from "./sample.ts";
import {
  CODES,
  creation,
  EMAIL,
  events,
  factors,
  keptSetup,
  PHONE,
  passkeys,
  sessions,
  USER_ID,
  user,
  withApp,
} from "./sample-data.ts";

/** The settings of the sample user with these changes, whose language is that of the browser. */
const settings = (
  path: string,
  changes: Partial<User> = {},
  cookies: Sample["cookies"] = {},
  own: Partial<Factors> = {},
): Sample => {
  const language = (c: SampleContext) => c.var.deps.requestContext.locale ?? "en";
  return view(path, (c) => showAccount(c, user({ locale: language(c), ...changes }), factors(own)), cookies);
};

const NAMED = { account: `${USER_ID} ${EMAIL}` };
const pending = (kind: "email" | "phone", address: string, sentAt = 0) => ({
  ...NAMED,
  [`pending_${kind}`]: `${USER_ID} ${sentAt} ${address}`,
});
const NEW_EMAIL = "jane@new.example";

export const accountSamples = (): Record<string, Sample> => ({
  account: settings("/account"),
  "account-saved": settings("/account?notice=saved", { phone: null, username: null }),
  "account-unverified": settings("/account", { email_verified: false, phone: null }),
  "account-pending": settings("/account", { first_name: null, last_name: null }, pending("email", NEW_EMAIL)),
  "account-app": settings("/account?notice=totpAdded", {}, {}, withApp(10)),
  "account-few-codes": settings("/account?notice=codeUsed", {}, {}, withApp(2)),
  "account-passkeys": settings("/account", {}, {}, { passkeys: 2, recovery_codes_left: 10 }),
  "account-no-password": settings("/account", {}, {}, { password: false, passkeys: 1, recovery_codes_left: 10 }),
  "app-add": form("/account/authenticator/add"),
  "app-add-later": form("/account/authenticator/add", { password: "" }, undefined, NAMED),
  "app-add-expired": form("/account/authenticator/add?notice=expired"),
  "app-confirm": form("/account/authenticator/confirm", {}, undefined, keptSetup),
  "app-confirm-refused": form("/account/authenticator/confirm", { code: "123456" }, WRONG_CODE, keptSetup),
  "app-remove": form("/account/authenticator/remove"),
  "app-remove-last": form("/account/authenticator/remove", { isLast: "true" }),
  passkeys: view("/account/passkeys?notice=passkeyRenamed", (c) => showPasskeys(c, passkeys())),
  "passkeys-none": view("/account/passkeys", (c) => showPasskeys(c, { ...passkeys(), passkeys: [] })),
  "passkeys-one": view("/account/passkeys?notice=passkeyRemoved", (c) =>
    showPasskeys(c, { ...passkeys(), passkeys: passkeys().passkeys.slice(0, 1) }),
  ),
  "passkey-add": form("/account/passkeys/add", { password: "" }, undefined, NAMED),
  "passkey-create": view("/account/passkeys/add", (c) => showCreation(c, creation)),
  "passkey-create-refused": view("/account/passkeys/add?notice=rejected", (c) => showCreation(c, creation)),
  "passkey-rename": form("/account/passkeys/rename", { id: "a", name: "iCloud Keychain" }),
  "passkey-remove": form("/account/passkeys/remove", { id: "a", name: "iCloud Keychain" }),
  "passkey-remove-last-factor": form("/account/passkeys/remove", { id: "a", name: "My phone", warning: "lastFactor" }),
  "passkey-remove-last": form("/account/passkeys/remove", { id: "a", name: "My phone", warning: "lastWayIn" }),
  "password-remove": form("/account/password/remove"),
  "password-remove-refused": form("/account/password/remove", {}, err("last_credential")),
  "codes-new": form("/account/recovery-codes/new"),
  codes: view("/account/recovery-codes?notice=totpAdded", (c) => showCodes(c, CODES)),
  "identity-send-code": form("/account/confirm-identity/send-code"),
  "identity-code": form("/account/confirm-identity/code"),
  "identity-code-refused": form("/account/confirm-identity/code", { otp: "123456" }, WRONG_CODE),
  identity: form("/account/confirm-identity", { factors: "totp,recovery_code" }),
  "identity-recovery-refused": form(
    "/account/confirm-identity",
    { ...RECOVERY, factors: "totp,recovery_code", code: CODES[0] },
    WRONG_CODE,
  ),
  "identity-passkey": form("/account/confirm-identity", { factors: "passkey,totp,recovery_code" }),
  "identity-passkey-only": form("/account/confirm-identity", { factors: "passkey" }),
  "identity-passkey-refused": form("/account/confirm-identity", { factors: "passkey" }, WRONG_CODE),
  "identity-password": form("/account/confirm-identity", { factors: "" }, undefined, NAMED),
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
  "password-set": byPasskey("/account/password"),
  "password-refused": form("/account/password", {}, refused({ new_password: "breached_password" }), NAMED),
  sessions: view("/account/sessions", (c) => showSessions(c, sessions())),
  "sessions-one": view("/account/sessions?notice=ended", (c) => showSessions(c, sessions().slice(0, 1))),
  activity: view("/account/activity", (c) => showActivity(c, { events: events(), next_cursor: "x" })),
  "activity-none": view("/account/activity?group=messages", (c) =>
    showActivity(c, { events: [], next_cursor: null }, "messages"),
  ),
  delete: form("/account/delete", {}, undefined, NAMED),
  "delete-no-password": byPasskey("/account/delete", NAMED),
  "delete-refused": form("/account/delete", {}, WRONG_PASSWORD, NAMED),
  "account-form-unsent": form("/account/profile?notice=unsent", { first_name: "Jane" }),
});
