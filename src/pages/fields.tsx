import type { Child, PropsWithChildren } from "hono/jsx";
import type { ErrorCode } from "../errors.ts";
import type { FieldName } from "../locales/en/fields.ts";
import type { PageMessages } from "../locales/locales.ts";
import type { Err } from "../result.ts";
import { MIN_PASSWORD_LENGTH } from "../schemas/password.ts";
import { type Captcha, CaptchaField } from "./captcha.tsx";

/** Texts of a form's fields by their names. */
export type FormValues = Record<string, string | null | undefined>;

/** State that a form is rendered with: the typed values, and the error if they were refused. */
export interface FormState {
  t: PageMessages;
  values: FormValues;
  failure?: Err | undefined;
  captcha?: Captcha | undefined;
  /** The account whose password the form asks for, if no field of the form names it. */
  account?: string | undefined;
}

interface FormProps extends FormState {
  action: string;
  /** Text of the button. */
  submit: string;
  danger?: boolean | undefined;
  /** Content of the form below its button. */
  footer?: Child;
}

/**
 * A form that posts to this service, with the error of the last attempt above its fields, and the
 * captcha, if it has one, above its button. Each rendering has an id, by which `actOnce` recognizes
 * a second submit.
 */
export function Form({ t, failure, captcha, action, submit, danger, footer, children }: PropsWithChildren<FormProps>) {
  return (
    <form method="post" action={action}>
      <input type="hidden" name="form_id" value={crypto.randomUUID()} />
      <Refusal t={t} failure={failure} />
      {children}
      <CaptchaField t={t} captcha={captcha} />
      <p>
        <button type="submit" class={danger ? "danger" : undefined}>
          {submit}
        </button>
      </p>
      {footer}
    </form>
  );
}

/** The reason why a form was refused, and the time until a retry. Empty without a failure. */
export const Refusal = ({ t, failure }: Omit<FormState, "values">) =>
  failure ? (
    <>
      <p id="failure" role="alert" class="error">
        {t.errors.byCode[failure.code] ?? t.errors.unknown}
      </p>
      {failure.retryAfterSeconds && <Countdown t={t} seconds={failure.retryAfterSeconds} />}
    </>
  ) : null;

interface FieldProps {
  form: FormState;
  name: FieldName;
  /** Autofill token of the HTML standard, for browsers and password managers. */
  autocomplete: string;
  type?: "text" | "email" | "tel" | "password";
  inputmode?: "numeric";
  maxlength?: number;
  minlength?: number;
  required?: boolean;
  /** Marks the label as optional. */
  optional?: boolean;
  /** Texts for a weak, fair and strong password, joined by `|`, for the script. */
  "data-strengths"?: string;
}

const IS_NAME = /_name$/;

/** Fields to highlight for error codes that carry no field list. */
const HIGHLIGHTED: Partial<Record<ErrorCode, FieldName[]>> = {
  invalid_credentials: ["password", "old_password"],
  invalid_code: ["otp"],
};

/** A field with its label, hint and error, linked for screen readers. Never repeats a password. */
export function Field({ form, name, optional, type = "text", ...input }: FieldProps) {
  const { t, values } = form;
  const error = errorOf(form, name);
  const hint = t.fields[input["data-strengths"] ? "new_password" : name].hint;
  const isHighlighted = form.failure && HIGHLIGHTED[form.failure.code]?.includes(name);
  const describedBy =
    [hint && `${name}-hint`, error && `${name}-error`, isHighlighted && "failure"].filter(Boolean).join(" ") ||
    undefined;
  return (
    <p>
      <Label t={t} name={name} optional={optional} />
      <input
        id={name}
        name={name}
        type={type}
        value={type === "password" ? undefined : (values[name] ?? undefined)}
        aria-describedby={describedBy}
        aria-invalid={error || isHighlighted ? "true" : undefined}
        autofocus={isHighlighted || form.failure?.errors?.[0]?.path === name}
        autocapitalize={IS_NAME.test(name) ? undefined : "none"}
        spellcheck={false}
        {...input}
      />
      {hint && <small id={`${name}-hint`}>{hint}</small>}
      <FieldError name={name} error={error} />
    </p>
  );
}

const FieldError = ({ name, error }: { name: FieldName; error: string | undefined }) =>
  error ? (
    <small id={`${name}-error`} class="error">
      {error}
    </small>
  ) : null;

interface TextAreaProps {
  form: FormState;
  name: FieldName;
  maxlength: number;
}

/** A field for several lines of text. */
export function TextArea({ form, name, maxlength }: TextAreaProps) {
  const error = errorOf(form, name);
  return (
    <p>
      <Label t={form.t} name={name} />
      <textarea
        id={name}
        name={name}
        rows={4}
        maxlength={maxlength}
        aria-describedby={error && `${name}-error`}
        aria-invalid={error ? "true" : undefined}
      >
        {form.values[name] ?? ""}
      </textarea>
      <FieldError name={name} error={error} />
    </p>
  );
}

interface LabelProps {
  t: PageMessages;
  name: FieldName;
  optional?: boolean | undefined;
}

const Label = ({ t, name, optional }: LabelProps) => (
  <label for={name}>
    {t.fields[name].label}
    {optional && <small> ({t.common.optional})</small>}
  </label>
);

interface ChoiceProps {
  form: FormState;
  name: FieldName;
  /** Labels by value. */
  options: Record<string, string>;
}

/** A drop-down list. */
export const Choice = ({ form, name, options }: ChoiceProps) => (
  <p>
    <Label t={form.t} name={name} />
    <select id={name} name={name}>
      {Object.entries(options).map(([value, text]) => (
        <option value={value} selected={value === (form.values[name] ?? "")}>
          {text}
        </option>
      ))}
    </select>
  </p>
);

interface PasswordProps {
  form: FormState;
  name: "password" | "old_password" | "new_password" | "confirm_password";
}

/** A field for an existing password. The script adds a button that reveals it. */
export const CurrentPasswordField = ({ form, name }: PasswordProps) => (
  <>
    <AccountField account={form.account} />
    <Field form={form} name={name} type="password" autocomplete="current-password" required />
  </>
);

/** Tells password managers whose password the fields below are for. It is not sent. */
export const AccountField = ({ account }: Pick<FormState, "account">) =>
  account ? <input type="text" autocomplete="username" value={account} readonly hidden /> : null;

/** A field for a new password. The script rates its strength. */
export function NewPasswordField({ form, name }: PasswordProps) {
  const { weakPassword, fairPassword, strongPassword } = form.t.common;
  return (
    <Field
      form={form}
      name={name}
      type="password"
      autocomplete="new-password"
      minlength={MIN_PASSWORD_LENGTH}
      required
      {...(name !== "confirm_password" && { "data-strengths": [weakPassword, fairPassword, strongPassword].join("|") })}
    />
  );
}

/** A field for a one-time code, which phones and mail programs can fill in. */
export const CodeField = ({ form }: { form: FormState }) => (
  <Field form={form} name="otp" autocomplete="one-time-code" inputmode="numeric" maxlength={12} required />
);

/** A message that confirms an action. */
export const Notice = ({ children }: { children: Child }) => (
  <p role="status" class="notice">
    {children}
  </p>
);

/** The time until a retry. The script counts it down. */
export const Countdown = ({ t, seconds }: { t: PageMessages; seconds: number }) => (
  <p data-countdown={seconds} data-template={t.errors.retryIn}>
    {t.errors.retryIn.replace("{seconds}", String(seconds))}
  </p>
);

function errorOf({ t, failure }: FormState, name: FieldName): string | undefined {
  if (!failure?.errors?.some(({ path }) => path === name)) return undefined;
  const { invalid, taken } = t.fields[name];
  return failure.code.endsWith("_taken") ? taken : invalid;
}
