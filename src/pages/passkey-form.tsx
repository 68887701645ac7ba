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

interface PasskeyButtonProps extends Pick<PasskeyFormProps, "t" | "submit" | "secondary" | "needed"> {
  /** Where the form is sent with the new passkey. */
  action: string;
}

/**
 * A button that creates a passkey for the new account of the form around it, and sends the form. A
 * form without a valid address is sent as it is, so that the page says why.
 */
export const PasskeyButton = ({ t, action, submit, secondary, needed }: PasskeyButtonProps) => (
  <>
    <input type="hidden" name="credential" disabled />
    <button
      type="submit"
      formaction={action}
      formnovalidate
      hidden
      class={secondary ? "secondary" : undefined}
      data-passkey="/auth/register/options"
      data-failed={t.passkeys.notCreated}
      data-unsupported={needed ? t.passkeys.unsupported : undefined}
    >
      {submit}
    </button>
    {needed && (
      <noscript>
        <p>{t.passkeys.unsupported}</p>
      </noscript>
    )}
  </>
);

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
