import { type Context, Hono } from "hono";
import type { AppEnv } from "../../http/app-env.ts";
import { setDeviceCookie } from "../../http/device-cookie.ts";
import type { PageMessages } from "../../locales/locales.ts";
import { remember, remembered } from "../../pages/cookies.ts";
import { AccountField, CodeField, Field, type FormState, NewPasswordField } from "../../pages/fields.tsx";
import { exchangeLink, followedLink, forgetLink } from "../../pages/followed-link.ts";
import { formPage } from "../../pages/form-page.tsx";
import { Form, Refusal } from "../../pages/form-parts.tsx";
import { showPage, translations } from "../../pages/page.tsx";
import { carryReturn, givenReturn, rememberReturn, wantedReturn } from "../../pages/return-to.ts";
import { forgetSession } from "../../pages/session.ts";
import { err } from "../../result.ts";
import { parseIdentifier } from "../../schemas/identifier.ts";
import { RequestReset, ResetByCode, ResetByLink, requestReset, resetByCode, resetByLink } from "./password-reset.ts";

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
        <Field form={form} name="identifier" autocomplete="username" maxlength={254} required />
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
    const isPhone = parseIdentifier(input, c.var.deps.config).kind === "phone";
    const kind = isPhone ? "password-reset-code" : "password-reset-link";
    const requested = await requestReset(c.var.deps, kind, input);
    if (!requested.ok) return requested;

    rememberReturn(c);
    remember(c, "identifier", input.identifier ?? "");
    return c.redirect(isPhone ? "/reset-password" : "/forgot-password/sent", 303);
  },
});

const sentPage = new Hono<AppEnv>().get("/forgot-password/sent", async (c) => {
  const t = await translations(c);
  const children = (
    <>
      <p>{t.passwordReset.sent.text}</p>
      <nav class="links">
        <a href="/sign-in">{t.login.signIn}</a>
      </nav>
    </>
  );
  return showPage(c, { title: t.passwordReset.sent.title, children });
});

// The page of a followed link has an address of its own, so that a link that another site made the
// browser open never replaces the form for a code.
const LINK = { cookie: "reset_link", path: "/reset-password/link" } as const;

const page = { title: (t: PageMessages) => t.passwordReset.reset.title, content: ResetForm };

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

const followedPage = new Hono<AppEnv>().get(LINK.path, async (c) => {
  const t = await translations(c);
  const token = followedLink(c, LINK);
  const failure = token === undefined ? err("invalid_token") : undefined;
  const children = ResetForm({ t, values: { token: token ?? "" }, failure }, c);
  return showPage(c, { title: page.title(t), failure, children });
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
  .route("/", forgotPage)
  .route("/", sentPage)
  .route("/", linkPage)
  .route("/", followedPage)
  .route("/", codePage);

function leadToSignIn(c: Context<AppEnv>, deviceToken: string) {
  setDeviceCookie(c, deviceToken);
  const to = wantedReturn(c);
  forgetSession(c);
  return c.redirect(`/sign-in?${new URLSearchParams({ notice: "reset", ...(to && { return_to: to.address }) })}`, 303);
}

/** Renders the form of a link that was followed, or of a code to type. */
function ResetForm(form: FormState, c: Context<AppEnv>) {
  const { t } = form;
  const { token } = form.values;
  // The link does not tell whose it is, but the browser that requested it knows.
  const account = remembered(c, "identifier");
  return (
    <>
      {token === undefined ? <CodeForm {...form} /> : <LinkForm {...form} account={account} />}
      <nav class="links">
        {token === undefined && <a href="/verify">{t.passwordReset.reset.verifyFirst}</a>}
        <a href="/forgot-password">{t.passwordReset.forgot.title}</a>
        <a href="/sign-in">{t.login.signIn}</a>
      </nav>
    </>
  );
}

function LinkForm(form: FormState) {
  const { t, failure } = form;
  const { token } = form.values;
  // An invalid link stays invalid, so there is nothing to submit again.
  if (failure?.code === "invalid_token") return <Refusal {...form} />;
  return (
    <Form {...form} action="/reset-password" submit={t.passwordReset.reset.submit}>
      <input type="hidden" name="token" value={token ?? ""} />
      <AccountField account={form.account} />
      <NewPasswordFields {...form} />
    </Form>
  );
}

const CodeForm = (form: FormState) => (
  <Form {...form} action="/reset-password/code" submit={form.t.passwordReset.reset.submit}>
    <p>{form.t.passwordReset.reset.lead}</p>
    <Field form={form} name="identifier" autocomplete="username" maxlength={254} required />
    <CodeField form={form} />
    <NewPasswordFields {...form} />
  </Form>
);

const NewPasswordFields = (form: FormState) => (
  <>
    <NewPasswordField form={form} name="new_password" />
    <NewPasswordField form={form} name="confirm_password" />
  </>
);
