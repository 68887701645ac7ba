/** The fields of the forms, each with its label, hint and error. */
import type { Child } from "hono/jsx";
import type { ErrorCode } from "../errors.ts";
import type { FieldName } from "../locales/en/fields.ts";
import type { PageMessages } from "../locales/locales.ts";
import type { Err } from "../result.ts";
import { MIN_PASSWORD_LENGTH } from "../schemas/password.ts";
import type { Captcha } from "./captcha.tsx";

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
  /** The user signed in without a password. Forms do not ask for one. */
  withoutPassword?: boolean | undefined;
}

interface InputProps {
  form: FormState;
  name: FieldName;
  /** Autofill token of the HTML standard, for browsers and password managers. */
  autocomplete: string;
  type?: "text" | "email" | "tel" | "password";
  inputmode?: "numeric";
  maxlength?: number;
  minlength?: number;
  required?: boolean;
  autofocus?: boolean;
  class?: string;
  /** Why a new password is refused, as JSON by error code, for the script. */
  "data-reasons"?: string;
}

export interface FieldProps extends InputProps {
  /** Replaces the label or the hint of the field's name. */
  label?: string | undefined;
  hint?: string | undefined;
  /** The fields of the API that this one can stand for. */
  standsFor?: FieldName[];
}

const IS_NAME = /_name$/;

/** Fields to highlight for error codes that carry no field list. */
const HIGHLIGHTED: Partial<Record<ErrorCode, FieldName[]>> = {
  invalid_credentials: ["password", "old_password"],
  invalid_code: ["otp", "code"],
};

/** A field for one line of text. Never repeats a password. */
export function Field(props: FieldProps) {
  const { form, name, label, hint, standsFor, type = "text", autofocus, ...input } = props;
  const shownHint = hint ?? form.t.fields[name].hint;
  const error = errorOf(form, [name, ...(standsFor ?? [])]);
  const marks = marksOf(form, { name, hint: shownHint, error });
  const control = (
    <input
      id={name}
      name={name}
      type={type}
      value={type === "password" ? undefined : (form.values[name] ?? undefined)}
      autofocus={form.failure ? marks.isFirst : autofocus}
      autocapitalize={IS_NAME.test(name) ? undefined : "none"}
      spellcheck={false}
      {...marks.aria}
      {...input}
    />
  );
  return (
    <Labeled t={form.t} name={name} label={label} hint={shownHint} error={error}>
      {type === "password" ? <span class="control">{control}</span> : control}
    </Labeled>
  );
}

/** Attributes that link a control to its hint and its error, for screen readers. */
export function marksOf({ failure }: FormState, { name, hint, error }: Pick<LabeledProps, "name" | "hint" | "error">) {
  const isHighlighted = failure && HIGHLIGHTED[failure.code]?.includes(name);
  const describedBy = [hint && `${name}-hint`, error && `${name}-error`, isHighlighted && "failure"].filter(Boolean);
  return {
    isFirst: isHighlighted || (error !== undefined && error.path === failure?.errors?.[0]?.path),
    aria: {
      "aria-describedby": describedBy.join(" ") || undefined,
      "aria-invalid": error || isHighlighted ? ("true" as const) : undefined,
    },
  };
}

interface LabeledProps {
  t: PageMessages;
  name: FieldName;
  label?: string | undefined;
  hint: string | undefined;
  error: ShownError | undefined;
  children?: Child;
}

/** A control with its label above, and its hint and error below. */
export function Labeled({ t, name, label, hint, error, children }: LabeledProps) {
  return (
    <div class="field">
      <label for={name}>{label ?? t.fields[name].label}</label>
      {children}
      {hint && (
        <span id={`${name}-hint`} class="hint">
          {hint}
        </span>
      )}
      {error && (
        <span id={`${name}-error`} class="error">
          {error.text}
        </span>
      )}
    </div>
  );
}

interface ShownError {
  path: string;
  text: string;
}

/** Returns the first error of these fields. */
export function errorOf({ t, failure }: FormState, names: FieldName[]): ShownError | undefined {
  const error = failure?.errors?.find(({ path }) => names.some((name) => name === path));
  if (!error) return undefined;
  const { invalid, taken, unchanged } = t.fields[error.path as FieldName];
  const text = { taken, unchanged }[error.code as string] ?? t.errors.byFieldCode[error.code] ?? invalid;
  return { path: error.path, text };
}

interface TextAreaProps {
  form: FormState;
  name: FieldName;
  maxlength: number;
}

/** A field for several lines of text. */
export function TextArea({ form, name, maxlength }: TextAreaProps) {
  const { hint } = form.t.fields[name];
  const error = errorOf(form, [name]);
  return (
    <Labeled t={form.t} name={name} hint={hint} error={error}>
      <textarea id={name} name={name} rows={4} maxlength={maxlength} {...marksOf(form, { name, hint, error }).aria}>
        {form.values[name] ?? ""}
      </textarea>
    </Labeled>
  );
}

interface PasswordProps {
  form: FormState;
  name: "password" | "old_password" | "new_password";
  autofocus?: boolean;
}

/** A field for an existing password. The script adds a button that reveals it. */
export const CurrentPasswordField = ({ form, name, autofocus }: PasswordProps) =>
  form.withoutPassword ? null : (
    <>
      <AccountField account={form.account} />
      <Field
        form={form}
        name={name}
        type="password"
        autocomplete="current-password"
        autofocus={autofocus ?? false}
        required
      />
    </>
  );

/** The same field, where a session that was authenticated recently needs none. */
export const ProofField = ({ form }: { form: FormState }) =>
  form.values["password"] !== undefined || form.failure?.code === "reauthentication_required" ? (
    <CurrentPasswordField form={form} name="password" />
  ) : null;

/** Tells password managers whose password the fields below are for. It is not sent. */
export const AccountField = ({ account }: Pick<FormState, "account">) =>
  account ? <input type="text" autocomplete="username" value={account} readonly hidden /> : null;

/** A field for a new password. The script says while typing why the service would refuse it. */
export function NewPasswordField({ form, name, autofocus }: PasswordProps) {
  const { common_password, identifier_as_password } = form.t.errors.byFieldCode;
  return (
    <Field
      form={form}
      name={name}
      type="password"
      autocomplete="new-password"
      minlength={MIN_PASSWORD_LENGTH}
      hint={form.t.fields.new_password.hint}
      autofocus={autofocus ?? false}
      required
      data-reasons={JSON.stringify({ common_password, identifier_as_password })}
    />
  );
}

/** A field for an identifier of any kind. One that is `known` already is hidden. */
export const IdentifierField = ({ form, known }: { form: FormState; known?: string | undefined }) =>
  known ? (
    <input type="hidden" name="identifier" value={known} />
  ) : (
    <Field
      form={form}
      name="identifier"
      autocomplete="username"
      maxlength={254}
      autofocus={!form.values["identifier"]}
      required
    />
  );
