import type { Context } from "hono";
import * as z from "zod";
import { issueRegistrationToken } from "../../auth/registered-browser.ts";
import { REGISTRATION_TOKEN_TTL_SECONDS } from "../../crypto/registration-token.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { setPageCookie } from "../../http/page-cookies.ts";
import { Field, type FormState, NewPasswordField } from "../../pages/fields.tsx";
import { formPage } from "../../pages/form-page.tsx";
import { Form, Notice } from "../../pages/form-parts.tsx";
import { rememberSent } from "../../pages/resend.tsx";
import { carryReturn, givenReturn, rememberReturn } from "../../pages/return-to.ts";
import { CaptchaToken } from "../../schemas/captcha.ts";
import { IdentifierText } from "../../schemas/identifier.ts";
import { withAsciiDigits } from "../../schemas/typed.ts";
import { Register, signUp } from "./register.ts";

const isPhone = (address: string) => /^(tel:)?[^@a-z]*\d[^@a-z]*$/i.test(withAsciiDigits(address));

/** The form asks for one address of either kind. */
const SignUp = z
  .strictObject({ address: IdentifierText, password: z.string(), turnstile_token: CaptchaToken })
  .transform(
    ({ address, ...rest }): z.input<typeof Register> => ({ ...rest, [isPhone(address) ? "phone" : "email"]: address }),
  )
  .pipe(Register);

export const signUpPages = formPage("/sign-up", {
  title: (t) => t.register.title,
  open(c) {
    rememberReturn(c);
    return {};
  },
  content: SignUpForm,
  captcha: () => "register",
  schema: SignUp,
  rateLimits: ["registration"],
  async act(c, input) {
    const signedUp = await signUp(c.var.deps, input);
    if (!signedUp.ok) return signedUp;

    const { user, amr } = signedUp.value;
    const { id: userId, email, phone } = user;
    rememberReturn(c);
    rememberSent(c, "verification", email ?? phone ?? "");
    setPageCookie(
      c,
      "registration",
      issueRegistrationToken(c.var.deps, { userId, amr }),
      REGISTRATION_TOKEN_TTL_SECONDS,
    );
    return c.redirect("/verify", 303);
  },
});

function SignUpForm(form: FormState, c: Context<AppEnv>) {
  const { t, failure } = form;
  const isTaken = failure?.code === "email_taken" || failure?.code === "phone_taken";
  return (
    <>
      {c.req.query("notice") === "released" && <Notice>{t.addressRelease.done}</Notice>}
      <Form {...form} action={carryReturn("/sign-up", givenReturn(c))} submit={t.register.submit}>
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
        <NewPasswordField form={form} name="password" />
      </Form>
      <div class="links">
        <p class="soft">
          {t.register.haveAccount} <a href={carryReturn("/sign-in", givenReturn(c))}>{t.login.signIn}</a>
        </p>
        {isTaken && <a href={carryReturn("/forgot-password", givenReturn(c))}>{t.passwordReset.forgot.title}</a>}
      </div>
    </>
  );
}
