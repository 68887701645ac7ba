import { type Context, Hono } from "hono";
import * as z from "zod";
import type { AppEnv } from "../../http/app-env.ts";
import { limit } from "../../http/limit.ts";
import type { PageWords } from "../../locales/words.ts";
import { CurrentPassword, Field, Form, type FormState, Notice } from "../../pages/fields.tsx";
import { fromOwnPage, readSubmitted } from "../../pages/form.ts";
import { sayingsOf, showPage } from "../../pages/page.tsx";
import { forget, remember } from "../../pages/remembered.ts";
import { parseReturnTo, type ReturnTo, rememberReturn, wantedReturn } from "../../pages/return-to.ts";
import { keepSession, refreshTokenIn } from "../../pages/session.ts";
import { GivenPassword } from "../../schemas/password.ts";
import { text } from "../../schemas/text.ts";
import { login } from "./login.ts";

const SignIn = z.strictObject({
  identifier: text({ max: 254 }),
  password: GivenPassword,
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
  .post("/sign-in", fromOwnPage, limit("guess"), async (c) => {
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

function showSignIn(c: Context<AppEnv>, given: Omit<FormState, "say">, returnTo: ReturnTo | undefined) {
  const say = sayingsOf(c);
  const form = { ...given, say };
  const { failure } = form;
  const children = (
    <>
      <Done say={say} notice={c.req.query("notice")} />
      <Form {...form} action="/sign-in" submit={say.actions.signIn}>
        {returnTo && <input type="hidden" name="return_to" value={returnTo.address} />}
        <Field form={form} name="identifier" autocomplete="username" maxlength={254} required />
        <CurrentPassword form={form} name="password" />
      </Form>
      <nav>
        <a href="/forgot-password">{say.links.forgot}</a>
        <a href="/sign-up">{say.links.signUp}</a>
        {failure?.code === "verification_required" && <a href="/verify">{say.links.verify}</a>}
      </nav>
    </>
  );
  return showPage(c, { title: say.titles.signIn, failure: form.failure, children, formTarget: returnTo?.origin });
}

/** What another page has done before it led here. */
function Done({ say, notice }: { say: PageWords; notice: string | undefined }) {
  const known = NOTICES.find((name) => name === notice);
  return known ? <Notice>{say.notices[known]}</Notice> : null;
}
