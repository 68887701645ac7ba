import { Field, type FieldProps } from "./fields.tsx";

interface CodeProps extends Pick<FieldProps, "form" | "label" | "hint" | "autofocus"> {
  name?: "otp" | "code";
  /** The code is a stored one, with letters, which nothing can fill in. */
  hasLetters?: boolean;
}

/** A field for a one-time code, which phones, mail programs and password managers can fill in. */
export const CodeField = ({ name = "otp", hasLetters, autofocus = false, ...props }: CodeProps) => (
  <Field
    {...props}
    name={name}
    class="code"
    {...(hasLetters ? { autocomplete: "off" } : { autocomplete: "one-time-code", inputmode: "numeric" as const })}
    maxlength={64}
    autofocus={autofocus}
    required
  />
);
