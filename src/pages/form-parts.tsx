/** A form, and what it says above its fields. */
import type { Child, PropsWithChildren } from "hono/jsx";
import type { ErrorCode } from "../errors.ts";
import { fill } from "../locales/fill.ts";
import type { PageMessages } from "../locales/locales.ts";
import type { Err } from "../result.ts";
import { CaptchaField } from "./captcha.tsx";
import type { FormState } from "./fields.tsx";
import type { ReturnTo } from "./return-to.ts";

export type Refusals = Partial<Record<ErrorCode, string>>;

interface FormProps extends FormState {
  action: string;
  /** Text of the button. Undefined: the footer has the only one. */
  submit: string | undefined;
  danger?: boolean | undefined;
  /** The form is one of the signed-in user's account. */
  signedIn?: boolean | undefined;
  /** Texts of this form for errors that mean something else elsewhere. */
  refusals?: Refusals | undefined;
  /** Content of the form below its button. */
  footer?: Child;
}

/** The id of one rendering of a form, by which `actOnce` recognizes a second submit. */
export const FormId = () => <input type="hidden" name="form_id" value={crypto.randomUUID()} />;

/** Carries a return address to the act of a form. */
export const ReturnField = ({ to }: { to: ReturnTo | undefined }) =>
  to ? <input type="hidden" name="return_to" value={to.address} /> : null;

/**
 * A form that posts to this service, with the error of the last attempt above its fields, and the
 * captcha, if it has one, above its button.
 */
export function Form(props: PropsWithChildren<FormProps>) {
  const { t, failure, captcha, action, submit, danger, signedIn, refusals, footer, children } = props;
  return (
    <form method="post" action={action}>
      <FormId />
      <Refusal t={t} failure={failure} signedIn={signedIn} refusals={refusals} />
      {children}
      <CaptchaField t={t} captcha={captcha} />
      {submit && (
        <button type="submit" class={danger ? "danger" : undefined}>
          {submit}
        </button>
      )}
      {footer}
    </form>
  );
}

interface RefusalProps extends Pick<FormProps, "signedIn" | "refusals"> {
  t: PageMessages;
  failure?: Err | undefined;
}

/**
 * The reason why a form was refused, and the time until a retry. Empty without a failure. A reason
 * that belongs to a field is shown there, once.
 */
export const Refusal = ({ t, failure, signedIn, refusals }: RefusalProps) =>
  failure ? (
    <div class="alert error">
      <p id="failure" role="alert">
        {refusals?.[failure.code] ?? reasonOf(t, failure, signedIn)}
      </p>
      {failure.retryAfterSeconds && <Countdown text={t.errors.retryIn} seconds={failure.retryAfterSeconds} />}
    </div>
  ) : null;

function reasonOf({ errors, fields }: PageMessages, { code, errors: invalid }: Err, signedIn = false): string {
  if (signedIn && code === "invalid_credentials") return errors.wrongPassword;
  if (!invalid) return errors.byCode[code] ?? errors.unknown;
  // A form that someone has altered can have an invalid field that the page does not show.
  const marksField = invalid.some((error) => error.code !== "unknown_field" && error.path in fields);
  return (marksField ? errors.byCode.invalid_request : undefined) ?? errors.unknown;
}

/** A message that confirms an act, or that says what has happened. */
export const Notice = ({ neutral, children }: { neutral?: boolean; children: Child }) => (
  <p role="status" class={neutral ? "alert" : "alert success"}>
    {children}
  </p>
);

/** The time until a retry, in a text with `{seconds}`. The script counts it down. */
export const Countdown = ({ text, seconds }: { text: string; seconds: number }) => (
  <p data-countdown={seconds} data-template={text}>
    {fill(text, { seconds })}
  </p>
);
