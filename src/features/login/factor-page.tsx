/** The second step of a sign-in: a passkey, a code of an authenticator app, or a recovery code. */
import { type Context, Hono } from "hono";
import * as z from "zod/mini";
import { FactorCode as FactorCodeText } from "../../auth/factors.ts";
import { parseRecoveryCode } from "../../crypto/recovery-codes.ts";
import { answer } from "../../http/answer.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { remembered } from "../../http/page-cookies.ts";
import { rateLimit } from "../../http/rate-limit.ts";
import { FactorCode, factorRefusals, factorToAsk, OtherFactors } from "../../pages/factor-code.tsx";
import type { FormState } from "../../pages/fields.tsx";
import { fromOwnPage } from "../../pages/form.ts";
import { formPage } from "../../pages/form-page.tsx";
import { Form, Refusal, ReturnField } from "../../pages/form-parts.tsx";
import { leadOn } from "../../pages/lead-on.ts";
import { PasskeyForm } from "../../pages/passkey-form.tsx";
import { askToSignInAgain, pendingSignIn, SECOND_FACTOR_PATH } from "../../pages/pending-sign-in.ts";
import { carryReturn, givenReturn, parseReturnTo } from "../../pages/return-to.ts";
import { previousSession } from "../../pages/session.ts";
import { TrustField } from "../../pages/trust-field.tsx";
import { exactlyOne } from "../../schemas/exactly-one.ts";
import { optional } from "../../schemas/optional.ts";
import { AuthenticationResponse, inField } from "../../schemas/webauthn.ts";
import { proveSecondFactor, secondFactorOptions } from "./second-factor.ts";

const SecondFactor = z
  .strictObject({
    code: optional(FactorCodeText),
    credential: optional(inField(AuthenticationResponse)),
    return_to: optional(z.string()),
    use: optional(z.string()),
    trust_device: optional(z.literal("true")),
  })
  .check(exactlyOne("code", "credential"));

const OPTIONS_PATH = `${SECOND_FACTOR_PATH}/options`;

/** The factors of the account, or those of most accounts if the browser has dropped the cookie. */
const factorsIn = (c: Context) => pendingSignIn(c)?.factors ?? ["totp", "recovery_code"];

const formPages = formPage(SECOND_FACTOR_PATH, {
  title: ({ factors }, values, c) =>
    factorToAsk(factorsIn(c), values) === "passkey" ? factors.identity.title : factors.code.title,
  open(c) {
    if (!pendingSignIn(c)) return askToSignInAgain(c, givenReturn(c));
    return { return_to: givenReturn(c)?.address, use: c.req.query("use") };
  },
  content: SecondFactorForm,
  formTarget: (c, { return_to }) => parseReturnTo(c, return_to)?.origin,
  schema: SecondFactor,
  rateLimits: ["credentials"],
  async act(c, { code, credential, trust_device }, { return_to }) {
    const returnTo = parseReturnTo(c, return_to);
    const pending = pendingSignIn(c);
    if (!pending) return askToSignInAgain(c, returnTo);
    const proof = { login_token: pending.loginToken, code, credential, trust_device: Boolean(trust_device) };
    const tokens = await proveSecondFactor(c.var.deps, proof, previousSession(c));
    if (!tokens.ok && tokens.code === "invalid_login_token") return askToSignInAgain(c, returnTo);

    const landing = parseRecoveryCode(code ?? "") ? "/account?notice=codeUsed" : "/account";
    return leadOn(c, tokens, { identifier: remembered(c, "identifier") ?? "", returnTo, landing });
  },
});

/** The script of the page asks for these options. */
export const secondFactorPages = new Hono<AppEnv>()
  .route("/", formPages)
  .post(OPTIONS_PATH, fromOwnPage, rateLimit("credentials"), async (c) => {
    const login_token = pendingSignIn(c)?.loginToken ?? "";
    return answer(c, await secondFactorOptions(c.var.deps, { login_token }));
  });

function SecondFactorForm(form: FormState, c: Context<AppEnv>) {
  const { t, values } = form;
  const factors = factorsIn(c);
  const factor = factorToAsk(factors, values);
  const refusals = factorRefusals(t, factor);
  const returnTo = parseReturnTo(c, values["return_to"]);
  const kept = (
    <>
      <ReturnField to={returnTo} />
      <input type="hidden" name="use" value={factor} />
    </>
  );
  return (
    <>
      {factor === "passkey" ? (
        <>
          <Refusal {...form} refusals={refusals} />
          <p>{t.passkeys.lead}</p>
          <PasskeyForm t={t} action={SECOND_FACTOR_PATH} options={OPTIONS_PATH} submit={t.passkeys.use.submit} needed>
            {kept}
            <TrustField form={form} c={c} />
          </PasskeyForm>
        </>
      ) : (
        <Form {...form} action={SECOND_FACTOR_PATH} submit={t.factors.code.submit} refusals={refusals}>
          {kept}
          <FactorCode form={form} factor={factor} />
          <TrustField form={form} c={c} />
        </Form>
      )}
      <nav class="links">
        <OtherFactors t={t} path={SECOND_FACTOR_PATH} factors={factors} asked={factor} return_to={returnTo?.address} />
        <a href={carryReturn("/sign-in", returnTo)}>{t.account.acts.cancel}</a>
      </nav>
    </>
  );
}
