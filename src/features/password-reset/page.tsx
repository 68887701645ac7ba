import { type Context, Hono } from "hono";
import type { AppEnv } from "../../http/app-env.ts";
import { setDeviceCookie } from "../../http/device-cookie.ts";
import { needsMethod } from "../../http/login-methods.ts";
import { remember, remembered } from "../../http/page-cookies.ts";
import { rateLimit } from "../../http/rate-limit.ts";
import { fill, fillPlural } from "../../locales/fill.ts";
import type { PageMessages } from "../../locales/locales.ts";
import { messagesIn } from "../../locales/messages-in.ts";
import { CaptchaField, captchaOf } from "../../pages/captcha.tsx";
import { CodeField } from "../../pages/code-field.tsx";
import {
  AccountField,
  type FormState,
  type FormValues,
  IdentifierField,
  NewPasswordField,
} from "../../pages/fields.tsx";
import { exchangeLink, followedLink, forgetLink } from "../../pages/followed-link.ts";
import { formPage } from "../../pages/form-page.tsx";
import { Form, FormId, Notice, Refusal } from "../../pages/form-parts.tsx";
import { maskedAddress } from "../../pages/masked.ts";
import { localeOf, showPage, translations } from "../../pages/page.tsx";
import { mustWait, ResendButton, rememberSent, secondsToWait, sentTo } from "../../pages/resend.tsx";
import { carryReturn, givenReturn, rememberReturn, wantedReturn } from "../../pages/return-to.ts";
import { forgetSession } from "../../pages/session.ts";
import { err } from "../../result.ts";
import { parseIdentifier } from "../../schemas/identifier.ts";
import {
  findResetLink,
  RequestReset,
  ResetByCode,
  ResetByLink,
  requestReset,
  resetByCode,
  resetByLink,
} from "./password-reset.ts";

const forgotPage = formPage("/forgot-password", {
  title: (t) => t.passwordReset.forgot.title,
  open(c) {
    rememberReturn(c);
    return { identifier: remembered(c, "identifier") };
  },
  content: (form, c) => (
    <>
      <Form
        {...form}
        action={carryReturn("/forgot-password", givenReturn(c))}
        submit={form.t.passwordReset.forgot.submit}
      >
        <p>{form.t.passwordReset.forgot.lead}</p>
        <IdentifierField form={form} />
      </Form>
      <nav class="links">
        <a href={carryReturn("/sign-in", givenReturn(c))}>{form.t.login.signIn}</a>
        <a href={carryReturn("/reset-password", givenReturn(c))}>{form.t.passwordReset.forgot.haveCode}</a>
      </nav>
    </>
  ),
  captcha: () => "reset",
  schema: RequestReset,
  rateLimits: ["messages"],
  async act(c, input) {
    const { identifier = "" } = input;
    const wait = await mustWait(c, "reset", identifier);
    if (wait) return wait;
    const isPhone = (await parseIdentifier(input, c.var.deps)).kind === "phone";
    const kind = isPhone ? "password-reset-code" : "password-reset-link";
    const requested = await requestReset(c.var.deps, kind, input);
    if (!requested.ok) return requested;

    // The second one from the page that says where the first one went.
    const isRepeat = sentTo(c, "reset") === identifier;
    rememberReturn(c);
    rememberSent(c, "reset", identifier);
    if (isPhone) return c.redirect("/reset-password", 303);
    return c.redirect(isRepeat ? "/forgot-password/sent?notice=resent" : "/forgot-password/sent", 303);
  },
});

const sentPage = new Hono<AppEnv>().get("/forgot-password/sent", async (c) => {
  const identifier = sentTo(c, "reset");
  if (!identifier) return c.redirect("/forgot-password", 303);

  const { locale, pages: t, units } = await messagesIn(c.var.deps.assets, localeOf(c));
  const { text, noEmail, resend, resendIn, resent, edit, title } = t.passwordReset.sent;
  const minutes = Math.round(c.var.deps.config.RESET_TOKEN_TTL_SECONDS / 60);
  const captcha = captchaOf(c, "reset");
  const children = (
    <>
      {c.req.query("notice") === "resent" && <Notice>{resent}</Notice>}
      <p>
        {fill(text, {
          address: maskedAddress(identifier),
          minutes: fillPlural(locale, units.minutes, minutes),
        })}
      </p>
      <form method="post" action="/forgot-password">
        <FormId />
        <input type="hidden" name="identifier" value={identifier} />
        <CaptchaField t={t} captcha={captcha} />
        <p class="soft">
          {t.verification.notReceived} {!identifier.includes("@") && noEmail}{" "}
          <ResendButton seconds={secondsToWait(c, "reset")} text={resend} waiting={resendIn} />
        </p>
      </form>
      <nav class="links">
        <a href="/forgot-password">{edit}</a>
        <a href="/sign-in">{t.login.signIn}</a>
      </nav>
    </>
  );
  return showPage(c, { title, children, hasCaptcha: captcha !== undefined });
});

// The page of a followed link has an address of its own, so that a link that another site made the
// browser open never replaces the form for a code.
const LINK = { cookie: "reset_link", path: "/reset-password/link" } as const;

const page = {
  title: (t: PageMessages, { token }: FormValues) => titleOf(t, token),
  content: ResetForm,
};

const titleOf = ({ passwordReset: { reset } }: PageMessages, token: string | null | undefined) =>
  token === undefined ? reset.codeTitle : reset.title;

const linkPage = formPage("/reset-password", {
  ...page,
  open(c) {
    const token = c.req.query("token");
    if (token !== undefined) return exchangeLink(c, LINK, token);
    rememberReturn(c);
    return { identifier: remembered(c, "identifier") };
  },
  schema: ResetByLink,
  rateLimits: ["credentials"],
  async act(c, input) {
    const reset = await resetByLink(c.var.deps, input);
    if (reset.ok || reset.code === "invalid_token") forgetLink(c, LINK);
    return reset.ok ? leadToSignIn(c, reset.value.device_token) : reset;
  },
});

const followedPage = new Hono<AppEnv>().get(LINK.path, rateLimit("credentials"), async (c) => {
  const t = await translations(c);
  const token = followedLink(c, LINK) ?? "";
  const failure = (await findResetLink(c.var.deps, token)) ? undefined : err("invalid_token");
  const children = ResetForm({ t, values: { token }, failure }, c);
  return showPage(c, { title: titleOf(t, token), failure, children });
});

const codePage = formPage("/reset-password/code", {
  ...page,
  // A browser whose user reopens the address of a refused form sends a GET.
  open: (c) => c.redirect("/reset-password", 303),
  schema: ResetByCode,
  rateLimits: ["credentials"],
  async act(c, input) {
    const reset = await resetByCode(c.var.deps, input);
    return reset.ok ? leadToSignIn(c, reset.value.device_token) : reset;
  },
});

export const resetPages = new Hono<AppEnv>()
  .use("/forgot-password/*", needsMethod("password"))
  .use("/reset-password/*", needsMethod("password"))
  .route("/", forgotPage)
  .route("/", sentPage)
  .route("/", linkPage)
  .route("/", followedPage)
  .route("/", codePage);

function leadToSignIn(c: Context<AppEnv>, deviceToken: string) {
  setDeviceCookie(c, deviceToken);
  const to = wantedReturn(c);
  const identifier = remembered(c, "identifier");
  forgetSession(c);
  // Filled in at the sign-in.
  if (identifier) remember(c, "identifier", identifier);
  return c.redirect(`/sign-in?${new URLSearchParams({ notice: "reset", ...(to && { return_to: to.address }) })}`, 303);
}

/** Renders the form of a link that was followed, or of a code to type. */
function ResetForm(form: FormState, c: Context<AppEnv>) {
  const { t } = form;
  const { token } = form.values;
  // The link does not say whose it is, but the browser that requested it knows.
  const account = remembered(c, "identifier");
  if (token !== undefined) return <LinkForm {...form} account={account} />;
  const sent = sentTo(c, "reset");
  return (
    <>
      <CodeForm form={form} address={sent === form.values["identifier"] ? sent : undefined} />
      <nav class="links">
        <a href="/verify">{t.passwordReset.reset.verifyFirst}</a>
        <a href="/forgot-password">{t.passwordReset.sent.edit}</a>
      </nav>
    </>
  );
}

function LinkForm(form: FormState) {
  const { t, failure, account } = form;
  const { token } = form.values;
  // An invalid link stays invalid, so there is nothing to submit again.
  if (failure?.code === "invalid_token") {
    return (
      <>
        <Refusal {...form} />
        <a class="button" href="/forgot-password">
          {t.passwordReset.reset.newLink}
        </a>
      </>
    );
  }
  return (
    <Form {...form} action="/reset-password" submit={t.passwordReset.reset.submit}>
      <input type="hidden" name="token" value={token ?? ""} />
      <AccountField account={account} />
      <NewPasswordField form={form} name="new_password" autofocus />
    </Form>
  );
}

interface CodeFormProps {
  form: FormState;
  /** Whom the code went to, if this browser has asked for it. */
  address: string | undefined;
}

function CodeForm({ form, address }: CodeFormProps) {
  const { reset } = form.t.passwordReset;
  const { identifier } = form.values;
  return (
    <Form {...form} action="/reset-password/code" submit={reset.submit}>
      <p>{address ? fill(reset.sentTo, { address: maskedAddress(address) }) : reset.lead}</p>
      <AccountField account={address} />
      <IdentifierField form={form} known={address} />
      <CodeField form={form} hint={reset.codeHint} autofocus={Boolean(identifier)} />
      <NewPasswordField form={form} name="new_password" />
    </Form>
  );
}
