import { type Context, Hono } from "hono";
import * as z from "zod";
import { Otp } from "../../auth/codes.ts";
import type { AppEnv } from "../../http/app-env.ts";
import type { PageMessages } from "../../locales/locales.ts";
import { CaptchaField } from "../../pages/captcha.tsx";
import { remember, remembered } from "../../pages/cookies.ts";
import { CodeField, Field, type FormState } from "../../pages/fields.tsx";
import { formPage } from "../../pages/form-page.tsx";
import { Form, Notice } from "../../pages/form-parts.tsx";
import { refreshTokenIn } from "../../pages/session.ts";
import { CaptchaToken } from "../../schemas/captcha.ts";
import { IdentifierText } from "../../schemas/identifier.ts";
import { requestCode, verify } from "./verification.ts";

/** Both buttons submit one form. A code needs no captcha, and another code needs no code. */
const Typed = z.strictObject({ identifier: IdentifierText, otp: Otp, turnstile_token: CaptchaToken });
const Resend = z.object({ identifier: IdentifierText, turnstile_token: CaptchaToken });

const page = {
  title: (t: PageMessages) => t.verification.title,
  content: VerifyForm,
  captcha: () => "verify" as const,
};

const verifyPage = formPage("/verify", {
  ...page,
  open: (c) => ({ identifier: remembered(c, "identifier") }),
  schema: Typed,
  rateLimits: ["credentials"],
  async act(c, { identifier, otp }) {
    const verified = await verify(c.var.deps, { identifier, otp });
    if (!verified.ok) return verified;
    return c.redirect(refreshTokenIn(c).token ? "/account?notice=verified" : "/sign-in?notice=verified", 303);
  },
});

const resendPage = formPage("/verify/resend", {
  ...page,
  // A browser whose user reopens the address of a refused form sends a GET.
  open: (c) => c.redirect("/verify", 303),
  schema: Resend,
  rateLimits: ["messages"],
  async act(c, input) {
    const requested = await requestCode(c.var.deps, input);
    if (!requested.ok) return requested;

    remember(c, "identifier", input.identifier);
    return c.redirect("/verify?notice=resent", 303);
  },
});

export const verifyPages = new Hono<AppEnv>().route("/", verifyPage).route("/", resendPage);

function VerifyForm(form: FormState, c: Context<AppEnv>) {
  const { t } = form;
  return (
    <>
      {c.req.query("notice") === "resent" && <Notice>{t.verification.resent}</Notice>}
      <p>{t.verification.lead}</p>
      <Form
        {...form}
        captcha={undefined}
        action="/verify"
        submit={t.verification.submit}
        footer={<Resending {...form} />}
      >
        <Field form={form} name="identifier" autocomplete="username" maxlength={254} required />
        <CodeField form={form} />
      </Form>
      <nav class="links">
        <a href="/sign-in">{t.login.signIn}</a>
      </nav>
    </>
  );
}

/** The second button of the form, so that the enter key presses the first. It needs the captcha. */
const Resending = ({ t, captcha }: FormState) => (
  <>
    <CaptchaField t={t} captcha={captcha} />
    <button type="submit" class="secondary" formaction="/verify/resend" formnovalidate>
      {t.verification.resend}
    </button>
  </>
);
