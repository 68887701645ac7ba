import { type Context, Hono } from "hono";
import type { AppEnv } from "../../http/app-env.ts";
import { rateLimit } from "../../http/rate-limit.ts";
import { Field, Form, type FormState, NewPasswordField } from "../../pages/fields.tsx";
import { fromOwnPage, readSubmitted } from "../../pages/form.ts";
import { showPage, translations } from "../../pages/page.tsx";
import { remember } from "../../pages/remembered.ts";
import { rememberReturn } from "../../pages/return-to.ts";
import { Register, register } from "./register.ts";

export const signUpPages = new Hono<AppEnv>()
  .get("/sign-up", (c) => {
    rememberReturn(c);
    return showSignUp(c, { values: {} });
  })
  .post("/sign-up", fromOwnPage, rateLimit("registration"), async (c) => {
    const { values, parsed } = await readSubmitted(c, Register);
    const user = parsed.ok ? await register(c.var.deps, parsed.value) : parsed;
    if (!user.ok) return showSignUp(c, { values, failure: user });

    remember(c, "identifier", user.value.email ?? user.value.phone ?? "");
    return c.redirect("/verify", 303);
  });

function showSignUp(c: Context<AppEnv>, given: Omit<FormState, "t">) {
  const t = translations(c);
  const form = { ...given, t };
  const children = (
    <>
      <Form {...form} action="/sign-up" submit={t.actions.signUp}>
        <Field form={form} name="email" type="email" autocomplete="email" maxlength={254} />
        <Field form={form} name="phone" type="tel" autocomplete="tel" maxlength={32} optional />
        <Field form={form} name="username" autocomplete="username" maxlength={32} optional />
        <NewPasswordField form={form} name="password" />
      </Form>
      <nav>
        <a href="/sign-in">{t.links.signIn}</a>
      </nav>
    </>
  );
  return showPage(c, { title: t.titles.signUp, failure: form.failure, children });
}
