import type { ErrorCode } from "../errors.ts";
import type { PageMessages } from "../locales/locales.ts";

/** The way on from a failure. */
export const SignInLink = ({ t }: { t: PageMessages }) => (
  <a class="button secondary" href="/sign-in">
    {t.login.signIn}
  </a>
);

/** The error code, for support. */
export const FailureCode = ({ t, code }: { t: PageMessages; code: ErrorCode }) => (
  <p class="soft">
    {t.errors.titlePrefix} <code>{code}</code>
  </p>
);
