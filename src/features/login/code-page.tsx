/** The pages on which a mailed code or link, or a texted code, signs in. */
import { type Context, Hono } from "hono";
import * as z from "zod/mini";
import { Otp } from "../../auth/codes.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { ensureLoginBrowser, loginBrowser } from "../../http/login-browser.ts";
import { needsMethod } from "../../http/login-methods.ts";
import { remembered } from "../../http/page-cookies.ts";
import { fill } from "../../locales/fill.ts";
import type { PageMessages } from "../../locales/locales.ts";
import { CodeField } from "../../pages/code-field.tsx";
import { type FormState, IdentifierField } from "../../pages/fields.tsx";
import { exchangeLink, followedLink, forgetLink } from "../../pages/followed-link.ts";
import { formPage } from "../../pages/form-page.tsx";
import { Form, Notice, Refusal } from "../../pages/form-parts.tsx";
import { leadOn } from "../../pages/lead-on.ts";
import { maskedAddress } from "../../pages/masked.ts";
import { showPage, translations } from "../../pages/page.tsx";
import { CODE_PATH } from "../../pages/pending-sign-in.ts";
import { mustWait, Resending, rememberSent, secondsToWait, sentTo } from "../../pages/resend.tsx";
import { carryReturn, givenReturn, parseReturnTo, rememberReturn, wantedReturn } from "../../pages/return-to.ts";
import { previousSession } from "../../pages/session.ts";
import { CaptchaToken } from "../../schemas/captcha.ts";
import { exactlyOne } from "../../schemas/exactly-one.ts";
import { IdentifierText, parseIdentifier } from "../../schemas/identifier.ts";
import { CODE_METHODS, offers } from "../../schemas/login-methods.ts";
import { optional } from "../../schemas/optional.ts";
import { loginByCode, loginByLink, requestLoginCode } from "./login-code.ts";

const ENTER_PATH = "/sign-in/code/enter";

/** The page of a followed link has an address of its own, without the token. */
const LINK = { cookie: "login_link", path: "/sign-in/link/open" } as const;

/**
 * Also sent by the second button of the sign-in form, whose password is ignored, and by the sign-up
 * form, which has an `address`.
 */
const Request = z.pipe(
  z
    .object({
      identifier: optional(IdentifierText),
      address: optional(IdentifierText),
      turnstile_token: CaptchaToken,
      return_to: optional(z.string()),
    })
    .check(exactlyOne("identifier", "address")),
  z.transform(({ identifier, address, ...rest }) => ({ ...rest, identifier: identifier ?? address ?? "" })),
);

const requestPage = formPage(CODE_PATH, {
  title: (t) => t.login.code.title,
  open(c) {
    rememberReturn(c);
    return { identifier: remembered(c, "identifier") };
  },
  content: (form, c) => (
    <>
      <Form {...form} action={carryReturn(CODE_PATH, givenReturn(c))} submit={form.t.login.code.submit}>
        <p>{form.t.login.code.lead}</p>
        <IdentifierField form={form} />
      </Form>
      <nav class="links">
        <a href={carryReturn("/sign-in", givenReturn(c))}>{form.t.login.code.otherWay}</a>
      </nav>
    </>
  ),
  captcha: () => "login",
  schema: Request,
  rateLimits: ["messages"],
  async act(c, { identifier, turnstile_token, return_to }) {
    const wait = await mustWait(c, "login", identifier);
    if (wait) return wait;
    const requested = await requestLoginCode(c.var.deps, { identifier, turnstile_token }, ensureLoginBrowser(c));
    if (!requested.ok) return requested;

    const isRepeat = sentTo(c, "login") === identifier;
    rememberReturn(c, parseReturnTo(c, return_to) ?? givenReturn(c));
    rememberSent(c, "login", identifier);
    return c.redirect(isRepeat ? `${ENTER_PATH}?notice=resent` : ENTER_PATH, 303);
  },
});

const enterPage = formPage(ENTER_PATH, {
  title: (t, { identifier }) => (identifier?.includes("@") ? t.verification.titleEmail : t.verification.title),
  open(c) {
    const identifier = sentTo(c, "login");
    return identifier ? { identifier } : c.redirect(CODE_PATH, 303);
  },
  content: EnterForm,
  captcha: () => "login",
  formTarget: (c) => wantedReturn(c)?.origin,
  // The captcha belongs to the other button.
  schema: z.strictObject({ identifier: IdentifierText, otp: Otp, turnstile_token: CaptchaToken }),
  rateLimits: ["credentials"],
  async act(c, { identifier, otp }) {
    const tokens = await loginByCode(c.var.deps, { identifier, otp }, previousSession(c));
    return leadOn(c, tokens, { identifier, returnTo: wantedReturn(c), provider: null });
  },
});

const linkPage = formPage("/sign-in/link", {
  title: (t) => t.login.signIn,
  open(c) {
    const token = c.req.query("token");
    return token === undefined ? c.redirect("/sign-in", 303) : exchangeLink(c, LINK, token);
  },
  content: LinkForm,
  formTarget: (c) => wantedReturn(c)?.origin,
  schema: z.strictObject({ token: z.string() }),
  rateLimits: ["credentials"],
  async act(c, input) {
    const by = { browser: loginBrowser(c), previousSessionId: previousSession(c) };
    const tokens = await loginByLink(c.var.deps, input, by);
    if (tokens.ok || tokens.code === "invalid_token") forgetLink(c, LINK);
    return leadOn(c, tokens, { identifier: "", returnTo: wantedReturn(c), provider: null });
  },
});

const openedPage = new Hono<AppEnv>().get(LINK.path, async (c) => {
  const token = followedLink(c, LINK);
  if (token === undefined) return c.redirect("/sign-in", 303);
  const t = await translations(c);
  const children = LinkForm({ t, values: { token } });
  return showPage(c, { title: t.login.signIn, children, formTarget: wantedReturn(c)?.origin });
});

export const loginCodePages = new Hono<AppEnv>()
  .use(`${CODE_PATH}/*`, needsMethod("email_code", "phone_code"))
  .use("/sign-in/link/*", needsMethod("email_code", "phone_code"))
  .route("/", requestPage)
  .route("/", enterPage)
  .route("/", linkPage)
  .route("/", openedPage);

async function EnterForm(form: FormState, c: Context<AppEnv>) {
  const { t } = form;
  const identifier = form.values["identifier"] ?? "";
  return (
    <>
      {c.req.query("notice") === "resent" && <Notice>{t.login.code.resent}</Notice>}
      <Form
        {...form}
        captcha={undefined}
        action={ENTER_PATH}
        submit={t.login.signIn}
        footer={<Resending form={form} sentTo={identifier} seconds={secondsToWait(c, "login")} action={CODE_PATH} />}
      >
        <p>{fill(await sentTextOf(t, c, identifier), { address: maskedAddress(identifier) })}</p>
        <IdentifierField form={form} known={identifier} />
        <CodeField form={form} autofocus />
      </Form>
      <nav class="links">
        <a href={CODE_PATH}>{t.verification.edit}</a>
        <a href="/sign-in">{t.login.code.otherWay}</a>
      </nav>
    </>
  );
}

/** Without passwords a code goes to every address that it can sign up. */
async function sentTextOf({ login, verification }: PageMessages, c: Context<AppEnv>, identifier: string) {
  const { deps } = c.var;
  const { kind } = await parseIdentifier({ identifier }, deps);
  const signsUp = !offers(deps, "password") && kind !== "username" && offers(deps, CODE_METHODS[kind]);
  if (kind === "email") return signsUp ? login.code.mailed : login.code.mailedIf;
  return signsUp ? verification.sentTo : login.code.sentIf;
}

/** The button that uses a link, the code to type elsewhere, or what to do about an invalid link. */
function LinkForm(form: FormState) {
  const { t, failure, values } = form;
  const { link } = t.login.code;
  if (failure?.code === "other_browser") {
    return (
      <>
        <p>{link.elsewhere}</p>
        <p class="key code">{failure.otp}</p>
        <p class="soft">{link.warning}</p>
      </>
    );
  }
  if (failure?.code === "invalid_token") {
    return (
      <>
        <Refusal {...form} />
        <a class="button" href={CODE_PATH}>
          {t.verification.resend}
        </a>
      </>
    );
  }
  return (
    <Form {...form} action="/sign-in/link" submit={t.login.signIn}>
      <p>{link.lead}</p>
      <input type="hidden" name="token" value={values["token"] ?? ""} />
    </Form>
  );
}
