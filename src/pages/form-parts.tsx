/** A form, and what it says above its fields. */
import type { Child, PropsWithChildren } from "hono/jsx";
import { fill } from "../locales/fill.ts";
import type { PageMessages } from "../locales/locales.ts";
import type { Err } from "../result.ts";
import { CaptchaField } from "./captcha.tsx";
import type { FormState } from "./fields.tsx";

interface FormProps extends FormState {
  action: string;
  /** Text of the button. */
  submit: string;
  danger?: boolean | undefined;
  /** Content of the form below its button. */
  footer?: Child;
}

/** The id of one rendering of a form, by which `actOnce` recognizes a second submit. */
export const FormId = () => <input type="hidden" name="form_id" value={crypto.randomUUID()} />;

/**
 * A form that posts to this service, with the error of the last attempt above its fields, and the
 * captcha, if it has one, above its button.
 */
export function Form({ t, failure, captcha, action, submit, danger, footer, children }: PropsWithChildren<FormProps>) {
  return (
    <form method="post" action={action}>
      <FormId />
      <Refusal t={t} failure={failure} />
      {children}
      <CaptchaField t={t} captcha={captcha} />
      <button type="submit" class={danger ? "danger" : undefined}>
        {submit}
      </button>
      {footer}
    </form>
  );
}

/** The reason why a form was refused, and the time until a retry. Empty without a failure. */
export const Refusal = ({ t, failure }: { t: PageMessages; failure?: Err | undefined }) =>
  failure ? (
    <div class="alert error">
      <p id="failure" role="alert">
        {t.errors.byCode[failure.code] ?? t.errors.unknown}
      </p>
      {failure.retryAfterSeconds && <Countdown t={t} seconds={failure.retryAfterSeconds} />}
    </div>
  ) : null;

/** A message that confirms an act. */
export const Notice = ({ children }: { children: Child }) => (
  <p role="status" class="alert success">
    {children}
  </p>
);

/** The time until a retry. The script counts it down. */
export const Countdown = ({ t, seconds }: { t: PageMessages; seconds: number }) => (
  <p data-countdown={seconds} data-template={t.errors.retryIn}>
    {fill(t.errors.retryIn, { seconds })}
  </p>
);
