import { remember } from "../../pages/cookies.ts";
import { Field, NewPasswordField } from "../../pages/fields.tsx";
import { formPage } from "../../pages/form-page.tsx";
import { Form, Notice } from "../../pages/form-parts.tsx";
import { carryReturn, givenReturn, rememberReturn } from "../../pages/return-to.ts";
import { Register, register } from "./register.ts";

export const signUpPages = formPage("/sign-up", {
  title: (t) => t.register.title,
  open(c) {
    rememberReturn(c);
    return {};
  },
  content: (form, c) => (
    <>
      {c.req.query("notice") === "released" && <Notice>{form.t.addressRelease.done}</Notice>}
      <Form {...form} action={carryReturn("/sign-up", givenReturn(c))} submit={form.t.register.submit}>
        <Field form={form} name="email" type="email" autocomplete="email" maxlength={254} />
        <Field form={form} name="phone" type="tel" autocomplete="tel" maxlength={64} optional />
        <Field form={form} name="username" autocomplete="username" maxlength={32} optional />
        <NewPasswordField form={form} name="password" />
      </Form>
      <nav class="links">
        <a href={carryReturn("/sign-in", givenReturn(c))}>{form.t.login.signIn}</a>
      </nav>
    </>
  ),
  captcha: () => "register",
  schema: Register,
  rateLimits: ["registration"],
  async act(c, input) {
    const user = await register(c.var.deps, input);
    if (!user.ok) return user;

    rememberReturn(c);
    remember(c, "identifier", user.value.email ?? user.value.phone ?? "");
    return c.redirect("/verify", 303);
  },
});
