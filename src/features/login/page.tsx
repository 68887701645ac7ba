import { type Context, Hono } from "hono";
import * as z from "zod";
import type { AppEnv } from "../../http/app-env.ts";
import { rateLimit } from "../../http/rate-limit.ts";
import type { PageMessages } from "../../locales/messages.ts";
import { CurrentPasswordField, Field, Form, type FormState, Notice } from "../../pages/fields.tsx";
import { fromOwnPage, readSubmitted } from "../../pages/form.ts";
import { showPage, translations } from "../../pages/page.tsx";
import { forget, remember } from "../../pages/remembered.ts";
import { parseReturnTo, type ReturnTo, rememberReturn, wantedReturn } from "../../pages/return-to.ts";
import { keepSession, refreshTokenIn } from "../../pages/session.ts";
import { CurrentPassword } from "../../schemas/password.ts";
import { text } from "../../schemas/text.ts";
import { login } from "./login.ts";

const SignIn = z.strictObject({
  identifier: text({ max: 254 }),
  password: CurrentPassword,
  return_to: z.string().optional(),
});

const NOTICES = ["verified", "reset"] as const;

export const signInPages = new Hono<AppEnv>()
  .get("/sign-in", (c) => {
    const returnTo = wantedReturn(c);
    if (!refreshTokenIn(c).token) {
      rememberReturn(c);
      return showSignIn(c, { values: {} }, returnTo);
    }
    // Once: what leads back here would lead there for ever.
    forget(c, "return_to");
    // Whether that session lives is found out on the way; where it does not, this page is shown.
    return c.redirect(`/session/renew?${new URLSearchParams({ to: returnTo?.address ?? "/account" })}`, 303);
  })
  .post("/sign-in", fromOwnPage, rateLimit("credentials"), async (c) => {
    const { values, parsed } = await readSubmitted(c, SignIn);
    const { return_to } = values;
    const returnTo = parseReturnTo(c, return_to);
    const tokens = parsed.ok ? await login(c.var.deps, parsed.value) : parsed;
    if (!tokens.ok) {
      const { identifier = "" } = values;
      if (tokens.code === "verification_required") remember(c, "identifier", identifier);
      return showSignIn(c, { values, failure: tokens }, returnTo);
    }

    keepSession(c, tokens.value);
    forget(c, "return_to");
    return c.redirect(returnTo?.address ?? "/account", 303);
  });

function showSignIn(c: Context<AppEnv>, given: Omit<FormState, "t">, returnTo: ReturnTo | undefined) {
  const t = translations(c);
  const form = { ...given, t };
  const { failure } = form;
  const children = (
    <>
      <Done t={t} notice={c.req.query("notice")} />
      <Form {...form} action="/sign-in" submit={t.actions.signIn}>
        {returnTo && <input type="hidden" name="return_to" value={returnTo.address} />}
        <Field form={form} name="identifier" autocomplete="username" maxlength={254} required />
        <CurrentPasswordField form={form} name="password" />
      </Form>
      <nav>
        <a href="/forgot-password">{t.links.forgot}</a>
        <a href="/sign-up">{t.links.signUp}</a>
        {failure?.code === "verification_required" && <a href="/verify">{t.links.verify}</a>}
      </nav>
    </>
  );
  return showPage(c, { title: t.titles.signIn, failure: form.failure, children, formTarget: returnTo?.origin });
}

/** What another page has done before it led here. */
function Done({ t, notice }: { t: PageMessages; notice: string | undefined }) {
  const known = NOTICES.find((name) => name === notice);
  return known ? <Notice>{t.notices[known]}</Notice> : null;
}
