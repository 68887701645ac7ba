/**
 * A form with a button that uses or creates a passkey. The script shows it in a browser with
 * WebAuthn, asks for the passkey, and sends it in the field `credential`.
 */
import type { Child } from "hono/jsx";
import type { AuthenticationOptionsJSON, RegistrationOptionsJSON } from "../contract/webauthn.ts";
import type { PageMessages } from "../locales/locales.ts";
import { FormId } from "./form-parts.tsx";

interface PasskeyFormProps {
  t: PageMessages;
  action: string;
  /** What the browser asks for, or the path that returns it. */
  options: AuthenticationOptionsJSON | RegistrationOptionsJSON | string;
  /** Text of the button. */
  submit: string;
  /** Shows the button as the second of two ways. */
  secondary?: boolean;
  /** The browser also offers passkeys in the field for the identifier. */
  autofill?: boolean;
  /** The form creates a passkey. */
  creates?: boolean;
  /** Nothing else on the page helps: says so where the form is not shown. */
  needed?: boolean;
  /** Further fields of the form. */
  children?: Child;
}

export function PasskeyForm({
  t,
  action,
  options,
  submit,
  secondary,
  autofill,
  creates,
  needed,
  children,
}: PasskeyFormProps) {
  const { unused, notCreated, exists, unsupported } = t.passkeys;
  return (
    <>
      <form
        method="post"
        action={action}
        hidden
        data-passkey={typeof options === "string" ? options : JSON.stringify(options)}
        data-failed={creates ? notCreated : unused}
        data-exists={creates && exists}
        data-unsupported={needed ? unsupported : undefined}
        data-autofill={autofill}
      >
        <FormId />
        <input type="hidden" name="credential" />
        {children}
        <button type="button" class={secondary ? "secondary" : undefined}>
          {submit}
        </button>
      </form>
      {needed && (
        <noscript>
          <p>{unsupported}</p>
        </noscript>
      )}
    </>
  );
}
