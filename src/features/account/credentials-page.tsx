import { type Context, Hono, type MiddlewareHandler } from "hono";
import type { Child } from "hono/jsx";
import type * as z from "zod";
import { limit } from "../../http/limit.ts";
import type { PageWords } from "../../locales/words.ts";
import { AccountNav } from "../../pages/account-nav.tsx";
import { Code, CurrentPassword, Field, Form, type FormState, NewPassword } from "../../pages/fields.tsx";
import { fromOwnPage, readSubmitted } from "../../pages/form.ts";
import { sayingsOf, showPage } from "../../pages/page.tsx";
import { actionOf, askToSignIn, forgetSession, type SignedInEnv, signedIn } from "../../pages/session.ts";
import type { Result } from "../../result.ts";
import { DeleteAccount, deleteOwnAccount } from "./account.ts";
import {
  ChangeEmail,
  ChangePhone,
  ConfirmAddress,
  confirmAddress,
  requestEmailChange,
  requestPhoneChange,
} from "./address.ts";
import { ChangePassword, changePassword } from "./password.ts";

type PageContext = Context<SignedInEnv>;

/** A page of one form that changes how its user signs in. */
interface CredentialPage<Schema extends z.ZodType> {
  title: (say: PageWords) => string;
  submit: (say: PageWords) => string;
  danger?: boolean;
  fields: (form: FormState) => Child;
  schema: Schema;
  limits: MiddlewareHandler[];
  act: (c: PageContext, input: z.output<Schema>) => Promise<Result<unknown>>;
  /** Where it leads when that is done. */
  next: string;
}

function credentialPage<Schema extends z.ZodType>(path: string, page: CredentialPage<Schema>) {
  const show = (c: PageContext, given: Omit<FormState, "say">) => {
    const say = sayingsOf(c);
    const form = { ...given, say };
    const children = (
      <>
        <AccountNav say={say} path={c.req.path} />
        <Form {...form} action={actionOf(c, path)} submit={page.submit(say)} danger={page.danger ?? false}>
          {page.fields(form)}
        </Form>
      </>
    );
    return showPage(c, { title: page.title(say), failure: form.failure, children });
  };
  return new Hono<SignedInEnv>()
    .get(path, signedIn, (c) => show(c, { values: {} }))
    .on("POST", [path], fromOwnPage, ...page.limits, signedIn, async (c) => {
      const { values, parsed } = await readSubmitted(c, page.schema);
      const done = parsed.ok ? await page.act(c, parsed.value) : parsed;
      if (done.ok) return c.redirect(page.next, 303);
      return done.code === "unauthenticated" ? askToSignIn(c) : show(c, { values, failure: done });
    });
}

const passwordPage = credentialPage("/account/password", {
  title: (say) => say.actions.changePassword,
  submit: (say) => say.actions.changePassword,
  fields: (form) => (
    <>
      <CurrentPassword form={form} name="old_password" />
      <NewPassword form={form} name="new_password" />
      <NewPassword form={form} name="confirm_password" />
    </>
  ),
  schema: ChangePassword,
  limits: [limit("guess")],
  act: (c, input) => changePassword(c.var.deps, c.var.auth, input),
  next: "/account?notice=passwordChanged",
});

const emailPage = credentialPage("/account/email", {
  title: (say) => say.actions.changeEmail,
  submit: (say) => say.actions.changeEmail,
  fields: (form) => (
    <>
      <Field form={form} name="email" type="email" autocomplete="email" maxlength={254} required />
      <CurrentPassword form={form} name="password" />
    </>
  ),
  schema: ChangeEmail,
  limits: [limit("guess"), limit("send")],
  act: (c, input) => requestEmailChange(c.var.deps, c.var.auth, input),
  next: "/account/email/confirm",
});

const phonePage = credentialPage("/account/phone", {
  title: (say) => say.actions.changePhone,
  submit: (say) => say.actions.changePhone,
  fields: (form) => (
    <>
      <Field form={form} name="phone" type="tel" autocomplete="tel" maxlength={32} required />
      <CurrentPassword form={form} name="password" />
    </>
  ),
  schema: ChangePhone,
  limits: [limit("guess"), limit("send")],
  act: (c, input) => requestPhoneChange(c.var.deps, c.var.auth, input),
  next: "/account/phone/confirm",
});

const confirmationPage = (kind: "email" | "phone") =>
  credentialPage(`/account/${kind}/confirm`, {
    title: (say) => (kind === "email" ? say.titles.confirmEmail : say.titles.confirmPhone),
    submit: (say) => say.actions.confirm,
    fields: (form) => (
      <>
        <p>{form.say.texts.verifyLead}</p>
        <Code form={form} />
        <p>
          <a href={`/account/${kind}`}>
            {kind === "email" ? form.say.actions.changeEmail : form.say.actions.changePhone}
          </a>
        </p>
      </>
    ),
    schema: ConfirmAddress,
    limits: [limit("guess")],
    act: (c, input) => confirmAddress(c.var.deps, c.var.auth, kind, input),
    next: `/account?notice=${kind}Changed`,
  });

const deletionPage = credentialPage("/account/delete", {
  title: (say) => say.sections.delete,
  submit: (say) => say.actions.delete,
  danger: true,
  fields: (form) => (
    <>
      <p>{form.say.texts.deleteLead}</p>
      <CurrentPassword form={form} name="password" />
    </>
  ),
  schema: DeleteAccount,
  limits: [limit("guess")],
  async act(c, input) {
    const deleted = await deleteOwnAccount(c.var.deps, c.var.auth, input);
    if (deleted.ok) forgetSession(c);
    return deleted;
  },
  next: "/signed-out?notice=deleted",
});

export const credentialPages = new Hono<SignedInEnv>()
  .route("/", passwordPage)
  .route("/", emailPage)
  .route("/", confirmationPage("email"))
  .route("/", phonePage)
  .route("/", confirmationPage("phone"))
  .route("/", deletionPage);
