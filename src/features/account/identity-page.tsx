/** The step-up of a session: a second factor, and back to the page that needs it. */
import { type Context, Hono } from "hono";
import * as z from "zod";
import { FactorCode as Code } from "../../auth/factors.ts";
import { ownFactors } from "../../auth/own-factors.ts";
import type { Factors, SecondFactor } from "../../contract/factors.ts";
import { answer } from "../../http/answer.ts";
import { rateLimit } from "../../http/rate-limit.ts";
import { codeRefusals, FactorCode, firstUse, hasCode, OtherCode } from "../../pages/factor-code.tsx";
import type { FormState, FormValues } from "../../pages/fields.tsx";
import { fromOwnPage } from "../../pages/form.ts";
import { accountFormPage } from "../../pages/form-page.tsx";
import { PasskeyForm } from "../../pages/passkey-form.tsx";
import { ownPath } from "../../pages/return-to.ts";
import { actionOf, askToSignIn, keepSession, type SignedInEnv, signedIn } from "../../pages/session.ts";
import { exactlyOne } from "../../schemas/exactly-one.ts";
import { optional } from "../../schemas/optional.ts";
import { AuthenticationResponse, inField } from "../../schemas/webauthn.ts";
import { reauthenticationOptions, renewAuthentication } from "./reauthentication.ts";

const PATH = "/account/confirm-identity";
const OPTIONS_PATH = `${PATH}/options`;

const ConfirmIdentity = z
  .strictObject({
    code: optional(Code),
    credential: optional(inField(AuthenticationResponse)),
    return_to: optional(z.string()),
    use: optional(z.string()),
    /** What the page offers, which its form repeats: it is shown again without a query. */
    factors: optional(z.string()),
  })
  .check(exactlyOne("code", "credential"));

const factorsOf = ({ totp, passkeys, recovery_codes_left }: Factors): SecondFactor[] => [
  ...(totp ? ["totp" as const] : []),
  ...(passkeys > 0 ? ["passkey" as const] : []),
  ...(recovery_codes_left > 0 ? ["recovery_code" as const] : []),
];

const factorsIn = ({ factors }: FormValues) => (factors?.split(",") ?? ["totp", "recovery_code"]) as SecondFactor[];

const returnIn = ({ values }: FormState, c: Context<SignedInEnv>) => ownPath(c, values["return_to"] ?? undefined);

const formPages = accountFormPage(PATH, {
  title: (t) => t.factors.identity.title,
  async open(c) {
    const own = await ownFactors(c.var.deps, c.var.session);
    if (!own.ok) return askToSignIn(c);
    const factors = factorsOf(own.value);
    // There is nothing to prove.
    if (factors.length === 0) return c.redirect("/account", 303);
    return {
      return_to: c.req.query("return_to"),
      use: firstUse(factors, c.req.query("use")),
      factors: factors.join(),
    };
  },
  fields: (form, c) =>
    hasCode(factorsIn(form.values)) ? (
      <>
        <p>{form.t.factors.identity.lead}</p>
        <Kept form={form} c={c} />
        <FactorCode form={form} />
      </>
    ) : null,
  submit: (t) => t.factors.code.submit,
  refusals: ({ t, values }) => codeRefusals(t, values),
  more: (form, c) => (
    <p class="links">
      <OtherCode form={form} path={PATH} factors={factorsIn(form.values)} return_to={returnIn(form, c)} />
    </p>
  ),
  below(form, c) {
    const factors = factorsIn(form.values);
    const isOnly = !hasCode(factors);
    const { identity } = form.t.factors;
    const { lead, use } = form.t.passkeys;
    return (
      factors.includes("passkey") && (
        <>
          {isOnly && (
            <p>
              {identity.lead} {lead}
            </p>
          )}
          <PasskeyForm
            t={form.t}
            action={actionOf(c, PATH)}
            options={actionOf(c, OPTIONS_PATH)}
            submit={use.submit}
            secondary={!isOnly}
            needed={isOnly}
          >
            <Kept form={form} c={c} />
            {form.values["use"] && <input type="hidden" name="use" value={form.values["use"]} />}
          </PasskeyForm>
        </>
      )
    );
  },
  schema: ConfirmIdentity,
  rateLimits: ["credentials"],
  async act(c, { code, credential, return_to }) {
    const renewed = await renewAuthentication(c.var.deps, c.var.session, { code, credential });
    if (!renewed.ok) return renewed;
    keepSession(c, renewed.value);
    return c.redirect(ownPath(c, return_to), 303);
  },
});

/** What both forms repeat. */
const Kept = ({ form, c }: { form: FormState; c: Context<SignedInEnv> }) => (
  <>
    <input type="hidden" name="return_to" value={returnIn(form, c)} />
    <input type="hidden" name="factors" value={form.values["factors"] ?? ""} />
  </>
);

/** The script of the page asks for these options. */
export const identityPage = new Hono<SignedInEnv>()
  .route("/", formPages)
  .post(OPTIONS_PATH, fromOwnPage, rateLimit("credentials"), signedIn, async (c) =>
    answer(c, await reauthenticationOptions(c.var.deps, c.var.session)),
  );
