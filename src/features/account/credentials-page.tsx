import { type Context, Hono, type MiddlewareHandler } from "hono";
import type { Child } from "hono/jsx";
import type * as z from "zod";
import { rateLimit } from "../../http/rate-limit.ts";
import type { PageMessages } from "../../locales/messages.ts";
import { AccountNav } from "../../pages/account-nav.tsx";
import { CodeField, CurrentPasswordField, Field, Form, type FormState, NewPasswordField } from "../../pages/fields.tsx";
import { fromOwnPage, readSubmitted } from "../../pages/form.ts";
import { showPage, translations } from "../../pages/page.tsx";
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
  title: (t: PageMessages) => string;
  submit: (t: PageMessages) => string;
  danger?: boolean;
  fields: (form: FormState) => Child;
  schema: Schema;
  rateLimits: MiddlewareHandler[];
  act: (c: PageContext, input: z.output<Schema>) => Promise<Result<unknown>>;
  /** Where it leads when that is done. */
  next: string;
}

function credentialPage<Schema extends z.ZodType>(path: string, page: CredentialPage<Schema>) {
  const show = (c: PageContext, given: Omit<FormState, "t">) => {
    const t = translations(c);
    const form = { ...given, t };
    const children = (
      <>
        <AccountNav t={t} path={c.req.path} />
        <Form {...form} action={actionOf(c, path)} submit={page.submit(t)} danger={page.danger ?? false}>
          {page.fields(form)}
        </Form>
      </>
    );
    return showPage(c, { title: page.title(t), failure: form.failure, children });
  };
  return new Hono<SignedInEnv>()
    .get(path, signedIn, (c) => show(c, { values: {} }))
    .on("POST", [path], fromOwnPage, ...page.rateLimits, signedIn, async (c) => {
      const { values, parsed } = await readSubmitted(c, page.schema);
      const done = parsed.ok ? await page.act(c, parsed.value) : parsed;
      if (done.ok) return c.redirect(page.next, 303);
      return done.code === "unauthenticated" ? askToSignIn(c) : show(c, { values, failure: done });
    });
}

const passwordPage = credentialPage("/account/password", {
  title: (t) => t.actions.changePassword,
  submit: (t) => t.actions.changePassword,
  fields: (form) => (
    <>
      <CurrentPasswordField form={form} name="old_password" />
      <NewPasswordField form={form} name="new_password" />
      <NewPasswordField form={form} name="confirm_password" />
    </>
  ),
  schema: ChangePassword,
  rateLimits: [rateLimit("credentials")],
  act: (c, input) => changePassword(c.var.deps, c.var.session, input),
  next: "/account?notice=passwordChanged",
});

const emailPage = credentialPage("/account/email", {
  title: (t) => t.actions.changeEmail,
  submit: (t) => t.actions.changeEmail,
  fields: (form) => (
    <>
      <Field form={form} name="email" type="email" autocomplete="email" maxlength={254} required />
      <CurrentPasswordField form={form} name="password" />
    </>
  ),
  schema: ChangeEmail,
  rateLimits: [rateLimit("credentials"), rateLimit("messages")],
  act: (c, input) => requestEmailChange(c.var.deps, c.var.session, input),
  next: "/account/email/confirm",
});

const phonePage = credentialPage("/account/phone", {
  title: (t) => t.actions.changePhone,
  submit: (t) => t.actions.changePhone,
  fields: (form) => (
    <>
      <Field form={form} name="phone" type="tel" autocomplete="tel" maxlength={32} required />
      <CurrentPasswordField form={form} name="password" />
    </>
  ),
  schema: ChangePhone,
  rateLimits: [rateLimit("credentials"), rateLimit("messages")],
  act: (c, input) => requestPhoneChange(c.var.deps, c.var.session, input),
  next: "/account/phone/confirm",
});

const confirmationPage = (kind: "email" | "phone") =>
  credentialPage(`/account/${kind}/confirm`, {
    title: (t) => (kind === "email" ? t.titles.confirmEmail : t.titles.confirmPhone),
    submit: (t) => t.actions.confirm,
    fields: (form) => (
      <>
        <p>{form.t.texts.verifyLead}</p>
        <CodeField form={form} />
        <p>
          <a href={`/account/${kind}`}>{kind === "email" ? form.t.actions.changeEmail : form.t.actions.changePhone}</a>
        </p>
      </>
    ),
    schema: ConfirmAddress,
    rateLimits: [rateLimit("credentials")],
    act: (c, input) => confirmAddress(c.var.deps, c.var.session, kind, input),
    next: `/account?notice=${kind}Changed`,
  });

const deletionPage = credentialPage("/account/delete", {
  title: (t) => t.sections.delete,
  submit: (t) => t.actions.delete,
  danger: true,
  fields: (form) => (
    <>
      <p>{form.t.texts.deleteLead}</p>
      <CurrentPasswordField form={form} name="password" />
    </>
  ),
  schema: DeleteAccount,
  rateLimits: [rateLimit("credentials")],
  async act(c, input) {
    const deleted = await deleteOwnAccount(c.var.deps, c.var.session, input);
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
