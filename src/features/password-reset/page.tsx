import { type Context, Hono } from "hono";
import type { AppEnv } from "../../http/app-env.ts";
import { rateLimit } from "../../http/rate-limit.ts";
import { CodeField, Field, Form, type FormState, NewPasswordField, Refusal } from "../../pages/fields.tsx";
import { fromOwnPage, readSubmitted } from "../../pages/form.ts";
import { showPage, translations } from "../../pages/page.tsx";
import { remember, remembered } from "../../pages/remembered.ts";
import { rememberReturn, wantedReturn } from "../../pages/return-to.ts";
import { forgetSession } from "../../pages/session.ts";
import { parseIdentifier } from "../../schemas/identifier.ts";
import { RequestReset, ResetByCode, ResetByLink, requestReset, resetByCode, resetByLink } from "./password-reset.ts";

export const resetPages = new Hono<AppEnv>()
  .get("/forgot-password", (c) => {
    rememberReturn(c);
    return showForgot(c, { values: { identifier: remembered(c, "identifier") } });
  })
  .post("/forgot-password", fromOwnPage, rateLimit("messages"), async (c) => {
    const { values, parsed } = await readSubmitted(c, RequestReset);
    if (!parsed.ok) return showForgot(c, { values, failure: parsed });
    const isPhone = parseIdentifier(parsed.value, c.var.deps.config.DEFAULT_COUNTRY).kind === "phone";
    const kind = isPhone ? "password-reset-code" : "password-reset-link";
    const requested = await requestReset(c.var.deps, kind, parsed.value);
    if (!requested.ok) return showForgot(c, { values, failure: requested });

    const { identifier = "" } = values;
    remember(c, "identifier", identifier);
    return c.redirect(isPhone ? "/reset-password" : "/forgot-password/sent", 303);
  })
  .get("/forgot-password/sent", (c) => {
    const t = translations(c);
    const children = (
      <>
        <p>{t.texts.sentLink}</p>
        <nav>
          <a href="/sign-in">{t.links.signIn}</a>
        </nav>
      </>
    );
    return showPage(c, { title: t.titles.sent, children });
  })
  // To GET or HEAD a link is not used up: mail scanners follow it.
  .get("/reset-password", (c) =>
    showReset(c, { values: { token: c.req.query("token"), identifier: remembered(c, "identifier") } }),
  )
  .post("/reset-password", fromOwnPage, rateLimit("credentials"), async (c) => {
    const { values, parsed } = await readSubmitted(c, ResetByLink);
    const reset = parsed.ok ? await resetByLink(c.var.deps, parsed.value) : parsed;
    return reset.ok ? leadToSignIn(c) : showReset(c, { values, failure: reset });
  })
  // What a browser asks for that reloads a form that was refused.
  .get("/reset-password/code", (c) => c.redirect("/reset-password", 303))
  .post("/reset-password/code", fromOwnPage, rateLimit("credentials"), async (c) => {
    const { values, parsed } = await readSubmitted(c, ResetByCode);
    const reset = parsed.ok ? await resetByCode(c.var.deps, parsed.value) : parsed;
    return reset.ok ? leadToSignIn(c) : showReset(c, { values, failure: reset });
  });

function leadToSignIn(c: Context<AppEnv>) {
  const to = wantedReturn(c);
  forgetSession(c);
  return c.redirect(`/sign-in?${new URLSearchParams({ notice: "reset", ...(to && { return_to: to.address }) })}`, 303);
}

function showForgot(c: Context<AppEnv>, given: Omit<FormState, "t">) {
  const t = translations(c);
  const form = { ...given, t };
  const children = (
    <>
      <Form {...form} action="/forgot-password" submit={t.actions.send}>
        <Field form={form} name="identifier" autocomplete="username" maxlength={254} required />
      </Form>
      <nav>
        <a href="/sign-in">{t.links.signIn}</a>
        <a href="/reset-password">{t.links.haveCode}</a>
      </nav>
    </>
  );
  return showPage(c, { title: t.titles.forgot, failure: form.failure, children });
}

function showReset(c: Context<AppEnv>, given: Omit<FormState, "t">) {
  const t = translations(c);
  const form = { ...given, t };
  const { token } = form.values;
  const passwords = (
    <>
      <NewPasswordField form={form} name="new_password" />
      <NewPasswordField form={form} name="confirm_password" />
    </>
  );
  // There is no use in sending a dead token again.
  const isDead = form.failure?.code === "invalid_token";
  const byLink = isDead ? (
    <Refusal {...form} />
  ) : (
    <Form {...form} action="/reset-password" submit={t.actions.setPassword}>
      <input type="hidden" name="token" value={token ?? ""} />
      {passwords}
    </Form>
  );
  const byCode = (
    <Form {...form} action="/reset-password/code" submit={t.actions.setPassword}>
      <p>{t.texts.sentCode}</p>
      <Field form={form} name="identifier" autocomplete="username" maxlength={254} required />
      <CodeField form={form} />
      {passwords}
    </Form>
  );
  const children = (
    <>
      {token === undefined ? byCode : byLink}
      <nav>
        <a href="/forgot-password">{t.links.forgot}</a>
        <a href="/sign-in">{t.links.signIn}</a>
      </nav>
    </>
  );
  return showPage(c, { title: t.titles.reset, failure: form.failure, children });
}
