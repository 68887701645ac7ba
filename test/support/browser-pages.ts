/** The pages that the tests in a browser visit. */

/** Pages that need no session. */
export const OPEN = [
  "/",
  "/sign-in?notice=no-cookies",
  "/sign-up",
  "/verify",
  "/forgot-password",
  "/forgot-password/sent",
  `/reset-password?token=${"x".repeat(43)}`,
  "/reset-password",
  "/signed-out",
  "/nowhere",
];
/** States that the gallery shows. */
export const OTHERS = [
  "/dev/outbox",
  "/dev/pages",
  // Pages that need a second factor, or a setting.
  ...[
    "sign-in-passkey-refused",
    "second-factor",
    "second-factor-recovery-refused",
    "second-factor-passkey",
    "second-factor-passkey-refused",
    "account-few-codes",
    "account-no-password",
    "app-add-later",
    "app-confirm-refused",
    "app-remove-last",
    "codes",
    "identity",
    "identity-passkey-refused",
    "identity-password",
    "passkeys",
    "passkeys-none",
    "passkey-add",
    "passkey-create-refused",
    "passkey-rename",
    "passkey-remove-last-factor",
    "passkey-remove-last",
    "add-factor-refused",
    "add-factor-app-refused",
    "second-factor-trust",
    "trusted-browsers",
    "account-removal",
    "consent",
    "device-refused",
    "device-question",
  ].map((name) => `/dev/pages/${name}`),
];
const OWN = [
  "",
  "/profile?notice=unsent",
  "/username",
  "/email",
  "/email/confirm",
  "/phone",
  "/password",
  "/authenticator/add",
  "/passkeys",
  "/sessions",
  "/activity",
  "/activity?group=messages",
  "/delete",
];
/** Pages of a new account. */
export const ACCOUNT = OWN.map((path) => `/account${path}`);
