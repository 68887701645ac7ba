/** The step of a sign-in that adds the second factor which the service requires. */
import { type Context, Hono } from "hono";
import * as z from "zod/mini";
import { TotpCode } from "../../auth/factors.ts";
import type { RecoveryCodes } from "../../contract/factors.ts";
import type { Tokens } from "../../contract/tokens.ts";
import { decodeRefreshToken } from "../../crypto/tokens.ts";
import { answer } from "../../http/answer.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { remembered } from "../../http/page-cookies.ts";
import { rateLimit } from "../../http/rate-limit.ts";
import { factorRefusals } from "../../pages/factor-code.tsx";
import type { FormState } from "../../pages/fields.tsx";
import { fromOwnPage } from "../../pages/form.ts";
import { formPage } from "../../pages/form-page.tsx";
import { Form, FormId, Refusal, ReturnField } from "../../pages/form-parts.tsx";
import { CODES_PATH, forgetSecret, keepSecret, keptSecret } from "../../pages/kept-secret.ts";
import { leadOn } from "../../pages/lead-on.ts";
import { PasskeyForm } from "../../pages/passkey-form.tsx";
import { ADD_FACTOR_PATH, askToSignInAgain, forgetPendingSignIn, pendingSignIn } from "../../pages/pending-sign-in.ts";
import { carryReturn, givenReturn, parseReturnTo, type ReturnTo } from "../../pages/return-to.ts";
import { previousSession } from "../../pages/session.ts";
import { TotpSetup } from "../../pages/totp-setup.tsx";
import { type Err, ok, type Result } from "../../result.ts";
import { optional } from "../../schemas/optional.ts";
import { inField, RegistrationResponse } from "../../schemas/webauthn.ts";
import { confirmEnrollment, enrollmentOptions, enrollPasskey, startEnrollment } from "./enrollment.ts";

const APP_PATH = `${ADD_FACTOR_PATH}/app`;
const OPTIONS_PATH = `${ADD_FACTOR_PATH}/options`;

type PageContext = Context<AppEnv>;

const loginTokenIn = (c: PageContext) => pendingSignIn(c, "enroll")?.loginToken;

/** The first page. Its form creates a passkey, or starts the setup of an app without one. */
const choicePage = formPage(ADD_FACTOR_PATH, {
  title: (t) => t.enrollment.title,
  open: (c) => (loginTokenIn(c) ? { return_to: givenReturn(c)?.address } : askToSignInAgain(c, givenReturn(c))),
  content: Choice,
  schema: z.strictObject({ credential: optional(inField(RegistrationResponse)), return_to: optional(z.string()) }),
  rateLimits: ["credentials"],
  async act(c, { credential }, { return_to }) {
    const returnTo = parseReturnTo(c, return_to);
    const login_token = loginTokenIn(c) ?? "";
    if (credential) {
      const added = await enrollPasskey(c.var.deps, { login_token, credential }, previousSession(c));
      return finish(c, added, returnTo, "passkeyAdded");
    }
    const setup = await startEnrollment(c.var.deps, { login_token });
    if (!setup.ok) return askToSignInAgain(c, returnTo);
    await keepSecret(c, "totp_setup", login_token, setup.value.uri);
    return c.redirect(carryReturn(APP_PATH, returnTo), 303);
  },
});

function Choice(form: FormState, c: PageContext) {
  const { t, values } = form;
  const returnTo = parseReturnTo(c, values["return_to"]);
  const { rejected, title, purpose, create } = t.passkeys;
  return (
    <>
      <Refusal
        {...form}
        refusals={{
          ...factorRefusals(t, "totp"),
          invalid_passkey: rejected,
        }}
      />
      <p>{t.enrollment.lead}</p>
      <PasskeyForm t={t} action={ADD_FACTOR_PATH} options={OPTIONS_PATH} submit={create.submit} creates>
        <ReturnField to={returnTo} />
        <Way title={title} purpose={purpose} />
      </PasskeyForm>
      <form method="post" action={ADD_FACTOR_PATH}>
        <FormId />
        <ReturnField to={returnTo} />
        <Way {...t.factors.app} />
        <button type="submit" class="secondary">
          {t.factors.app.add}
        </button>
      </form>
      <nav class="links">
        <a href={carryReturn("/sign-in", returnTo)}>{t.account.acts.cancel}</a>
      </nav>
    </>
  );
}

const Way = ({ title, purpose }: Record<"title" | "purpose", string>) => (
  <div>
    <p class="title">{title}</p>
    <p class="soft">{purpose}</p>
  </div>
);

/** Returns the address that the QR code has, in the browser that started the setup. */
const setupIn = (c: PageContext) => keptSecret(c, "totp_setup", loginTokenIn(c) ?? "");

const appPage = formPage(APP_PATH, {
  title: (t) => t.factors.app.setUp,
  open: async (c) =>
    (await setupIn(c))
      ? { return_to: givenReturn(c)?.address }
      : c.redirect(carryReturn(ADD_FACTOR_PATH, givenReturn(c)), 303),
  async content(form, c) {
    const { t, values } = form;
    const returnTo = parseReturnTo(c, values["return_to"]);
    return (
      <>
        <Form {...form} action={APP_PATH} submit={t.factors.app.confirm.submit} refusals={factorRefusals(t, "totp")}>
          <ReturnField to={returnTo} />
          <TotpSetup form={form} uri={(await setupIn(c)) ?? ""} />
        </Form>
        <nav class="links">
          <a href={carryReturn(ADD_FACTOR_PATH, returnTo)}>{t.enrollment.other}</a>
        </nav>
      </>
    );
  },
  schema: z.strictObject({ code: TotpCode, return_to: optional(z.string()) }),
  rateLimits: ["credentials"],
  async act(c, { code }, { return_to }) {
    const returnTo = parseReturnTo(c, return_to);
    const login_token = loginTokenIn(c) ?? "";
    const confirmed = await confirmEnrollment(c.var.deps, { login_token, code }, previousSession(c));
    return finish(c, confirmed, returnTo, "totpAdded");
  },
});

/** Shows the recovery codes of the new session once. They lead to where the user was going. */
async function finish(
  c: PageContext,
  added: Result<Tokens & RecoveryCodes>,
  returnTo: ReturnTo | undefined,
  notice: string,
): Promise<Response | Err> {
  const way = { identifier: remembered(c, "identifier") ?? "", returnTo };
  if (!added.ok) return added.code === "invalid_login_token" ? askToSignInAgain(c, returnTo) : leadOn(c, added, way);
  const { recovery_codes, ...tokens } = added.value;
  const userId = decodeRefreshToken(tokens.refresh_token)?.userId ?? "";
  await keepSecret(c, "recovery_codes", userId, recovery_codes.join(" "));
  forgetSecret(c, "totp_setup");
  const landing = carryReturn(CODES_PATH, returnTo, { notice });
  return leadOn(c, ok(tokens), { ...way, returnTo: undefined, landing });
}

/** The script of the page asks for these options. */
export const enrollmentPages = new Hono<AppEnv>()
  .route("/", choicePage)
  .route("/", appPage)
  .post(OPTIONS_PATH, fromOwnPage, rateLimit("credentials"), async (c) => {
    const options = await enrollmentOptions(c.var.deps, { login_token: loginTokenIn(c) ?? "" });
    // The script loads the page again, which then leads to the first step.
    if (!options.ok) forgetPendingSignIn(c);
    return answer(c, options);
  });
