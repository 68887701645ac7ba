/**
 * The pages of recovery codes: a form that creates new ones, and the page that shows them once.
 * The owner of codes has a second factor and proves it, so the form asks for no password.
 */
import { type Context, Hono } from "hono";
import * as z from "zod/mini";
import { findFactorOwner } from "../../auth/reauthenticate.ts";
import { showAccountPage } from "../../pages/account-page.tsx";
import { fromOwnPage } from "../../pages/form.ts";
import { accountFormPage } from "../../pages/form-page.tsx";
import { Notice } from "../../pages/form-parts.tsx";
import { CODES_PATH, forgetSecret, keepSecret, keptSecret } from "../../pages/kept-secret.ts";
import { NewCodes } from "../../pages/new-codes.tsx";
import { translations } from "../../pages/page.tsx";
import { carryReturn, givenReturn } from "../../pages/return-to.ts";
import { askToConfirmIdentity, askToSignIn, keepSession, type SignedInEnv, signedIn } from "../../pages/session.ts";
import { secondFactorsOf } from "../../storage/factors.ts";
import { renewRecoveryCodes } from "./recovery-codes.ts";

const renewalPage = accountFormPage(`${CODES_PATH}/new`, {
  title: (t) => t.factors.acts.create,
  async open(c) {
    const owner = await findFactorOwner(c.var.deps, c.var.session);
    if (!owner.ok) return owner.acr ? askToConfirmIdentity(c) : askToSignIn(c);
    return secondFactorsOf(owner.value).length > 0 ? {} : c.redirect("/account", 303);
  },
  fields: (form) => <p>{form.t.factors.codes.renewal}</p>,
  submit: (t) => t.factors.acts.create,
  schema: z.strictObject({}),
  rateLimits: ["credentials"],
  async act(c) {
    const renewed = await renewRecoveryCodes(c.var.deps, c.var.session, {});
    if (!renewed.ok) return renewed.code === "not_found" ? c.redirect("/account", 303) : renewed;
    const { recovery_codes, ...tokens } = renewed.value;
    keepSession(c, tokens);
    await keepSecret(c, "recovery_codes", c.var.session.userId, recovery_codes.join(" "));
    return c.redirect(`${CODES_PATH}?notice=codesCreated`, 303);
  },
});

export const codePages = new Hono<SignedInEnv>()
  .get(CODES_PATH, signedIn, async (c) => {
    const codes = await keptSecret(c, "recovery_codes", c.var.session.userId);
    return codes ? showCodes(c, codes.split(" ")) : leadOn(c);
  })
  .post(CODES_PATH, fromOwnPage, signedIn, (c) => {
    forgetSecret(c, "recovery_codes");
    return leadOn(c);
  })
  .route("/", renewalPage);

/** Leads to the account, or to where a sign-in that had to add a factor was going. */
const leadOn = (c: Context<SignedInEnv>) => c.redirect(givenReturn(c)?.address ?? "/account", 303);

/** Renders these new codes. */
export async function showCodes(c: Context<SignedInEnv>, codes: string[]) {
  const t = await translations(c);
  const { notices, codes: words } = t.factors;
  const returnTo = givenReturn(c);
  const notice = Object.entries({ ...notices, ...t.passkeys.notices }).find(([name]) => name === c.req.query("notice"));
  const children = (
    <>
      {notice && <Notice>{notice[1]}</Notice>}
      <section class="card">
        <NewCodes t={t} codes={codes} action={carryReturn(CODES_PATH, returnTo, { user: c.var.session.userId })} />
      </section>
    </>
  );
  return showAccountPage(c, { title: words.saveTitle, children, formTarget: returnTo?.origin });
}
