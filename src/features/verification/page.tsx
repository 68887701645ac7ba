import { type Context, Hono } from "hono";
import * as z from "zod/mini";
import { Otp } from "../../auth/codes.ts";
import { registeredBy, signInRegistered } from "../../auth/registered-browser.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { dropPageCookie, forget, pageCookie, remembered } from "../../http/page-cookies.ts";
import { fill } from "../../locales/fill.ts";
import type { PageMessages } from "../../locales/locales.ts";
import { nameAccount } from "../../pages/account-name.ts";
import { CodeField } from "../../pages/code-field.tsx";
import { type FormState, type FormValues, IdentifierField } from "../../pages/fields.tsx";
import { formPage } from "../../pages/form-page.tsx";
import { Form, Notice } from "../../pages/form-parts.tsx";
import { afterSignIn } from "../../pages/lead-on.ts";
import { maskedAddress } from "../../pages/masked.ts";
import { askForNextStep } from "../../pages/pending-sign-in.ts";
import { mustWait, Resending, rememberSent, secondsToWait, sentTo } from "../../pages/resend.tsx";
import { wantedReturn } from "../../pages/return-to.ts";
import { keepSession, previousSession, refreshTokenIn } from "../../pages/session.ts";
import { CaptchaToken } from "../../schemas/captcha.ts";
import { IdentifierText } from "../../schemas/identifier.ts";
import { requestCode, type VerifiedAddress, verifyByCode } from "./verification.ts";

/** Both buttons submit one form. A code needs no captcha, and another code needs no code. */
const Typed = z.strictObject({ identifier: IdentifierText, otp: Otp, turnstile_token: CaptchaToken });
const Resend = z.object({ identifier: IdentifierText, turnstile_token: CaptchaToken });

const page = {
  title: (t: PageMessages, { identifier }: FormValues) =>
    identifier?.includes("@") ? t.verification.titleEmail : t.verification.title,
  content: VerifyForm,
  captcha: () => "verify" as const,
  formTarget: (c: Context<AppEnv>) => wantedReturn(c)?.origin,
};

const verifyPage = formPage("/verify", {
  ...page,
  open: (c) => ({ identifier: c.req.query("edit") === undefined ? remembered(c, "identifier") : undefined }),
  schema: Typed,
  rateLimits: ["credentials"],
  async act(c, { identifier, otp }) {
    const verified = await verifyByCode(c.var.deps, { identifier, otp });
    if (!verified.ok) return verified;
    const signedIn = await signInOwner(c, verified.value);
    if (signedIn) return signedIn;
    return c.redirect(refreshTokenIn(c).token ? "/account?notice=verified" : "/sign-in?notice=verified", 303);
  },
});

/**
 * Signs in the owner of a verified address if this browser created the account. Leads on then. Any
 * failure leaves the owner to the sign-in page.
 */
async function signInOwner(c: Context<AppEnv>, { userId, address }: VerifiedAddress): Promise<Response | undefined> {
  const registration = registeredBy(c.var.deps, pageCookie(c, "registration"));
  dropPageCookie(c, "registration");
  if (registration?.userId !== userId) return undefined;
  const previousSessionId = previousSession(c);
  const tokens = await signInRegistered(c.var.deps, registration, { address, previousSessionId });
  if (!tokens.ok) return askForNextStep(c, tokens, { identifier: address.value, returnTo: wantedReturn(c) });

  const to = afterSignIn(c, wantedReturn(c)?.address ?? "/account?notice=verified");
  keepSession(c, tokens.value);
  nameAccount(c, userId, address.value);
  forget(c, "return_to");
  return c.redirect(to, 303);
}

const resendPage = formPage("/verify/resend", {
  ...page,
  // A browser whose user reopens the address of a refused form sends a GET.
  open: (c) => c.redirect("/verify", 303),
  schema: Resend,
  rateLimits: ["messages"],
  async act(c, input) {
    const wait = await mustWait(c, "verification", input.identifier);
    if (wait) return wait;
    const requested = await requestCode(c.var.deps, input);
    if (!requested.ok) return requested;

    rememberSent(c, "verification", input.identifier);
    return c.redirect("/verify?notice=resent", 303);
  },
});

export const verifyPages = new Hono<AppEnv>().route("/", verifyPage).route("/", resendPage);

function VerifyForm(form: FormState, c: Context<AppEnv>) {
  const { t } = form;
  const identifier = form.values["identifier"];
  const notice = c.req.query("notice");
  const sent = sentTo(c, "verification");
  const address = sent && sent === identifier ? sent : undefined;
  return (
    <>
      {notice === "resent" && <Notice>{t.verification.resent}</Notice>}
      {notice === "required" && <Notice neutral>{t.verification.required}</Notice>}
      <Form
        {...form}
        captcha={undefined}
        action="/verify"
        submit={t.verification.submit}
        footer={
          <Resending
            form={form}
            sentTo={address}
            seconds={address ? secondsToWait(c, "verification") : 0}
            action="/verify/resend"
          />
        }
      >
        <p>{address ? fill(t.verification.sentTo, { address: maskedAddress(address) }) : t.verification.lead}</p>
        <IdentifierField form={form} known={address} />
        <CodeField form={form} autofocus={Boolean(identifier)} />
      </Form>
      <nav class="links">
        {address && <a href="/verify?edit">{t.verification.edit}</a>}
        <a href="/sign-in">{t.login.signIn}</a>
      </nav>
    </>
  );
}
