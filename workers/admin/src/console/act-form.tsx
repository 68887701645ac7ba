/**
 * The form of an act: a question with a reason, or fields. Every change of the console goes through
 * `answerActForm`, which requires a fresh proof of the administrator.
 */
import type { Context } from "hono";
import type { Child } from "hono/jsx";
import type { ActBy } from "../../../../src/contract/admin-service.ts";
import { readForm } from "../../../../src/http/body.ts";
import type { FormValues } from "../../../../src/pages/fields.tsx";
import { FormId, Notice, Refusal } from "../../../../src/pages/form-parts.tsx";
import { type Err, err, type Result } from "../../../../src/result.ts";
import { askToConfirmIdentity } from "./access.tsx";
import type { ConsoleEnv } from "./console-env.ts";
import { Field, type FormState } from "./fields.tsx";
import { failurePage, showPage } from "./layout.tsx";

const MAX_REASON_LENGTH = 500;

export interface ActForm<T = unknown> {
  title: string;
  lead?: Child;
  /** Text of the button. */
  submit: string;
  danger?: boolean | undefined;
  /** The page from which the form was opened. "Cancel" leads there. */
  back: string;
  /** The values at first. */
  values?: FormValues;
  fields?: ((form: FormState) => Child) | undefined;
  act(typed: Record<string, string>, by: ActBy): Promise<Result<T>>;
  /** Where the act leads, with a notice. */
  done: string | ((value: T) => Response | Promise<Response>);
}

/** Shows the form, or performs the act if it was sent. */
export async function answerActForm<T>(c: Context<ConsoleEnv>, form: ActForm<T>): Promise<Response> {
  const { administrator, t } = c.var;
  if (!administrator.fresh) return askToConfirmIdentity(c);
  if (c.req.method !== "POST") return showActForm(c, form, { t, values: form.values ?? {} });
  // A form that was shown to one administrator must not act for another in the same browser.
  if (c.req.query("user") !== administrator.id)
    return showActForm(c, form, { t, values: form.values ?? {} }, t.account.notices.otherUser);
  const typed = await readForm(c);
  if (!typed) return failurePage(c, err("malformed_body"));
  const reason = typed["reason"]?.trim() ?? "";
  const done = isReason(reason) ? await form.act(typed, { administrator: administrator.id, reason }) : NO_REASON;
  if (!done.ok) return showActForm(c, form, { t, values: typed, failure: done });
  return typeof form.done === "string" ? c.redirect(form.done, 303) : form.done(done.value);
}

const isReason = (text: string) => text.length > 0 && text.length <= MAX_REASON_LENGTH;
const NO_REASON: Err = err("invalid_request", [{ path: "reason", code: "invalid_value", message: "Say why." }]);

function showActForm<T>(c: Context<ConsoleEnv>, page: ActForm<T>, form: FormState, notice?: string) {
  const { t } = c.var;
  const { title, lead, submit, danger, back, fields } = page;
  const { failure } = form;
  const children = (
    <section class="card">
      {notice && <Notice neutral>{notice}</Notice>}
      {lead && <p>{lead}</p>}
      <form method="post" action={actionOf(c)}>
        <FormId />
        <Refusal t={t} failure={failure} refusals={t.admin.refusals} />
        {fields?.(form)}
        <Field form={form} name="reason" maxlength={MAX_REASON_LENGTH} required />
        <button type="submit" class={danger ? "danger" : undefined}>
          {submit}
        </button>
        <a class="button secondary" href={back}>
          {t.admin.cancel}
        </a>
      </form>
    </section>
  );
  return showPage(c, { title, failure, children });
}

/** The address of the form, which names the administrator to whom it was shown. */
function actionOf(c: Context<ConsoleEnv>): string {
  const { pathname, searchParams } = new URL(c.req.url);
  searchParams.set("user", c.var.administrator.id);
  return `${pathname}?${searchParams}`;
}

/** Adds the notice that an act was done to the address of a page. */
export const withNotice = (path: string, act: string) => `${path}?${new URLSearchParams({ notice: act })}`;

/** What a list page and the page of one thing say after an act. */
export const DoneNotice = ({ text }: { text: string | undefined }) => (text ? <Notice>{text}</Notice> : null);
