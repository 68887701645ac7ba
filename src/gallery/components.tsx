/** The components of the style sheet, each in every state, as the pages use them. */
import type { Child, PropsWithChildren } from "hono/jsx";
import { CaptchaField } from "../pages/captcha.tsx";
import { Choice } from "../pages/choices.tsx";
import { CodeField } from "../pages/code-field.tsx";
import { CurrentPasswordField, Field, type FormState, NewPasswordField, TextArea } from "../pages/fields.tsx";
import { Form, Notice, Refusal } from "../pages/form-parts.tsx";
import { ResendButton } from "../pages/resend.tsx";
import { err } from "../result.ts";

type T = FormState["t"];

/** The parts of the component page, as anchors. */
export const PARTS = ["buttons", "fields", "alerts", "rows", "danger", "states"] as const;

const Part = ({ id, title, children }: PropsWithChildren<{ id: (typeof PARTS)[number]; title: string }>) => (
  <section class="card" id={id}>
    <h2>{title}</h2>
    {children}
  </section>
);

export const Components = ({ t, children }: { t: T; children: Child }) => (
  <>
    <Part id="buttons" title="Buttons">
      <Buttons t={t} />
    </Part>
    <Part id="fields" title="Fields">
      <Fields t={t} />
    </Part>
    <Part id="alerts" title="Alerts">
      <Notice>{t.account.notices.saved}</Notice>
      <p class="alert">
        {t.account.unverified} <a href="#alerts">{t.verification.title}</a>
      </p>
      <Refusal t={t} failure={{ ...err("too_many_requests"), retryAfterSeconds: 30 }} />
    </Part>
    <Part id="rows" title="Rows, badges, filters">
      <Rows t={t} />
    </Part>
    <section class="card danger" id="danger">
      <h2>{t.account.deletion.zone}</h2>
      <ul class="rows">
        <li>
          <div class="value">
            <p class="title">{t.account.deletion.title}</p>
            <p class="soft">{t.account.deletion.about}</p>
          </div>
          <div class="acts">
            <a class="button secondary small danger" href="#danger">
              {t.account.deletion.act}
            </a>
          </div>
        </li>
      </ul>
    </section>
    <Part id="states" title="Every state of every page">
      {children}
    </Part>
  </>
);

/** A row of buttons, which submit nothing. */
const Line = ({ children }: PropsWithChildren) => <p class="links">{children}</p>;

const Buttons = ({ t }: { t: T }) => (
  <>
    <Line>
      <button type="button">{t.login.signIn}</button>
      <button type="button" class="secondary">
        {t.account.acts.cancel}
      </button>
      <button type="button" class="danger">
        {t.account.deletion.submit}
      </button>
      <a class="button" href="#buttons">
        {t.passwordReset.reset.newLink}
      </a>
    </Line>
    <Line>
      <button type="button" class="small">
        {t.account.acts.edit}
      </button>
      <button type="button" class="secondary small">
        {t.account.acts.change}
      </button>
      <button type="button" class="danger small">
        {t.sessions.endOthersNow}
      </button>
      <button type="button" class="link">
        {t.verification.resend}
      </button>
    </Line>
    <Line>
      <button type="button" disabled>
        {t.login.signIn}
      </button>
      <button type="button" aria-disabled="true">
        {t.login.signIn}
      </button>
      <button type="button" class="secondary" aria-disabled="true">
        {t.account.acts.verify}
      </button>
      <ResendButton seconds={30} text={t.verification.resend} waiting={t.verification.resendIn} />
    </Line>
  </>
);

/** Each field is one state. Names are used once, because they are ids. */
function Fields({ t }: { t: T }) {
  const values = { email: "jane.doe@example.com", username: "jane doe", short_description: "I grow tomatoes." };
  const failure = err("invalid_request", [
    { path: "username", code: "invalid_format", message: "" },
    { path: "old_password", code: "required", message: "" },
    { path: "last_name", code: "too_long", message: "" },
  ]);
  const form = { t, values, failure };
  return (
    <Form t={t} values={values} action="/dev/pages" submit={t.login.signIn}>
      <Field form={form} name="identifier" autocomplete="off" />
      <Field form={form} name="email" autocomplete="off" />
      <Field form={form} name="phone" autocomplete="off" />
      <Field form={form} name="username" autocomplete="off" />
      <CurrentPasswordField form={form} name="password" />
      <CurrentPasswordField form={form} name="old_password" />
      <NewPasswordField form={form} name="new_password" />
      <CodeField form={form} />
      <Choice
        form={form}
        name="contact"
        options={{ "": t.account.profile.noPreference, email: t.fields.email.label }}
      />
      <TextArea form={form} name="short_description" maxlength={500} />
      <Field form={form} name="last_name" autocomplete="off" />
      <CaptchaField t={t} captcha={{ siteKey: "none", action: "login" }} />
    </Form>
  );
}

const Rows = ({ t }: { t: T }) => (
  <>
    <nav class="filter" aria-label={t.events.filter}>
      {(["all", "sign_ins", "changes"] as const).map((group) => (
        <a href="#rows" aria-current={group === "all" ? "page" : undefined}>
          {t.events.groups[group]}
        </a>
      ))}
    </nav>
    <ul class="rows">
      <li>
        <div class="value">
          <p class="title">
            {t.fields.email.label} <span class="badge success">{t.account.verified}</span>{" "}
            <span class="badge">{t.account.preferred}</span>
          </p>
          <p class="soft">{"a.very.long.address.of.a.person.".repeat(3)}@example.com</p>
        </div>
        <div class="acts">
          <a class="button secondary small" href="#rows">
            {t.account.acts.change}
          </a>
          <a class="button secondary small" href="#rows">
            {t.account.acts.remove}
          </a>
        </div>
      </li>
      <li class="event failure">
        <div class="value">
          <p class="title">{t.events.byType.login_failed}</p>
          <p class="soft">203.0.113.7</p>
        </div>
      </li>
      <li class="event">
        <div class="value">
          <p class="title">{t.events.byType.logged_in}</p>
          <p class="soft">203.0.113.7</p>
        </div>
      </li>
    </ul>
    <details>
      <summary class="button secondary small">{t.sessions.endOthers}</summary>
      <form>
        <p>{t.sessions.endOthersLead}</p>
        <button type="button" class="danger small">
          {t.sessions.endOthersNow}
        </button>
      </form>
    </details>
    <ul class="list">
      {t.account.deletion.lost.map((line) => (
        <li>{line}</li>
      ))}
    </ul>
  </>
);
