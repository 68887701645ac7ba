/** The fields of the forms in which people choose. */
import type { Child } from "hono/jsx";
import type { FieldName } from "../locales/en/fields.ts";
import { errorOf, type FormState, Labeled, marksOf } from "./fields.tsx";

interface ChoiceProps {
  form: FormState;
  name: FieldName;
  /** Labels by value. */
  options: Record<string, string>;
}

/** A drop-down list. */
export function Choice({ form, name, options }: ChoiceProps) {
  const { hint } = form.t.fields[name];
  const error = errorOf(form, [name]);
  return (
    <Labeled t={form.t} name={name} hint={hint} error={error}>
      <select id={name} name={name} {...marksOf(form, { name, hint, error }).aria}>
        {Object.entries(options).map(([value, text]) => (
          <option value={value} selected={value === (form.values[name] ?? "")}>
            {text}
          </option>
        ))}
      </select>
    </Labeled>
  );
}

interface ChecksProps {
  form: FormState;
  name: FieldName;
  /** Labels by value. */
  options: [value: string, label: Child][];
}

/** Check boxes, each a field of its own whose name ends in its value. */
export function Checks({ form, name, options }: ChecksProps) {
  const error = errorOf(form, [name]);
  return (
    <fieldset class="field" aria-describedby={error && `${name}-error`}>
      <legend>{form.t.fields[name].label}</legend>
      {options.map(([value, label]) => (
        <label class="check">
          <input type="checkbox" name={`${name}.${value}`} checked={Boolean(form.values[`${name}.${value}`])} />
          <span>{label}</span>
        </label>
      ))}
      {error && (
        <span id={`${name}-error`} class="error">
          {error.text}
        </span>
      )}
    </fieldset>
  );
}
