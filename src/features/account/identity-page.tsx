/** The step-up of a session: a code of a second factor, and back to the page that needs it. */
import type { Context } from "hono";
import * as z from "zod";
import { FactorCode as Code } from "../../auth/factors.ts";
import { ownFactors } from "../../auth/own-factors.ts";
import { codeRefusals, FactorCode, OtherCode } from "../../pages/factor-code.tsx";
import type { FormState } from "../../pages/fields.tsx";
import { accountFormPage } from "../../pages/form-page.tsx";
import { ownPath } from "../../pages/return-to.ts";
import { askToSignIn, keepSession, type SignedInEnv } from "../../pages/session.ts";
import { optional } from "../../schemas/optional.ts";
import { renewAuthentication } from "./reauthentication.ts";

const PATH = "/account/confirm-identity";

const ConfirmIdentity = z.strictObject({ code: Code, return_to: optional(z.string()), use: optional(z.string()) });

const returnIn = ({ values }: FormState, c: Context<SignedInEnv>) => ownPath(c, values["return_to"] ?? undefined);

export const identityPage = accountFormPage(PATH, {
  title: (t) => t.factors.identity.title,
  async open(c) {
    const factors = await ownFactors(c.var.deps, c.var.session);
    if (!factors.ok) return askToSignIn(c);
    // Nothing could be entered.
    if (!factors.value.totp && factors.value.recovery_codes_left === 0) return c.redirect("/account", 303);
    return { return_to: c.req.query("return_to"), use: c.req.query("use") };
  },
  fields: (form, c) => (
    <>
      <p>{form.t.factors.identity.lead}</p>
      <input type="hidden" name="return_to" value={returnIn(form, c)} />
      <FactorCode form={form} />
    </>
  ),
  submit: (t) => t.factors.code.submit,
  refusals: ({ t, values }) => codeRefusals(t, values),
  more: (form, c) => (
    <p class="links">
      <OtherCode form={form} path={PATH} return_to={returnIn(form, c)} />
    </p>
  ),
  schema: ConfirmIdentity,
  rateLimits: ["credentials"],
  async act(c, { code, return_to }) {
    const renewed = await renewAuthentication(c.var.deps, c.var.session, { code });
    if (!renewed.ok) return renewed;
    keepSession(c, renewed.value);
    return c.redirect(ownPath(c, return_to), 303);
  },
});
