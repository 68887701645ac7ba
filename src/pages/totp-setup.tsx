import { CodeField } from "./code-field.tsx";
import type { FormState } from "./fields.tsx";
import { QrCode } from "./qr-code.tsx";

/** The secret, as a QR code and to type, and the field for the first code. */
export function TotpSetup({ form, uri }: { form: FormState; uri: string }) {
  const { app, acts } = form.t.factors;
  const secret = URL.parse(uri)?.searchParams.get("secret") ?? "";
  return (
    <>
      <p>{app.scan}</p>
      <QrCode text={uri} label={app.qrCode} />
      <p>{app.key}</p>
      <p class="key" data-copy={acts.copy} data-copied={acts.copied}>
        {secret.replace(/.{4}(?=.)/g, "$& ")}
      </p>
      <p>{app.enter}</p>
      <CodeField form={form} name="code" label={form.t.factors.code.totp.label} hint={form.t.factors.code.totp.hint} />
    </>
  );
}
