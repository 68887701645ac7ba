import type { Child, PropsWithChildren } from "hono/jsx";
import type { ErrorCode } from "../errors.ts";
import type { FieldName, PageMessages } from "../locales/messages.ts";
import type { Err } from "../result.ts";
import { MIN_PASSWORD_LENGTH } from "../schemas/password.ts";

/** What a form is shown with: what was typed into it, and why it was refused, if it was. */
export interface FormState {
  t: PageMessages;
  values: Record<string, string | null | undefined>;
  failure?: Err | undefined;
}

interface FormProps extends FormState {
  action: string;
  /** On the button. */
  submit: string;
  danger?: boolean;
}

/** A form that is sent home, with what is amiss above it. */
export function Form({ t, failure, action, submit, danger, children }: PropsWithChildren<FormProps>) {
  return (
    <form id="form" method="post" action={action}>
      <Refusal t={t} failure={failure} />
      {children}
      <p>
        <button type="submit" class={danger ? "danger" : undefined}>
          {submit}
        </button>
      </p>
    </form>
  );
}

/** Why a form was refused, if it was, and when to send it again. */
export const Refusal = ({ t, failure }: Omit<FormState, "values">) =>
  failure ? (
    <>
      <p id="failure" role="alert" class="error">
        {t.refused[failure.code] ?? t.unknownError}
      </p>
      {failure.retryAfterSeconds && <Countdown t={t} seconds={failure.retryAfterSeconds} />}
    </>
  ) : null;

interface FieldProps {
  form: FormState;
  name: FieldName;
  /** WHATWG's tokens, by which browsers and password managers know what belongs there. */
  autocomplete: string;
  type?: "text" | "email" | "tel" | "password";
  inputmode?: "numeric";
  maxlength?: number;
  minlength?: number;
  required?: boolean;
  /** Says so to people: most fields are not. */
  optional?: boolean;
  /** What the script says of a short password, a longer one and a long one. */
  "data-strengths"?: string;
}

const IS_NAME = /_name$/;

/** The fields that a failure is about which names none. */
const ABOUT: Partial<Record<ErrorCode, FieldName[]>> = {
  invalid_credentials: ["password", "old_password"],
  invalid_code: ["otp"],
};

/** A field with its label, its hint and what is wrong with it, tied together. A password is never sent back. */
export function Field({ form, name, optional, type = "text", ...input }: FieldProps) {
  const { t, values } = form;
  const error = errorOf(form, name);
  const hint = input["data-strengths"] ? t.hints.new_password : t.hints[name];
  const isMeant = form.failure && ABOUT[form.failure.code]?.includes(name);
  const describedBy =
    [hint && `${name}-hint`, error && `${name}-error`, isMeant && "failure"].filter(Boolean).join(" ") || undefined;
  return (
    <p>
      <Label t={t} name={name} optional={optional} />
      <input
        id={name}
        name={name}
        type={type}
        value={type === "password" ? undefined : (values[name] ?? undefined)}
        aria-describedby={describedBy}
        aria-invalid={error || isMeant ? "true" : undefined}
        autofocus={isMeant || form.failure?.errors?.[0]?.path === name}
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

/** Text of several lines. */
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
    {t.fields[name]}
    {optional && <small> ({t.texts.optional})</small>}
  </label>
);

interface ChoiceProps {
  form: FormState;
  name: FieldName;
  /** Names by their values. */
  options: Record<string, string>;
}

/** One of a few. */
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

/** A password to give. The script adds what shows it. */
export const CurrentPasswordField = ({ form, name }: PasswordProps) => (
  <Field form={form} name={name} type="password" autocomplete="current-password" required />
);

/** A password to set. The script says how strong it is. */
export function NewPasswordField({ form, name }: PasswordProps) {
  const { weak, fair, strong } = form.t.texts;
  return (
    <Field
      form={form}
      name={name}
      type="password"
      autocomplete="new-password"
      minlength={MIN_PASSWORD_LENGTH}
      required
      {...(name !== "confirm_password" && { "data-strengths": [weak, fair, strong].join("|") })}
    />
  );
}

/** A code, which phones and mail programs fill in. */
export const CodeField = ({ form }: { form: FormState }) => (
  <Field form={form} name="otp" autocomplete="one-time-code" inputmode="numeric" maxlength={12} required />
);

/** What was done. */
export const Notice = ({ children }: { children: Child }) => (
  <p role="status" class="notice">
    {children}
  </p>
);

/** How long to wait; the script counts down. */
export const Countdown = ({ t, seconds }: { t: PageMessages; seconds: number }) => (
  <p data-countdown={seconds} data-template={t.retryIn}>
    {t.retryIn.replace("{seconds}", String(seconds))}
  </p>
);

function errorOf({ t, failure }: FormState, name: FieldName): string | undefined {
  if (!failure?.errors?.some(({ path }) => path === name)) return undefined;
  return failure.code.endsWith("_taken") ? t.taken[name as "email" | "phone" | "username"] : t.invalid[name];
}
