import type { Context } from "hono";
import type { AppEnv } from "../http/app-env.ts";
import { fillPlural } from "../locales/fill.ts";
import type { FormState } from "./fields.tsx";
import { localeOf } from "./page.tsx";

/** Asks whether to trust this browser, if the service allows it. */
export function TrustField({ form: { t, values }, c }: { form: FormState; c: Context<AppEnv> }) {
  const days = c.var.deps.config.TRUSTED_DEVICE_DAYS;
  if (days === 0) return null;
  return (
    <label class="check">
      <input type="checkbox" name="trust_device" value="true" checked={Boolean(values["trust_device"])} />
      {fillPlural(localeOf(c), t.trustedDevices.trust, days)}
    </label>
  );
}
