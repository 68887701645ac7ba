import type { Context } from "hono";
import type { AppEnv } from "../http/app-env.ts";
import { fill } from "../locales/fill.ts";
import { callingCodeOf } from "../schemas/phone.ts";
import { Field, type FormState } from "./fields.tsx";
import { localeOf } from "./page.tsx";

interface PhoneProps<E extends AppEnv> {
  form: FormState;
  c: Context<E>;
  required?: boolean;
  optional?: boolean;
}

/** A field for a phone number. Its hint says how a number without a country code is read. */
export function PhoneField<E extends AppEnv>({ form, c, required, optional }: PhoneProps<E>) {
  const { DEFAULT_COUNTRY: region } = c.var.deps.config;
  const hint = region && {
    code: callingCodeOf(region),
    country: new Intl.DisplayNames(localeOf(c), { type: "region" }).of(region) ?? region,
  };
  return (
    <Field
      form={form}
      name="phone"
      type="tel"
      autocomplete="tel"
      maxlength={64}
      hint={hint && fill(form.t.fields.phone.nationalHint, hint)}
      required={required ?? false}
      optional={optional ?? false}
    />
  );
}
