/**
 * Every state of every page, by name. A new state is one row.
 *
 * A form page is rendered with values and a failure in place of what `open` and `act` find out. A
 * page that reads the database is rendered from sample data by its own view, and any other page
 * answers a request with the cookies of its state.
 */
import { NOTICE_KINDS, SECRET_PURPOSES } from "../contract/messages.ts";
import { signOutPages } from "../features/logout/page.tsx";
import { resetPages } from "../features/password-reset/page.tsx";
import { renewPages } from "../features/refresh/page.tsx";
import { showNewCodes } from "../features/register/page.tsx";
import { outboxRoutes } from "../features/service/development-page.tsx";
import { welcomePages } from "../features/service/welcome-page.tsx";
import { failurePage } from "../pages/failure-page.tsx";
import { type Err, err } from "../result.ts";
import { accountSamples } from "./account-samples.ts";
import { deviceSamples } from "./device-samples.ts";
import { oauthSamples } from "./oauth-samples.ts";
import { policySamples } from "./policy-samples.ts";
import {
  codesOnly,
  form,
  passkeysOnly,
  RECOVERY,
  refused,
  type Sample,
  view,
  visit,
  WRONG_CODE,
  WRONG_PASSWORD,
} from "./sample.ts";
import { CODES, EMAIL, mail, PHONE } from "./sample-data.ts";
import { socialSamples } from "./social-samples.ts";

const failed = (failure: Err): Sample => view("/nowhere", (c) => failurePage(c, failure));

const LOCKED: Err = { ...err("too_many_requests"), retryAfterSeconds: 30 };
const TYPED = { identifier: EMAIL };
const TOKEN = { token: "x".repeat(43) };

/** The cookies of a browser that asked for a message long ago, or just now. */
const askedAt = (at: number) => ({
  identifier: EMAIL,
  verification_sent: `${at} ${EMAIL}`,
  reset_sent: `${at} ${EMAIL}`,
  login_sent: `${at} ${EMAIL}`,
});
const ASKED = askedAt(0);
const ASKED_NOW = () => askedAt(Date.now());
const PENDING = (factors: string) => ({ login_token: `x ${factors} second-factor` });

const PAGES = (): Record<string, Sample> => ({
  welcome: visit(welcomePages, "/"),
  "sign-in": form("/sign-in"),
  "sign-in-again": form("/sign-in?notice=reset", TYPED),
  "sign-in-refused": form("/sign-in", TYPED, WRONG_PASSWORD),
  "sign-in-locked": form("/sign-in", TYPED, LOCKED),
  "sign-in-no-cookies": form("/sign-in?notice=no-cookies"),
  "sign-in-unsent": form("/sign-in?notice=unsent", TYPED),
  "sign-in-expired": form("/sign-in?notice=expired", TYPED),
  "sign-in-passkeys-only": passkeysOnly(form("/sign-in")),
  "sign-in-passkey-refused": form("/sign-in/passkey", {}, WRONG_PASSWORD),
  "sign-in-code-only": codesOnly(form("/sign-in")),
  "code-request": form("/sign-in/code"),
  "code-request-refused": form("/sign-in/code", TYPED, LOCKED),
  "code-enter": form("/sign-in/code/enter", TYPED, undefined, ASKED),
  "code-enter-resent": form("/sign-in/code/enter?notice=resent", TYPED, undefined, ASKED_NOW()),
  "code-enter-refused": form("/sign-in/code/enter", { ...TYPED, otp: "123456" }, WRONG_CODE, ASKED),
  "code-enter-text": form("/sign-in/code/enter", { identifier: PHONE }),
  "code-enter-only": codesOnly(form("/sign-in/code/enter", TYPED)),
  "code-link": form("/sign-in/link", TOKEN),
  "code-link-elsewhere": form("/sign-in/link", TOKEN, { ...err("other_browser"), otp: "718884" }),
  "code-link-invalid": form("/sign-in/link", TOKEN, err("invalid_token")),
  "second-factor": form("/sign-in/second-factor"),
  "second-factor-refused": form("/sign-in/second-factor", { code: "123456" }, WRONG_CODE),
  "second-factor-recovery": form("/sign-in/second-factor", RECOVERY),
  "second-factor-recovery-refused": form("/sign-in/second-factor", { ...RECOVERY, code: CODES[0] }, WRONG_CODE),
  "second-factor-locked": form("/sign-in/second-factor", {}, { ...err("too_many_attempts"), retryAfterSeconds: 60 }),
  "second-factor-passkey": form("/sign-in/second-factor", {}, undefined, PENDING("totp,passkey,recovery_code")),
  "second-factor-passkey-only": form("/sign-in/second-factor", {}, undefined, PENDING("passkey")),
  "second-factor-passkey-refused": form("/sign-in/second-factor", {}, WRONG_CODE, PENDING("passkey,recovery_code")),
  continue: visit(renewPages, "/session/renew?to=/account"),
  "sign-up": form("/sign-up"),
  "sign-up-refused": form(
    "/sign-up",
    { address: "jane.doe@example" },
    refused({ email: "invalid_format", password: "common_password" }),
  ),
  "sign-up-taken": form("/sign-up", { address: EMAIL }, refused({ email: "taken" }, "email_taken")),
  "sign-up-released": form("/sign-up?notice=released"),
  "sign-up-passkey-refused": form("/sign-up/passkey", { address: EMAIL }, err("invalid_passkey")),
  "sign-up-passkeys-only": passkeysOnly(form("/sign-up")),
  "sign-up-codes": view("/sign-up/recovery-codes", (c) => showNewCodes(c, CODES)),
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
export const allSamples = (): Record<string, Sample> => ({
  ...PAGES(),
  ...accountSamples(),
  ...oauthSamples(),
  ...policySamples(),
  ...deviceSamples(),
  ...socialSamples(),
  ...MAILS(),
});
