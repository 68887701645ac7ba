/** The pages that add an authenticator app, in two steps, and remove it. */
import { type Context, Hono } from "hono";
import { findFactorOwner } from "../../auth/reauthenticate.ts";
import { codeRefusals } from "../../pages/factor-code.tsx";
import { CurrentPasswordField } from "../../pages/fields.tsx";
import { accountFormPage } from "../../pages/form-page.tsx";
import { CODES_PATH, forgetSecret, keepSecret, keptSecret } from "../../pages/kept-secret.ts";
import { askToConfirmIdentity, askToSignIn, keepSession, type SignedInEnv } from "../../pages/session.ts";
import { TotpSetup } from "../../pages/totp-setup.tsx";
import { addTotp, ConfirmTotp, confirmOwnTotp, RemoveTotp, removeOwnTotp, StartTotp } from "./totp.ts";

const ADD_PATH = "/account/authenticator/add";
const CONFIRM_PATH = "/account/authenticator/confirm";

/** Opens a form for an account that has an app, or that has none. */
async function openWith(c: Context<SignedInEnv>, { app }: { app: boolean }) {
  const owner = await findFactorOwner(c.var.deps, c.var.session);
  if (!owner.ok) return owner.acr ? askToConfirmIdentity(c) : askToSignIn(c);
  return (owner.value.totpConfirmedAt !== null) === app ? {} : c.redirect("/account", 303);
}

const addPage = accountFormPage(ADD_PATH, {
  title: (t) => t.factors.app.add,
  open: (c) => openWith(c, { app: false }),
  fields(form, c) {
    const { lead, expired } = form.t.factors.app;
    return (
      <>
        {c.req.query("notice") === "expired" && <p class="alert">{expired}</p>}
        <p>{lead}</p>
        <CurrentPasswordField form={form} name="password" />
      </>
    );
  },
  submit: (t) => t.factors.code.submit,
  schema: StartTotp.required({ password: true }),
  rateLimits: ["credentials"],
  async act(c, input) {
    const setup = await addTotp(c.var.deps, c.var.session, input);
    if (!setup.ok) return setup.code === "totp_exists" ? c.redirect("/account", 303) : setup;
    await keepSecret(c, "totp_setup", c.var.session.userId, setup.value.uri);
    return c.redirect(CONFIRM_PATH, 303);
  },
});

/** Returns the address that the QR code has, in the browser that started the setup. */
const setupIn = (c: Context<SignedInEnv>) => keptSecret(c, "totp_setup", c.var.session.userId);

const startAgain = (c: Context) => c.redirect(`${ADD_PATH}?notice=expired`, 303);

const confirmPage = accountFormPage(CONFIRM_PATH, {
  title: (t) => t.factors.app.setUp,
  open: async (c) => ((await setupIn(c)) ? {} : startAgain(c)),
  fields: async (form, c) => <TotpSetup form={form} uri={(await setupIn(c)) ?? ""} />,
  submit: (t) => t.factors.app.confirm.submit,
  refusals: ({ t }) => codeRefusals(t),
  schema: ConfirmTotp.pick({ code: true }),
  rateLimits: ["credentials"],
  async act(c, input) {
    const confirmed = await confirmOwnTotp(c.var.deps, c.var.session, input);
    if (!confirmed.ok) {
      // A credential changed meanwhile, or another browser shows the secret.
      const isOver = confirmed.code === "reauthentication_required" || !(await setupIn(c));
      return isOver && confirmed.code !== "unauthenticated" ? startAgain(c) : confirmed;
    }
    const { recovery_codes, ...tokens } = confirmed.value;
    keepSession(c, tokens);
    forgetSecret(c, "totp_setup");
    if (!recovery_codes) return c.redirect("/account?notice=totpAdded", 303);
    await keepSecret(c, "recovery_codes", c.var.session.userId, recovery_codes.join(" "));
    return c.redirect(`${CODES_PATH}?notice=totpAdded`, 303);
  },
});

const removePage = accountFormPage("/account/authenticator/remove", {
  title: (t) => t.factors.app.remove,
  open: (c) => openWith(c, { app: true }),
  fields: (form) => (
    <>
      <p>{form.t.factors.app.removal}</p>
      <CurrentPasswordField form={form} name="password" />
    </>
  ),
  submit: (t) => t.account.acts.remove,
  refusals: ({ t }) => ({ factor_required: t.enrollment.required }),
  danger: true,
  schema: RemoveTotp.pick({ password: true }).required(),
  rateLimits: ["credentials"],
  async act(c, input) {
    const removed = await removeOwnTotp(c.var.deps, c.var.session, input);
    if (!removed.ok) return removed.code === "not_found" ? c.redirect("/account", 303) : removed;
    keepSession(c, removed.value);
    return c.redirect("/account?notice=totpRemoved", 303);
  },
});

export const totpPages = new Hono<SignedInEnv>().route("/", addPage).route("/", confirmPage).route("/", removePage);
