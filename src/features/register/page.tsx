import { type Context, Hono } from "hono";
import type { AppEnv } from "../../http/app-env.ts";
import { limit } from "../../http/limit.ts";
import { Field, Form, type FormState, NewPassword } from "../../pages/fields.tsx";
import { fromOwnPage, readSubmitted } from "../../pages/form.ts";
import { sayingsOf, showPage } from "../../pages/page.tsx";
import { remember } from "../../pages/remembered.ts";
import { rememberReturn } from "../../pages/return-to.ts";
import { Register, register } from "./register.ts";

export const signUpPages = new Hono<AppEnv>()
  .get("/sign-up", (c) => {
    rememberReturn(c);
    return showSignUp(c, { values: {} });
  })
  .post("/sign-up", fromOwnPage, limit("create"), async (c) => {
    const { values, parsed } = await readSubmitted(c, Register);
    const user = parsed.ok ? await register(c.var.deps, parsed.value) : parsed;
    if (!user.ok) return showSignUp(c, { values, failure: user });

    remember(c, "identifier", user.value.email ?? user.value.phone ?? "");
    return c.redirect("/verify", 303);
  });

function showSignUp(c: Context<AppEnv>, given: Omit<FormState, "say">) {
  const say = sayingsOf(c);
  const form = { ...given, say };
  const children = (
    <>
      <Form {...form} action="/sign-up" submit={say.actions.signUp}>
        <Field form={form} name="email" type="email" autocomplete="email" maxlength={254} />
        <Field form={form} name="phone" type="tel" autocomplete="tel" maxlength={32} optional />
        <Field form={form} name="username" autocomplete="username" maxlength={32} optional />
        <NewPassword form={form} name="password" />
      </Form>
      <nav>
        <a href="/sign-in">{say.links.signIn}</a>
      </nav>
    </>
  );
  return showPage(c, { title: say.titles.signUp, failure: form.failure, children });
}
