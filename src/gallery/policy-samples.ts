/** The states of pages for a required second factor, trusted browsers and lost factors. */
import { showAccount } from "../features/account/overview-page.tsx";
import { showSessions } from "../features/sessions/page.tsx";
import { showTrustedDevices } from "../features/trusted-devices/page.tsx";
import { localeOf } from "../pages/page.tsx";
import { err } from "../result.ts";
import { form, type Sample, type SampleContext, view } from "./sample.ts";
import { factors, keptEnrollment, removal, sessions, trustedDevices, user, withApp } from "./sample-data.ts";

/** The sample user, whose language is that of the browser. */
const owner = (c: SampleContext) => user({ locale: localeOf(c) });

const TRUSTING = { TRUSTED_DEVICE_DAYS: 30 };
const REQUIRED = err("factor_required");

const HAS_BOTH = { login_token: "x totp,passkey,recovery_code second-factor" };
const HAS_PASSKEY = { login_token: "x passkey second-factor" };
const MUST_ADD = { login_token: "x totp,passkey enroll" };

export const policySamples = (): Record<string, Sample> => ({
  "add-factor": form("/sign-in/add-factor", {}, undefined, MUST_ADD),
  "add-factor-refused": form("/sign-in/add-factor", {}, err("invalid_passkey"), MUST_ADD),
  "add-factor-app": form("/sign-in/add-factor/app", {}, undefined, keptEnrollment),
  "add-factor-app-refused": form("/sign-in/add-factor/app", { code: "123456" }, err("invalid_code"), keptEnrollment),
  "second-factor-trust": { ...form("/sign-in/second-factor", {}, undefined, HAS_BOTH), settings: TRUSTING },
  "second-factor-trust-passkey": { ...form("/sign-in/second-factor", {}, undefined, HAS_PASSKEY), settings: TRUSTING },
  "sessions-trust": { ...view("/account/sessions", (c) => showSessions(c, sessions())), settings: TRUSTING },
  "trusted-browsers": view("/account/sessions/trusted?notice=ended", (c) => showTrustedDevices(c, trustedDevices())),
  "trusted-browsers-none": view("/account/sessions/trusted", (c) => showTrustedDevices(c, [])),
  "account-removal": view("/account", (c) => showAccount(c, owner(c), removal())),
  "account-kept": view("/account?notice=factorsKept", (c) => showAccount(c, owner(c), factors(withApp(10)))),
  "app-remove-required": form("/account/authenticator/remove", {}, REQUIRED),
  "passkey-remove-required": form("/account/passkeys/remove", { id: "a", name: "My phone" }, REQUIRED),
});
