import { type Context, Hono } from "hono";
import * as z from "zod";
import type { AppEnv } from "../../http/app-env.ts";
import type { PageMessages } from "../../locales/locales.ts";
import { remember, remembered } from "../../pages/cookies.ts";
import { CodeField, Field, Form, type FormState, Notice } from "../../pages/fields.tsx";
import { formPage } from "../../pages/form-page.tsx";
import { refreshTokenIn } from "../../pages/session.ts";
import { text } from "../../schemas/text.ts";
import { requestCode, Verify, verify } from "./verification.ts";

/** The resend button submits the form of `/verify`; its code is ignored. */
const Resend = z.object({ identifier: text({ max: 254 }) });

const page = { title: (t: PageMessages) => t.verification.title, content: VerifyForm };

const verifyPage = formPage("/verify", {
  ...page,
  open: (c) => ({ identifier: remembered(c, "identifier") }),
  schema: Verify,
  rateLimits: ["credentials"],
  async act(c, input) {
    const verified = await verify(c.var.deps, input);
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
      <Form {...form} action="/verify" submit={t.verification.submit}>
        <Field form={form} name="identifier" autocomplete="username" maxlength={254} required />
        <CodeField form={form} />
      </Form>
      <p>
        {/* Outside the form: the enter key presses a form's first button. */}
        <button type="submit" class="plain" form="form" formaction="/verify/resend" formnovalidate>
          {t.verification.resend}
        </button>
      </p>
      <nav>
        <a href="/sign-in">{t.login.signIn}</a>
      </nav>
    </>
  );
}
