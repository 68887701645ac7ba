/** What the forms for a second factor have in common at the sign-in and in a session. */
import type { SecondFactor } from "../contract/factors.ts";
import type { PageMessages } from "../locales/locales.ts";
import { CodeField } from "./code-field.tsx";
import type { FormState, FormValues } from "./fields.tsx";
import type { Refusals } from "./form-parts.tsx";

/** The value of `use` on the page that asks for a recovery code in place of one of the app. */
const RECOVERY_CODE = "recovery_code";

/** Tests whether a user with these factors can enter a code. */
export const hasCode = (factors: SecondFactor[]): boolean => factors.some((factor) => factor !== "passkey");

/** Returns what `use` is at first: a user without an app has only recovery codes. */
export const firstUse = (factors: SecondFactor[], use: string | undefined): string | undefined =>
  factors.includes("totp") ? use : RECOVERY_CODE;

const sourceOf = ({ use }: FormValues) => (use === RECOVERY_CODE ? RECOVERY_CODE : "totp");

/** Why such a code is refused. */
export const codeRefusals = (t: PageMessages, values: FormValues = {}): Refusals => ({
  invalid_code: values["credential"] ? t.passkeys.refused : t.factors.code[sourceOf(values)].wrong,
  too_many_attempts: t.factors.code.locked,
});

/** Says where the code comes from, and takes it. */
export function FactorCode({ form }: { form: FormState }) {
  const source = sourceOf(form.values);
  const { lead, label, hint } = form.t.factors.code[source];
  return (
    <>
      <p>{lead}</p>
      {source === RECOVERY_CODE && <input type="hidden" name="use" value={source} />}
      <CodeField
        form={forCode(form)}
        name="code"
        label={label}
        hint={hint}
        hasLetters={source === RECOVERY_CODE}
        autofocus
      />
    </>
  );
}

/** A passkey that was refused is no error of the field. */
const forCode = (form: FormState): FormState => (form.values["credential"] ? { ...form, failure: undefined } : form);

interface OtherCodeProps {
  form: FormState;
  path: string;
  factors: SecondFactor[];
  /** The valid return address. */
  return_to: string | undefined;
}

/** The link to the same page that asks for the other code, if the user has both kinds. */
export function OtherCode({ form: { t, values }, path, factors, return_to }: OtherCodeProps) {
  if (!factors.includes("totp") || !factors.includes(RECOVERY_CODE)) return null;
  const source = sourceOf(values);
  const query = new URLSearchParams({
    ...(source === "totp" && { use: RECOVERY_CODE }),
    ...(return_to && { return_to }),
  });
  return <a href={query.size > 0 ? `${path}?${query}` : path}>{t.factors.code[source].other}</a>;
}
