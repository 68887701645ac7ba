/** The pages that add an authenticator app, in two steps, and remove it. */
import { type Context, Hono } from "hono";
import * as z from "zod/mini";
import { findFactorOwner, reauthenticateWithAllFactors } from "../../auth/reauthenticate.ts";
import { factorRefusals } from "../../pages/factor-code.tsx";
import { ProofField } from "../../pages/fields.tsx";
import { accountFormPage } from "../../pages/form-page.tsx";
import { CODES_PATH, forgetSecret, keepSecret, keptSecret } from "../../pages/kept-secret.ts";
import { askForProof, askToConfirmIdentity, askToSignIn, keepSession, type SignedInEnv } from "../../pages/session.ts";
import { TotpSetup } from "../../pages/totp-setup.tsx";
import { addTotp, ConfirmTotp, confirmOwnTotp, removeOwnTotp, StartTotp } from "./totp.ts";

const ADD_PATH = "/account/authenticator/add";
const CONFIRM_PATH = "/account/authenticator/confirm";

const addPage = accountFormPage(ADD_PATH, {
  title: (t) => t.factors.app.add,
  async open(c) {
    const actor = await reauthenticateWithAllFactors(c.var.deps, c.var.session, {});
    if (!actor.ok) return askForProof(c, actor);
    return actor.value.user.totpConfirmedAt === null ? {} : c.redirect("/account", 303);
  },
  fields(form, c) {
    const { lead, expired } = form.t.factors.app;
    return (
      <>
        {c.req.query("notice") === "expired" && <p class="alert">{expired}</p>}
        <p>{lead}</p>
        <ProofField form={form} />
      </>
    );
  },
  submit: (t) => t.factors.code.submit,
  schema: StartTotp,
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
  refusals: ({ t }) => factorRefusals(t, "totp"),
  schema: z.pick(ConfirmTotp, { code: true }),
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
  async open(c) {
    const owner = await findFactorOwner(c.var.deps, c.var.session);
    if (!owner.ok) return owner.acr ? askToConfirmIdentity(c) : askToSignIn(c);
    const { totpConfirmedAt, passkeyCount } = owner.value;
    return totpConfirmedAt === null ? c.redirect("/account", 303) : { isLast: passkeyCount === 0 ? "true" : null };
  },
  fields: ({ t: { factors }, values }) => (
    <>
      <p>{factors.app.removal}</p>
      {values["isLast"] && <p>{factors.lastFactor}</p>}
    </>
  ),
  submit: (t) => t.account.acts.remove,
  refusals: ({ t }) => ({ factor_required: t.enrollment.required }),
  danger: true,
  // The owner of an app proves a second factor, so the form asks for no password.
  schema: z.strictObject({}),
  rateLimits: ["credentials"],
  async act(c) {
    const removed = await removeOwnTotp(c.var.deps, c.var.session, {});
    if (!removed.ok) return removed.code === "not_found" ? c.redirect("/account", 303) : removed;
    keepSession(c, removed.value);
    return c.redirect("/account?notice=totpRemoved", 303);
  },
});

export const totpPages = new Hono<SignedInEnv>().route("/", addPage).route("/", confirmPage).route("/", removePage);
