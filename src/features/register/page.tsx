import { type Context, Hono } from "hono";
import * as z from "zod/mini";
import { issueRegistrationToken, registeredBy } from "../../auth/registered-browser.ts";
import { REGISTRATION_TOKEN_TTL_SECONDS } from "../../crypto/registration-token.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { needsMethod } from "../../http/login-methods.ts";
import { pageCookie, setPageCookie } from "../../http/page-cookies.ts";
import type { PageMessages } from "../../locales/locales.ts";
import { Field, type FormState, NewPasswordField } from "../../pages/fields.tsx";
import { fromOwnPage } from "../../pages/form.ts";
import { formPage } from "../../pages/form-page.tsx";
import { Form, Notice } from "../../pages/form-parts.tsx";
import { forgetSecret, keepSecret, keptSecret } from "../../pages/kept-secret.ts";
import { NewCodes } from "../../pages/new-codes.tsx";
import { showPage, translations } from "../../pages/page.tsx";
import { PasskeyButton } from "../../pages/passkey-form.tsx";
import { CODE_PATH } from "../../pages/pending-sign-in.ts";
import { ProviderLinks } from "../../pages/provider-links.tsx";
import { rememberSent } from "../../pages/resend.tsx";
import { carryReturn, givenReturn, rememberReturn } from "../../pages/return-to.ts";
import { CaptchaToken } from "../../schemas/captcha.ts";
import { IdentifierText } from "../../schemas/identifier.ts";
import { codeSignsIn, offers } from "../../schemas/login-methods.ts";
import { optional } from "../../schemas/optional.ts";
import { withAsciiDigits } from "../../schemas/typed.ts";
import { inField, RegistrationResponse } from "../../schemas/webauthn.ts";
import { type Input, Register, Registration, signUp } from "./register.ts";

const isPhone = (address: string) => /^(tel:)?[^@a-z]*\d[^@a-z]*$/i.test(withAsciiDigits(address));

const PASSKEY_PATH = "/sign-up/passkey";
const NEW_CODES_PATH = "/sign-up/recovery-codes";

/** The forms ask for one address of either kind. */
const named = <Rest,>({ address, ...rest }: { address: string } & Rest) => ({
  ...rest,
  [isPhone(address) ? "phone" : "email"]: address,
});

const fields = { address: IdentifierText, turnstile_token: CaptchaToken };

const SignUp = z.pipe(
  z.pipe(
    z.strictObject({ ...fields, password: z.string() }),
    z.transform((typed): z.input<typeof Register> => named(typed)),
  ),
  Register,
);

/** The other button of the same form. A password that was typed does not matter. */
const SignUpByPasskey = z.pipe(
  z.pipe(
    z.strictObject({
      ...fields,
      password: z.optional(z.string()),
      credential: optional(inField(RegistrationResponse)),
    }),
    z.transform(({ password: _, ...typed }): z.input<typeof Registration> => named(typed)),
  ),
  Registration,
);

const page = {
  title: (t: PageMessages) => t.register.title,
  content: SignUpForm,
  captcha: () => "register" as const,
  rateLimits: ["registration" as const],
  act: create,
};

const passwordPage = formPage("/sign-up", {
  ...page,
  open(c) {
    rememberReturn(c);
    return {};
  },
  schema: SignUp,
});

const passkeyPage = formPage(PASSKEY_PATH, {
  ...page,
  open: (c) => c.redirect(carryReturn("/sign-up", givenReturn(c)), 303),
  schema: SignUpByPasskey,
});

/** Creates the account of a form. Leads to the verification, past the codes of a passkey. */
async function create(c: Context<AppEnv>, input: Input) {
  const signedUp = await signUp(c.var.deps, input);
  if (!signedUp.ok) return signedUp;

  const { user, amr } = signedUp.value;
  const { id: userId, email, phone, recovery_codes } = user;
  rememberReturn(c);
  rememberSent(c, "verification", email ?? phone ?? "");
  const token = issueRegistrationToken(c.var.deps, { userId, amr });
  setPageCookie(c, "registration", token, REGISTRATION_TOKEN_TTL_SECONDS);
  if (!recovery_codes) return c.redirect("/verify", 303);
  await keepSecret(c, "recovery_codes", userId, recovery_codes.join(" "));
  return c.redirect(NEW_CODES_PATH, 303);
}

const codesPage = new Hono<AppEnv>()
  .get(NEW_CODES_PATH, async (c) => {
    const { userId } = registeredBy(c.var.deps, pageCookie(c, "registration")) ?? {};
    const codes = userId && (await keptSecret(c, "recovery_codes", userId));
    return codes ? showNewCodes(c, codes.split(" ")) : c.redirect("/verify", 303);
  })
  .post(NEW_CODES_PATH, fromOwnPage, (c) => {
    forgetSecret(c, "recovery_codes");
    return c.redirect("/verify", 303);
  });

export const signUpPages = new Hono<AppEnv>()
  .use(PASSKEY_PATH, needsMethod("passkey"))
  .route("/", passwordPage)
  .route("/", passkeyPage)
  .route("/", codesPage);

/** Renders the recovery codes of a new account, whose user is not signed in yet. */
export async function showNewCodes<E extends AppEnv>(c: Context<E>, codes: string[]) {
  const t = await translations(c);
  const children = <NewCodes t={t} codes={codes} action={NEW_CODES_PATH} />;
  return showPage(c, { title: t.factors.codes.saveTitle, children });
}

function SignUpForm(form: FormState, c: Context<AppEnv>) {
  const { t, failure } = form;
  const isTaken = failure?.code === "email_taken" || failure?.code === "phone_taken";
  const byPassword = offers(c.var.deps, "password");
  const byCode = !byPassword && codeSignsIn(c.var.deps);
  return (
    <>
      {c.req.query("notice") === "released" && <Notice>{t.addressRelease.done}</Notice>}
      <Form
        {...form}
        action={carryReturn(byCode ? CODE_PATH : "/sign-up", givenReturn(c))}
        submit={byPassword || byCode ? t.register.submit : undefined}
        refusals={{ invalid_passkey: t.passkeys.rejected, passkey_exists: t.passkeys.exists }}
        footer={
          offers(c.var.deps, "passkey") && (
            <PasskeyButton
              t={t}
              action={carryReturn(PASSKEY_PATH, givenReturn(c))}
              submit={byPassword || byCode ? t.register.passkey.submit : t.passkeys.create.submit}
              secondary={byPassword || byCode}
              needed={!byPassword && !byCode}
            />
          )
        }
      >
        <Field
          form={form}
          name="address"
          label={c.var.deps.sends.sms ? undefined : t.fields.email.label}
          standsFor={["email", "phone"]}
          autocomplete="username"
          maxlength={254}
          autofocus
          required
        />
        {byPassword && <NewPasswordField form={form} name="password" />}
      </Form>
      <ProviderLinks t={t} c={c} returnTo={givenReturn(c)} />
      <div class="links">
        <p class="soft">
          {t.register.haveAccount} <a href={carryReturn("/sign-in", givenReturn(c))}>{t.login.signIn}</a>
        </p>
        {isTaken && byPassword && (
          <a href={carryReturn("/forgot-password", givenReturn(c))}>{t.passwordReset.forgot.title}</a>
        )}
      </div>
    </>
  );
}
