import { type Context, Hono } from "hono";
import * as z from "zod/mini";
import { findFactorOwner } from "../../auth/reauthenticate.ts";
import type { Deps } from "../../deps.ts";
import { needsMethod } from "../../http/login-methods.ts";
import type { PageMessages } from "../../locales/locales.ts";
import { Choice } from "../../pages/choices.tsx";
import { CurrentPasswordField, Field, NewPasswordField, ProofField } from "../../pages/fields.tsx";
import { accountFormPage } from "../../pages/form-page.tsx";
import { readableAddress } from "../../pages/readable-address.ts";
import {
  asksForPassword,
  askToConfirmIdentity,
  askToSignIn,
  forgetSession,
  keepSession,
  type SignedInEnv,
} from "../../pages/session.ts";
import { fillIn } from "../../pages/time.tsx";
import { signsInByCode } from "../../schemas/login-methods.ts";
import { OptionalPassword } from "../../schemas/password.ts";
import { secondFactorsOf } from "../../storage/factors.ts";
import { changeOwnProfile, currentUser, DeleteAccount, deleteOwnAccount, UsernameChange } from "./account.ts";
import { ChangePassword, changePassword, removeOwnPassword } from "./password.ts";

// Users who signed in with their password are always asked for it, also soon after.
const ChangePasswordForm = ChangePassword.check(
  z.refine(({ old_password }) => old_password !== undefined, {
    path: ["old_password"],
    error: "Give the current password.",
  }),
);
const DeletionForm = z.required(DeleteAccount, { password: true });
const UsernameForm = z.required(UsernameChange, { password: true });

const passwordTitle = (t: PageMessages, { var: { session } }: Context<SignedInEnv>) =>
  t.account[asksForPassword(session) ? "password" : "newPassword"];

const passwordPage = accountFormPage("/account/password", {
  title: (t, _, c) => passwordTitle(t, c),
  proof: true,
  fields: (form) => (
    <>
      <CurrentPasswordField form={form} name="old_password" />
      <NewPasswordField form={form} name="new_password" />
    </>
  ),
  submit: (t, c) => passwordTitle(t, c),
  schema: (c) => (asksForPassword(c.var.session) ? ChangePasswordForm : ChangePassword),
  rateLimits: ["credentials"],
  async act(c, input) {
    const changed = await changePassword(c.var.deps, c.var.session, input);
    if (!changed.ok) return changed;
    keepSession(c, changed.value);
    return c.redirect("/account?notice=passwordChanged", 303);
  },
});

/** Removes the password of a user who has another way to sign in. */
const passwordRemovalPage = accountFormPage("/account/password/remove", {
  title: (t) => t.account.passwordRemoval.title,
  async open(c) {
    const owner = await findFactorOwner(c.var.deps, c.var.session);
    if (!owner.ok) return owner.acr ? askToConfirmIdentity(c) : askToSignIn(c);
    const { passwordHash, passkeyCount, identityCount } = owner.value;
    if (passwordHash === null) return c.redirect("/account", 303);
    const hasOther = passkeyCount + identityCount > 0 || signsInByCode(c.var.deps, owner.value);
    if (!hasOther) return c.redirect("/account/passkeys/add", 303);
    // A second factor has been proven by now.
    return secondFactorsOf(owner.value).length > 0 ? {} : { password: "" };
  },
  fields: (form) => (
    <>
      <p>{form.t.account.passwordRemoval.lead}</p>
      <ProofField form={form} />
    </>
  ),
  submit: (t) => t.account.acts.remove,
  refusals: ({ t }) => ({ last_credential: t.account.passwordRemoval.needsOther }),
  danger: true,
  schema: z.strictObject({ password: OptionalPassword }),
  rateLimits: ["credentials"],
  async act(c, input) {
    const removed = await removeOwnPassword(c.var.deps, c.var.session, input);
    if (!removed.ok) return removed.code === "not_found" ? c.redirect("/account", 303) : removed;
    keepSession(c, removed.value);
    return c.redirect("/account?notice=passwordRemoved", 303);
  },
});

const usernamePage = accountFormPage("/account/username", {
  title: (t) => t.account.username.form,
  proof: true,
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
  schema: (c) => (asksForPassword(c.var.session) ? UsernameForm : UsernameChange),
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
  proof: true,
  async fields(form, c) {
    const { lead, lost, kept } = form.t.account.deletion;
    const name = form.account && (await nameOf(form.account, c.var.deps));
    return (
      <>
        {name && <p>{fillIn(lead, { name: <strong>{name}</strong> })}</p>}
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
  schema: (c) => (asksForPassword(c.var.session) ? DeletionForm : DeleteAccount),
  rateLimits: ["credentials"],
  async act(c, input) {
    const deleted = await deleteOwnAccount(c.var.deps, c.var.session, input);
    if (!deleted.ok) return deleted;

    forgetSession(c);
    return c.redirect("/signed-out?notice=deleted", 303);
  },
});

/** The name that was typed to sign in may be a username. */
const nameOf = async (name: string, { assets }: Deps) => (/^\+|@/.test(name) ? readableAddress(name, assets) : name);

export const credentialPages = new Hono<SignedInEnv>()
  .use("/account/password", needsMethod("password"))
  .route("/", passwordPage)
  .route("/", passwordRemovalPage)
  .route("/", usernamePage)
  .route("/", deletionPage)
  // Password managers open it to change a password
  // (https://w3c.github.io/webappsec-change-password-url/).
  .get("/.well-known/change-password", (c) => c.redirect("/account/password", 303));
