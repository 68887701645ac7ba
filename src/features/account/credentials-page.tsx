import { Hono } from "hono";
import { needsMethod } from "../../http/login-methods.ts";
import { Choice, CurrentPasswordField, Field, NewPasswordField } from "../../pages/fields.tsx";
import { accountFormPage } from "../../pages/form-page.tsx";
import { readableAddress } from "../../pages/readable-address.ts";
import { askToSignIn, forgetSession, keepSession, type SignedInEnv } from "../../pages/session.ts";
import { fillIn } from "../../pages/time.tsx";
import { changeOwnProfile, currentUser, DeleteAccount, deleteOwnAccount, UsernameChange } from "./account.ts";
import { ChangePassword, changePassword } from "./password.ts";

// The pages always ask for the password, also in a recently authenticated session.
const ChangePasswordForm = ChangePassword.refine(({ old_password }) => old_password !== undefined, {
  path: ["old_password"],
  error: "Give the current password.",
});

const passwordPage = accountFormPage("/account/password", {
  title: (t) => t.account.password,
  fields: (form) => (
    <>
      <CurrentPasswordField form={form} name="old_password" />
      <NewPasswordField form={form} name="new_password" />
    </>
  ),
  submit: (t) => t.account.password,
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
  title: (t) => t.account.username.form,
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

const deletionPage = accountFormPage("/account/delete", {
  title: (t) => t.account.deletion.title,
  fields(form) {
    const { lead, lost, kept } = form.t.account.deletion;
    return (
      <>
        {form.account && <p>{fillIn(lead, { name: <strong>{nameOf(form.account)}</strong> })}</p>}
        <ul class="list">
          {lost.map((line) => (
            <li>{line}</li>
          ))}
        </ul>
        <p>{kept}</p>
        <CurrentPasswordField form={form} name="password" />
      </>
    );
  },
  submit: (t) => t.account.deletion.submit,
  cancel: (t) => t.account.deletion.cancel,
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

/** The name that was typed to sign in may be a username. */
const nameOf = (name: string) => (/^\+|@/.test(name) ? readableAddress(name) : name);

export const credentialPages = new Hono<SignedInEnv>()
  .use("/account/password", needsMethod("password"))
  .route("/", passwordPage)
  .route("/", usernamePage)
  .route("/", deletionPage)
  // Password managers open it to change a password
  // (https://w3c.github.io/webappsec-change-password-url/).
  .get("/.well-known/change-password", (c) => c.redirect("/account/password", 303));
