import type { Context } from "hono";
import type { AppEnv } from "../http/app-env.ts";
import { fillPlural } from "../locales/fill.ts";
import type { FormState } from "./fields.tsx";
import { localeOf } from "./page.tsx";

interface TrustFieldProps {
  form: FormState;
  c: Context<AppEnv>;
  /** The script takes the choice from the other form of the page. */
  hidden?: boolean;
}

/** Asks whether to trust this browser, if the service allows it. */
export function TrustField({ form: { t, values }, c, hidden }: TrustFieldProps) {
  const days = c.var.deps.config.TRUSTED_DEVICE_DAYS;
  if (days === 0) return null;
  if (hidden) return <input type="hidden" name="trust_device" />;
  return (
    <label class="check">
      <input type="checkbox" name="trust_device" value="true" checked={Boolean(values["trust_device"])} />
      {fillPlural(localeOf(c), t.trustedDevices.trust, days)}
    </label>
  );
}
