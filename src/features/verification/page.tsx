import { type Context, Hono } from "hono";
import * as z from "zod";
import type { AppEnv } from "../../http/app-env.ts";
import { rateLimit } from "../../http/rate-limit.ts";
import { CodeField, Field, Form, type FormState, Notice } from "../../pages/fields.tsx";
import { fromOwnPage, readSubmitted } from "../../pages/form.ts";
import { showPage, translations } from "../../pages/page.tsx";
import { remember, remembered } from "../../pages/remembered.ts";
import { refreshTokenIn } from "../../pages/session.ts";
import { text } from "../../schemas/text.ts";
import { requestCode, Verify, verify } from "./verification.ts";

/** The same form as to verify, whose code is read past. */
const Resend = z.object({ identifier: text({ max: 254 }) });

export const verifyPages = new Hono<AppEnv>()
  .get("/verify", (c) => showVerify(c, { values: { identifier: remembered(c, "identifier") } }))
  .post("/verify", fromOwnPage, rateLimit("credentials"), async (c) => {
    const { values, parsed } = await readSubmitted(c, Verify);
    const verified = parsed.ok ? await verify(c.var.deps, parsed.value) : parsed;
    if (!verified.ok) return showVerify(c, { values, failure: verified });
    return c.redirect(refreshTokenIn(c).token ? "/account?notice=verified" : "/sign-in?notice=verified", 303);
  })
  // What a browser asks for that reloads a form that was refused.
  .get("/verify/resend", (c) => c.redirect("/verify", 303))
  .post("/verify/resend", fromOwnPage, rateLimit("messages"), async (c) => {
    const { values, parsed } = await readSubmitted(c, Resend);
    const requested = parsed.ok ? await requestCode(c.var.deps, parsed.value) : parsed;
    if (!requested.ok) return showVerify(c, { values, failure: requested });

    const { identifier = "" } = values;
    remember(c, "identifier", identifier);
    return c.redirect("/verify?notice=resent", 303);
  });

function showVerify(c: Context<AppEnv>, given: Omit<FormState, "t">) {
  const t = translations(c);
  const form = { ...given, t };
  const children = (
    <>
      {c.req.query("notice") === "resent" && <Notice>{t.notices.resent}</Notice>}
      <p>{t.texts.verifyLead}</p>
      <Form {...form} action="/verify" submit={t.actions.verify}>
        <Field form={form} name="identifier" autocomplete="username" maxlength={254} required />
        <CodeField form={form} />
      </Form>
      <p>
        {/* After the form's own: the enter key presses the first. */}
        <button type="submit" class="plain" form="form" formaction="/verify/resend" formnovalidate>
          {t.actions.resend}
        </button>
      </p>
      <nav>
        <a href="/sign-in">{t.links.signIn}</a>
      </nav>
    </>
  );
  return showPage(c, { title: t.titles.verify, failure: form.failure, children });
}
