import { type Context, Hono } from "hono";
import type { Child } from "hono/jsx";
import type { AppEnv } from "../../http/app-env.ts";
import { limit } from "../../http/limit.ts";
import { Code, Field, Form, type FormState, NewPassword } from "../../pages/fields.tsx";
import { fromOwnPage, readSubmitted } from "../../pages/form.ts";
import { sayingsOf, showPage } from "../../pages/page.tsx";
import { forget, remember, remembered } from "../../pages/remembered.ts";
import { wantedReturn } from "../../pages/return-to.ts";
import { forgetSession } from "../../pages/session.ts";
import { parseIdentifier } from "../../schemas/identifier.ts";
import { RequestReset, ResetByCode, ResetByLink, requestReset, resetByCode, resetByLink } from "./password-reset.ts";

/** What is longer is no token of ours, whatever it begins with. */
const MAX_TOKEN_LENGTH = 200;

export const resetPages = new Hono<AppEnv>()
  .get("/forgot-password", (c) => {
    wantedReturn(c);
    return showForgot(c, { values: { identifier: remembered(c, "identifier") } });
  })
  .post("/forgot-password", fromOwnPage, limit("send"), async (c) => {
    const { values, parsed } = await readSubmitted(c, RequestReset);
    if (!parsed.ok) return showForgot(c, { values, failure: parsed });
    const isPhone = parseIdentifier(parsed.value, c.var.deps.config.DEFAULT_COUNTRY).kind === "phone";
    const kind = isPhone ? "password-reset-code" : "password-reset-link";
    const requested = await requestReset(c.var.deps, kind, parsed.value);
    if (!requested.ok) return showForgot(c, { values, failure: requested });

    const { identifier = "" } = values;
    remember(c, "identifier", identifier);
    return c.redirect(isPhone ? "/reset-password/code" : "/forgot-password/sent", 303);
  })
  .get("/forgot-password/sent", (c) => {
    const say = sayingsOf(c);
    const children = (
      <>
        <p>{say.texts.sentLink}</p>
        <nav>
          <a href="/sign-in">{say.links.signIn}</a>
        </nav>
      </>
    );
    return showPage(c, { title: say.titles.sent, children });
  })
  // To GET or HEAD a link is not used up: mail scanners follow it. Its token leaves the address for a cookie at once.
  .get("/reset-password", (c) => {
    const given = c.req.query("token");
    if (given !== undefined) {
      remember(c, "reset_token", given.slice(0, MAX_TOKEN_LENGTH));
      return c.redirect("/reset-password", 303);
    }
    const token = remembered(c, "reset_token");
    return token === undefined ? c.redirect("/reset-password/code", 303) : showResetByLink(c, { values: { token } });
  })
  .post("/reset-password", fromOwnPage, limit("guess"), async (c) => {
    const { values, parsed } = await readSubmitted(c, ResetByLink);
    const reset = parsed.ok ? await resetByLink(c.var.deps, parsed.value) : parsed;
    if (reset.ok) return leadToSignIn(c);
    if (reset.code === "invalid_token") forget(c, "reset_token");
    return showResetByLink(c, { values, failure: reset });
  })
  .get("/reset-password/code", (c) => showResetByCode(c, { values: { identifier: remembered(c, "identifier") } }))
  .post("/reset-password/code", fromOwnPage, limit("guess"), async (c) => {
    const { values, parsed } = await readSubmitted(c, ResetByCode);
    const reset = parsed.ok ? await resetByCode(c.var.deps, parsed.value) : parsed;
    return reset.ok ? leadToSignIn(c) : showResetByCode(c, { values, failure: reset });
  });

function leadToSignIn(c: Context<AppEnv>) {
  forgetSession(c);
  forget(c, "reset_token");
  return c.redirect("/sign-in?notice=reset", 303);
}

function showForgot(c: Context<AppEnv>, given: Omit<FormState, "say">) {
  const say = sayingsOf(c);
  const form = { ...given, say };
  const children = (
    <>
      <Form {...form} action="/forgot-password" submit={say.actions.send}>
        <Field form={form} name="identifier" autocomplete="username" maxlength={254} required />
      </Form>
      <nav>
        <a href="/sign-in">{say.links.signIn}</a>
        <a href="/reset-password/code">{say.links.haveCode}</a>
      </nav>
    </>
  );
  return showPage(c, { title: say.titles.forgot, failure: form.failure, children });
}

function showResetByLink(c: Context<AppEnv>, given: Omit<FormState, "say">) {
  const form = { ...given, say: sayingsOf(c) };
  const { token } = given.values;
  return showReset(
    c,
    form,
    <Form {...form} action="/reset-password" submit={form.say.actions.setPassword}>
      <input type="hidden" name="token" value={token ?? ""} />
      <NewPasswords form={form} />
    </Form>,
  );
}

function showResetByCode(c: Context<AppEnv>, given: Omit<FormState, "say">) {
  const form = { ...given, say: sayingsOf(c) };
  return showReset(
    c,
    form,
    <Form {...form} action="/reset-password/code" submit={form.say.actions.setPassword}>
      <p>{form.say.texts.sentCode}</p>
      <Field form={form} name="identifier" autocomplete="username" maxlength={254} required />
      <Code form={form} />
      <NewPasswords form={form} />
    </Form>,
  );
}

const NewPasswords = ({ form }: { form: FormState }) => (
  <>
    <NewPassword form={form} name="new_password" />
    <NewPassword form={form} name="confirm_password" />
  </>
);

function showReset(c: Context<AppEnv>, { say, failure }: FormState, form: Child) {
  const children = (
    <>
      {form}
      <nav>
        <a href="/forgot-password">{say.links.forgot}</a>
        <a href="/sign-in">{say.links.signIn}</a>
      </nav>
    </>
  );
  return showPage(c, { title: say.titles.reset, failure, children });
}
