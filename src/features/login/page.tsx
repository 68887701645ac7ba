import { type Context, Hono } from "hono";
import * as z from "zod/mini";
import type { AppEnv } from "../../http/app-env.ts";
import { needsMethod } from "../../http/login-methods.ts";
import { forget, remembered } from "../../http/page-cookies.ts";
import { fill } from "../../locales/fill.ts";
import { NeedsHttps } from "../../pages/failure-page.tsx";
import { CurrentPasswordField, Field, type FormState } from "../../pages/fields.tsx";
import { formPage } from "../../pages/form-page.tsx";
import { Form, Notice, Refusal, ReturnField } from "../../pages/form-parts.tsx";
import { leadOn } from "../../pages/lead-on.ts";
import { PasskeyForm } from "../../pages/passkey-form.tsx";
import { CODE_PATH, NO_COOKIES } from "../../pages/pending-sign-in.ts";
import { ProviderLinks, providersOf } from "../../pages/provider-links.tsx";
import { carryReturn, givenReturn, parseReturnTo, rememberReturn, wantedReturn } from "../../pages/return-to.ts";
import { previousSession, refreshTokenIn } from "../../pages/session.ts";
import { CaptchaToken } from "../../schemas/captcha.ts";
import { IdentifierText } from "../../schemas/identifier.ts";
import { codeSignsIn, offers } from "../../schemas/login-methods.ts";
import { optional } from "../../schemas/optional.ts";
import { CurrentPassword } from "../../schemas/password.ts";
import { AuthenticationResponse, inField } from "../../schemas/webauthn.ts";
import { login } from "./login.ts";
import { signInByPasskey } from "./passkey.ts";

const SignIn = z.strictObject({
  identifier: IdentifierText,
  password: CurrentPassword,
  turnstile_token: CaptchaToken,
  return_to: optional(z.string()),
});

const SignInByPasskey = z.strictObject({
  credential: inField(AuthenticationResponse),
  return_to: optional(z.string()),
});

const PASSKEY_PATH = "/sign-in/passkey";

const NOTICES = ["verified", "reset", "unsent", "expired"] as const;

const passwordPage = formPage("/sign-in", {
  title: (t) => t.login.signIn,
  open(c) {
    const returnTo = wantedReturn(c);
    if (!refreshTokenIn(c).token) {
      rememberReturn(c);
      return { return_to: returnTo?.address, identifier: remembered(c, "identifier") };
    }
    // Forget the return address now: one that leads back here would redirect forever.
    forget(c, "return_to");
    const to = returnTo?.address ?? "/account";
    // The renewal finds out whether the session is still active, and returns here if it is not.
    return c.redirect(c.req.query("notice") === NO_COOKIES ? to : `/session/renew?${new URLSearchParams({ to })}`, 303);
  },
  content: SignInForm,
  // Most sign-ins need none. Once shown it stays, also for a wrong password.
  captcha: ({ values: { turnstile_token }, failure }) =>
    failure?.code === "captcha_required" || turnstile_token !== undefined ? "login" : undefined,
  formTarget: (c, { return_to }) => parseReturnTo(c, return_to)?.origin,
  schema: SignIn,
  rateLimits: ["credentials"],
  async act(c, input, { return_to }) {
    const tokens = await login(c.var.deps, input, previousSession(c));
    return leadOn(c, tokens, { identifier: input.identifier, returnTo: parseReturnTo(c, return_to), provider: null });
  },
});

/** The second form of the same page. */
const passkeyPage = formPage(PASSKEY_PATH, {
  title: (t) => t.login.signIn,
  open: (c) => c.redirect(carryReturn("/sign-in", givenReturn(c)), 303),
  content: (form, c) => (
    <>
      <Refusal {...form} refusals={{ invalid_credentials: form.t.passkeys.refused }} />
      {SignInForm({ ...form, failure: undefined }, c)}
    </>
  ),
  formTarget: (c, { return_to }) => parseReturnTo(c, return_to)?.origin,
  schema: SignInByPasskey,
  rateLimits: ["credentials"],
  async act(c, { credential }, { return_to }) {
    const tokens = await signInByPasskey(c.var.deps, { credential }, previousSession(c));
    return leadOn(c, tokens, { identifier: "", returnTo: parseReturnTo(c, return_to), provider: null });
  },
});

export const signInPages = new Hono<AppEnv>()
  .use(PASSKEY_PATH, needsMethod("passkey"))
  .route("/", passwordPage)
  .route("/", passkeyPage);

function SignInForm(form: FormState, c: Context<AppEnv>) {
  const { t } = form;
  const { return_to } = form.values;
  const notice = NOTICES.find((name) => name === c.req.query("notice"));
  const returnTo = parseReturnTo(c, return_to);
  const byPassword = offers(c.var.deps, "password");
  const byText = offers(c.var.deps, "phone_code");
  const byCode = codeSignsIn(c.var.deps);
  const codeText = byText ? t.login.code.submit : t.login.code.submitMail;
  const linking = providersOf(c).find(({ id }) => id === c.req.query("link"));
  return (
    <>
      {linking && <Notice neutral>{fill(t.social.exists, { provider: linking.name })}</Notice>}
      {notice && <Notice neutral={notice === "unsent" || notice === "expired"}>{t.login.notices[notice]}</Notice>}
      {c.req.query("notice") === NO_COOKIES && (
        <div role="alert" class="alert error">
          <p>{t.login.noCookies}</p>
          <NeedsHttps t={t} c={c} />
        </div>
      )}
      {(byPassword || byCode) && (
        <Form
          {...form}
          action={byPassword ? "/sign-in" : CODE_PATH}
          submit={byPassword ? t.login.signIn : codeText}
          footer={
            byPassword &&
            byCode && (
              <button type="submit" class="secondary" formaction={CODE_PATH} formnovalidate>
                {codeText}
              </button>
            )
          }
        >
          <ReturnField to={returnTo} />
          <Field
            form={form}
            name="identifier"
            autocomplete="username webauthn"
            maxlength={254}
            autofocus={!form.values["identifier"]}
            required
          />
          {byPassword && (
            <CurrentPasswordField form={form} name="password" autofocus={Boolean(form.values["identifier"])} />
          )}
        </Form>
      )}
      {offers(c.var.deps, "passkey") && (
        <PasskeyForm
          t={t}
          action={PASSKEY_PATH}
          options="/auth/passkeys/options"
          submit={t.passkeys.signIn.submit}
          secondary={byPassword || byCode}
          autofill={byPassword || byCode}
          needed={!byPassword && !byCode}
        >
          <ReturnField to={returnTo} />
        </PasskeyForm>
      )}
      <ProviderLinks t={t} c={c} returnTo={returnTo} />
      <nav class="links">
        {byPassword && <a href={carryReturn("/forgot-password", returnTo)}>{t.passwordReset.forgot.title}</a>}
        <a href={carryReturn("/sign-up", returnTo)}>{t.register.link}</a>
      </nav>
    </>
  );
}
