/** The fields that only the forms of the console have. */
import type { Child } from "hono/jsx";
import type { FormValues } from "../../../../src/pages/fields.tsx";
import type { Err } from "../../../../src/result.ts";
import type { ConsoleMessages } from "../locales/en.ts";
import type { Words } from "../locales/locales.ts";

/** What a form is rendered with: the typed values, and the error if they were refused. */
export interface FormState {
  t: Words;
  values: FormValues;
  failure?: Err | undefined;
}

export type FieldName = keyof ConsoleMessages["fields"];

interface FieldProps {
  form: FormState;
  name: FieldName;
  required?: boolean;
  maxlength?: number;
  /** Lines of a field for several of them. */
  rows?: number;
}

/** A field for text, with its label, hint and error. */
export function Field({ form, name, rows, ...input }: FieldProps) {
  const { label, hint, isInvalid, describedBy } = partsOf(form, name);
  const value = form.values[name] ?? "";
  const attributes = {
    id: name,
    name,
    spellcheck: name === "reason",
    autocapitalize: "none" as const,
    autocomplete: "off",
    "aria-describedby": describedBy,
    "aria-invalid": isInvalid ? ("true" as const) : undefined,
    ...input,
  };
  return (
    <div class="field">
      <label for={name}>{label}</label>
      {rows ? (
        <textarea rows={rows} {...attributes}>
          {value}
        </textarea>
      ) : (
        <input type="text" value={value} {...attributes} />
      )}
      {hint && (
        <span id={`${name}-hint`} class="hint">
          {hint}
        </span>
      )}
      <FieldError form={form} name={name} />
    </div>
  );
}

/** A drop-down list. */
export function Choice({ form, name, options }: { form: FormState; name: FieldName; options: readonly string[] }) {
  const { label, describedBy } = partsOf(form, name);
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <select id={name} name={name} aria-describedby={describedBy}>
        {options.map((value) => (
          <option value={value} selected={value === form.values[name]}>
            {value}
          </option>
        ))}
      </select>
      <FieldError form={form} name={name} />
    </div>
  );
}

/** Check boxes, each a field of its own whose name ends in its value. */
export function Checks({ form, name, options }: { form: FormState; name: FieldName; options: readonly string[] }) {
  const { label, describedBy } = partsOf(form, name);
  return (
    <fieldset class="field" aria-describedby={describedBy}>
      <legend>{label}</legend>
      {options.map((value) => (
        <Check name={`${name}.${value}`} isChecked={Boolean(form.values[`${name}.${value}`])}>
          {value}
        </Check>
      ))}
      <FieldError form={form} name={name} />
    </fieldset>
  );
}

/** A single check box. */
export const CheckField = ({ form, name }: { form: FormState; name: FieldName }) => (
  <Check name={name} isChecked={Boolean(form.values[name])}>
    {partsOf(form, name).label}
  </Check>
);

const Check = ({ name, isChecked, children }: { name: string; isChecked: boolean; children: Child }) => (
  <label class="check">
    <input type="checkbox" name={name} value="on" checked={isChecked} />
    <span>{children}</span>
  </label>
);

const FieldError = ({ form, name }: { form: FormState; name: FieldName }) =>
  partsOf(form, name).isInvalid ? (
    <span id={`${name}-error`} class="error">
      {form.t.admin.fields[name].invalid}
    </span>
  ) : null;

function partsOf({ t, failure }: FormState, name: FieldName) {
  const words: { label: string; hint?: string } = t.admin.fields[name];
  // An error in a list names the place in it, and one in `by` the reason.
  const isInvalid = Boolean(failure?.errors?.some(({ path }) => path.split(".").includes(name)));
  const describedBy = [words.hint && `${name}-hint`, isInvalid && `${name}-error`].filter(Boolean).join(" ");
  return { ...words, isInvalid, describedBy: describedBy || undefined };
}
