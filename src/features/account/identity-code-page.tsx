/** The step-up of a user without a password or a second factor: by a code that is sent. */
import { type Context, Hono } from "hono";
import * as z from "zod/mini";
import { Otp } from "../../auth/codes.ts";
import { needsMethod } from "../../http/login-methods.ts";
import { CodeField } from "../../pages/code-field.tsx";
import type { FormState } from "../../pages/fields.tsx";
import { accountFormPage } from "../../pages/form-page.tsx";
import { mustWait, ResendButton, rememberSent, secondsToWait } from "../../pages/resend.tsx";
import { ownPath, pageBefore } from "../../pages/return-to.ts";
import { actionOf, keepSession, type SignedInEnv } from "../../pages/session.ts";
import { optional } from "../../schemas/optional.ts";
import { renewAuthentication, requestReauthentication } from "./reauthentication.ts";

/** The page that sends the code. */
export const SEND_PATH = "/account/confirm-identity/send-code";
const ENTER_PATH = "/account/confirm-identity/code";

const Return = z.object({ return_to: optional(z.string()) });

const returnIn = ({ values }: FormState, c: Context<SignedInEnv>) => ownPath(c, values["return_to"] ?? undefined);

const open = (c: Context<SignedInEnv>) => ({ return_to: c.req.query("return_to") });

const ReturnTo = ({ form, c }: { form: FormState; c: Context<SignedInEnv> }) => (
  <input type="hidden" name="return_to" value={returnIn(form, c)} />
);

const sendPage = accountFormPage(SEND_PATH, {
  title: (t) => t.factors.identity.title,
  open,
  back: (form, c) => pageBefore(returnIn(form, c)),
  fields: (form, c) => (
    <>
      <p>
        {form.t.factors.identity.lead} {form.t.factors.identity.codeLead}
      </p>
      <ReturnTo form={form} c={c} />
    </>
  ),
  submit: (t) => t.login.code.submit,
  schema: Return,
  rateLimits: ["credentials", "messages"],
  async act(c, { return_to }) {
    const { userId } = c.var.session;
    const wait = await mustWait(c, "identity", userId);
    if (wait) return wait;
    const requested = await requestReauthentication(c.var.deps, c.var.session);
    if (!requested.ok) return requested;

    rememberSent(c, "identity", userId);
    return c.redirect(`${ENTER_PATH}?${new URLSearchParams({ return_to: ownPath(c, return_to) })}`, 303);
  },
});

const enterPage = accountFormPage(ENTER_PATH, {
  title: (t) => t.factors.identity.title,
  open,
  back: (form, c) => pageBefore(returnIn(form, c)),
  fields: (form, c) => (
    <>
      <p>{form.t.verification.lead}</p>
      <ReturnTo form={form} c={c} />
      <CodeField form={form} autofocus />
    </>
  ),
  more: ({ t }, c) => (
    <p class="soft">
      <ResendButton
        seconds={secondsToWait(c, "identity")}
        text={t.verification.resend}
        waiting={t.verification.resendIn}
        action={actionOf(c, SEND_PATH)}
      />
    </p>
  ),
  submit: (t) => t.factors.code.submit,
  schema: z.extend(Return, { otp: Otp }),
  rateLimits: ["credentials"],
  async act(c, { return_to, otp }) {
    const renewed = await renewAuthentication(c.var.deps, c.var.session, { otp });
    if (!renewed.ok) return renewed;
    keepSession(c, renewed.value);
    return c.redirect(ownPath(c, return_to), 303);
  },
});

export const identityCodePages = new Hono<SignedInEnv>()
  .use(SEND_PATH, needsMethod("email_code", "phone_code"))
  .use(ENTER_PATH, needsMethod("email_code", "phone_code"))
  .route("/", sendPage)
  .route("/", enterPage);
