import { type Context, Hono } from "hono";
import { Choice, CodeField, CurrentPasswordField, Field, NewPasswordField } from "../../pages/fields.tsx";
import { accountFormPage } from "../../pages/form-page.tsx";
import { askToSignIn, forgetSession, keepSession, type SignedInEnv } from "../../pages/session.ts";
import { changeOwnProfile, currentUser, DeleteAccount, deleteOwnAccount, UsernameChange } from "./account.ts";
import {
  ChangeEmail,
  ChangePhone,
  ConfirmAddress,
  confirmAddress,
  RemoveAddress,
  removeOwnAddress,
  requestEmailChange,
  requestPhoneChange,
} from "./address.ts";
import { ChangePassword, changePassword } from "./password.ts";

// The pages always ask for the password, also in a recently authenticated session.
const ChangePasswordForm = ChangePassword.refine(({ old_password }) => old_password !== undefined, {
  path: ["old_password"],
  error: "Give the current password.",
});

const passwordPage = accountFormPage("/account/password", {
  title: (t) => t.account.password.change,
  fields: (form) => (
    <>
      <CurrentPasswordField form={form} name="old_password" />
      <NewPasswordField form={form} name="new_password" />
      <NewPasswordField form={form} name="confirm_password" />
    </>
  ),
  submit: (t) => t.account.password.change,
  schema: ChangePasswordForm,
  rateLimits: ["credentials"],
  async act(c, input) {
    const changed = await changePassword(c.var.deps, c.var.session, input);
    if (!changed.ok) return changed;
    keepSession(c, changed.value);
    return c.redirect("/account?notice=passwordChanged", 303);
  },
});

const usernamePage = accountFormPage("/account/username", {
  title: (t) => t.account.username.title,
  async open(c) {
    const user = await currentUser(c.var.deps, c.var.session);
    return user.ok ? { username: user.value.username, contact: user.value.contact } : askToSignIn(c);
  },
  fields: (form) => {
    const { profile } = form.t.account;
    const { email, phone } = form.t.fields;
    return (
      <>
        <Field form={form} name="username" autocomplete="username" maxlength={32} />
        <Choice
          form={form}
          name="contact"
          options={{ "": profile.noPreference, email: email.label, phone: phone.label }}
        />
        <CurrentPasswordField form={{ ...form, account: undefined }} name="password" />
      </>
    );
  },
  submit: (t) => t.account.profile.save,
  schema: UsernameChange,
  // An emptied field clears what is stored.
  empty: null,
  rateLimits: ["credentials"],
  async act(c, input) {
    const changed = await changeOwnProfile(c.var.deps, c.var.session, input);
    return changed.ok ? c.redirect("/account?notice=usernameChanged", 303) : changed;
  },
});

const emailPage = accountFormPage("/account/email", {
  title: (t) => t.account.email.change,
  open: async (c) => ({ email: await unverifiedAddress(c, "email") }),
  fields: (form) => (
    <>
      <Field form={form} name="email" type="email" autocomplete="email" maxlength={254} required />
      <CurrentPasswordField form={form} name="password" />
    </>
  ),
  submit: (t) => t.account.email.change,
  schema: ChangeEmail.required({ password: true }),
  rateLimits: ["credentials", "messages"],
  async act(c, input) {
    const requested = await requestEmailChange(c.var.deps, c.var.session, input);
    return requested.ok ? c.redirect("/account/email/confirm", 303) : requested;
  },
});

const phonePage = accountFormPage("/account/phone", {
  title: (t) => t.account.phone.change,
  open: async (c) => ({ phone: await unverifiedAddress(c, "phone") }),
  fields: (form) => (
    <>
      <Field form={form} name="phone" type="tel" autocomplete="tel" maxlength={64} required />
      <CurrentPasswordField form={form} name="password" />
    </>
  ),
  submit: (t) => t.account.phone.change,
  schema: ChangePhone.required({ password: true }),
  rateLimits: ["credentials", "messages"],
  async act(c, input) {
    const requested = await requestPhoneChange(c.var.deps, c.var.session, input);
    return requested.ok ? c.redirect("/account/phone/confirm", 303) : requested;
  },
});

/** The address of the account that the form confirms, unless it is verified. */
async function unverifiedAddress(c: Context<SignedInEnv>, kind: "email" | "phone"): Promise<string | null> {
  const user = await currentUser(c.var.deps, c.var.session);
  return user.ok && !user.value[`${kind}_verified`] ? user.value[kind] : null;
}

const confirmationPage = (kind: "email" | "phone") =>
  accountFormPage(`/account/${kind}/confirm`, {
    title: (t) => t.account[kind].confirm,
    fields: (form) => (
      <>
        <p>{form.t.account.confirmation.lead}</p>
        <CodeField form={form} />
        <p>
          <a href={`/account/${kind}`}>{form.t.account[kind].change}</a>
        </p>
      </>
    ),
    submit: (t) => t.account.confirmation.submit,
    schema: ConfirmAddress,
    rateLimits: ["credentials"],
    async act(c, input) {
      const confirmed = await confirmAddress(c.var.deps, c.var.session, kind, input);
      if (!confirmed.ok) return confirmed;
      keepSession(c, confirmed.value);
      return c.redirect(`/account?notice=${kind}Changed`, 303);
    },
  });

const removalPage = (kind: "email" | "phone") =>
  accountFormPage(`/account/${kind}/remove`, {
    title: (t) => t.account[kind].remove,
    fields: (form) => (
      <>
        <p>{form.t.account[kind].removal}</p>
        <CurrentPasswordField form={form} name="password" />
      </>
    ),
    submit: (t) => t.account[kind].remove,
    danger: true,
    schema: RemoveAddress.required({ password: true }),
    rateLimits: ["credentials"],
    async act(c, input) {
      const removed = await removeOwnAddress(c.var.deps, c.var.session, kind, input);
      if (!removed.ok) return removed;
      keepSession(c, removed.value);
      return c.redirect(`/account?notice=${kind}Removed`, 303);
    },
  });

const deletionPage = accountFormPage("/account/delete", {
  title: (t) => t.account.deletion.title,
  fields: (form) => (
    <>
      <p>{form.t.account.deletion.lead}</p>
      <CurrentPasswordField form={form} name="password" />
    </>
  ),
  submit: (t) => t.account.deletion.submit,
  danger: true,
  schema: DeleteAccount.required({ password: true }),
  rateLimits: ["credentials"],
  async act(c, input) {
    const deleted = await deleteOwnAccount(c.var.deps, c.var.session, input);
    if (!deleted.ok) return deleted;

    forgetSession(c);
    return c.redirect("/signed-out?notice=deleted", 303);
  },
});

export const credentialPages = new Hono<SignedInEnv>()
  .route("/", passwordPage)
  .route("/", usernamePage)
  .route("/", emailPage)
  .route("/", confirmationPage("email"))
  .route("/", phonePage)
  .route("/", confirmationPage("phone"))
  .route("/", removalPage("email"))
  .route("/", removalPage("phone"))
  .route("/", deletionPage)
  // Password managers open it to change a password
  // (https://w3c.github.io/webappsec-change-password-url/).
  .get("/.well-known/change-password", (c) => c.redirect("/account/password", 303));
