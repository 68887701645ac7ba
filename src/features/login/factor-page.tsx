/** The second step of a sign-in: a code of an authenticator app, or a recovery code. */
import type { Context } from "hono";
import * as z from "zod";
import { FactorCode as FactorCodeText } from "../../auth/factors.ts";
import { parseRecoveryCode } from "../../crypto/recovery-codes.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { remembered } from "../../http/page-cookies.ts";
import { sessionOf } from "../../http/refresh-cookie.ts";
import { codeRefusals, FactorCode, OtherCode } from "../../pages/factor-code.tsx";
import type { FormState } from "../../pages/fields.tsx";
import { formPage } from "../../pages/form-page.tsx";
import { Form } from "../../pages/form-parts.tsx";
import {
  askToSignInAgain,
  forgetPendingSignIn,
  pendingSignIn,
  SECOND_FACTOR_PATH,
} from "../../pages/pending-sign-in.ts";
import { carryReturn, givenReturn, parseReturnTo } from "../../pages/return-to.ts";
import { refreshTokenIn } from "../../pages/session.ts";
import { optional } from "../../schemas/optional.ts";
import { leadOn } from "./page.tsx";
import { proveSecondFactor } from "./second-factor.ts";

const SecondFactor = z.strictObject({
  code: FactorCodeText,
  return_to: optional(z.string()),
  use: optional(z.string()),
});

export const secondFactorPages = formPage(SECOND_FACTOR_PATH, {
  title: (t) => t.factors.code.title,
  open: (c) =>
    pendingSignIn(c)
      ? { return_to: givenReturn(c)?.address, use: c.req.query("use") }
      : askToSignInAgain(c, givenReturn(c)),
  content: SecondFactorForm,
  formTarget: (c, { return_to }) => parseReturnTo(c, return_to)?.origin,
  schema: SecondFactor,
  rateLimits: ["credentials"],
  async act(c, { code }, { return_to }) {
    const returnTo = parseReturnTo(c, return_to);
    const pending = pendingSignIn(c);
    if (!pending) return askToSignInAgain(c, returnTo);
    const proof = { login_token: pending.loginToken, code };
    const tokens = await proveSecondFactor(c.var.deps, proof, sessionOf(c, refreshTokenIn(c).token ?? ""));
    if (!tokens.ok && tokens.code === "invalid_login_token") return askToSignInAgain(c, returnTo);

    if (tokens.ok) forgetPendingSignIn(c);
    const landing = parseRecoveryCode(code) ? "/account?notice=codeUsed" : "/account";
    return leadOn(c, tokens, { identifier: remembered(c, "identifier") ?? "", returnTo, landing });
  },
});

function SecondFactorForm(form: FormState, c: Context<AppEnv>) {
  const { t, values } = form;
  const returnTo = parseReturnTo(c, values["return_to"]);
  return (
    <>
      <Form {...form} action={SECOND_FACTOR_PATH} submit={t.factors.code.submit} refusals={codeRefusals(t, values)}>
        {returnTo && <input type="hidden" name="return_to" value={returnTo.address} />}
        <FactorCode form={form} />
      </Form>
      <nav class="links">
        <OtherCode form={form} path={SECOND_FACTOR_PATH} return_to={returnTo?.address} />
        <a href={carryReturn("/sign-in", returnTo)}>{t.account.acts.cancel}</a>
      </nav>
    </>
  );
}
