/** What the pages for a second factor have in common at the sign-in and in a session. */
import type { SecondFactor } from "../contract/factors.ts";
import type { PageMessages } from "../locales/locales.ts";
import { CodeField } from "./code-field.tsx";
import type { FormState, FormValues } from "./fields.tsx";
import type { Refusals } from "./form-parts.tsx";

/** Best first: a passkey is quick, and no false page can use it. A recovery code is for a loss. */
const WAYS = ["passkey", "totp", "recovery_code"] as const satisfies SecondFactor[];

/** Returns the factor that the page asks for: the chosen one, or the best of these. */
export const factorToAsk = (factors: SecondFactor[], { use }: FormValues): SecondFactor =>
  WAYS.find((way) => way === use && factors.includes(way)) ?? WAYS.find((way) => factors.includes(way)) ?? "totp";

/** Why a proof of this factor is refused. */
export const factorRefusals = (t: PageMessages, factor: SecondFactor): Refusals => ({
  invalid_code: factor === "passkey" ? t.passkeys.refused : t.factors.code[factor].wrong,
  too_many_attempts: t.factors.code.locked,
});

/** Says where the code comes from, and takes it. */
export function FactorCode({ form, factor }: { form: FormState; factor: Exclude<SecondFactor, "passkey"> }) {
  const { lead, label, hint } = form.t.factors.code[factor];
  return (
    <>
      <p>{lead}</p>
      <CodeField form={form} name="code" label={label} hint={hint} hasLetters={factor === "recovery_code"} autofocus />
    </>
  );
}

interface OtherFactorsProps {
  t: PageMessages;
  path: string;
  factors: SecondFactor[];
  /** The factor that the page asks for. */
  asked: SecondFactor;
  /** The valid return address. */
  return_to: string | undefined;
}

/** The links to the same page that asks for another factor. */
export const OtherFactors = ({ t, path, factors, asked, return_to }: OtherFactorsProps) => (
  <>
    {WAYS.filter((way) => way !== asked && factors.includes(way)).map((use) => (
      <a href={`${path}?${new URLSearchParams({ use, ...(return_to && { return_to }) })}`}>
        {t.factors.code.others[use]}
      </a>
    ))}
  </>
);
