/**
 * Asks the browser for a passkey and sends it in a form.
 *
 * `data-passkey` holds the options, or the path that returns them. Only one request to the browser
 * can be open: a click on the button aborts the one that offers passkeys in a field.
 */
import type { AuthenticationOptionsJSON, RegistrationOptionsJSON } from "../../contract/webauthn.ts";
import { createPasskey, getPasskey } from "./webauthn.ts";

/** Options are replaced before they expire. */
const FRESH_SHARE = 0.8;

let autofill: AbortController | undefined;

export function enablePasskeyForm(form: HTMLFormElement) {
  const { failed = "", exists = failed, unsupported } = form.dataset;
  if (!("PublicKeyCredential" in globalThis)) {
    if (unsupported) form.replaceWith(lineOf(unsupported));
    return;
  }
  form.hidden = false;
  const line = lineOf("");
  line.className = "error";
  line.role = "alert";
  const button = form.querySelector("button") as HTMLButtonElement;
  button.onclick = async () => {
    if (button.ariaDisabled) return;
    button.ariaDisabled = "true";
    line.remove();
    autofill?.abort();
    try {
      const options = await optionsOf(form);
      // The page leads back to the step before, which has expired.
      if (!options) return location.reload();
      send(form, "rp" in options ? await createPasskey(options) : await getPasskey(options));
    } catch (error) {
      line.textContent = (error as Error).name === "InvalidStateError" ? exists : failed;
      form.append(line);
      offerInField(form);
    }
    button.ariaDisabled = null;
  };
  offerInField(form);
}

/** Has the browser offer passkeys in the field with `webauthn` among its autofill tokens. */
async function offerInField(form: HTMLFormElement) {
  if (!form.dataset["autofill"] || !(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  const controller = new AbortController();
  autofill = controller;
  try {
    const options = await optionsOf(form);
    if (!options) return;
    setTimeout(() => {
      if (controller.signal.aborted) return;
      controller.abort();
      offerInField(form);
    }, options.timeout * FRESH_SHARE);
    const { signal } = controller;
    send(form, await getPasskey(options as AuthenticationOptionsJSON, { mediation: "conditional", signal }));
  } catch {
    // Aborted, or there is no service: the button says so.
  }
}

/** Returns undefined if the service refuses. */
async function optionsOf(
  form: HTMLFormElement,
): Promise<AuthenticationOptionsJSON | RegistrationOptionsJSON | undefined> {
  const { passkey = "" } = form.dataset;
  if (!passkey.startsWith("/")) return JSON.parse(passkey);
  const answer = await fetch(passkey, { method: "POST" });
  return answer.ok ? answer.json() : undefined;
}

function send(form: HTMLFormElement, credential: object) {
  // The form of a code has the checkbox, which is for this one too.
  const trust = form.querySelector<HTMLInputElement>("[type=hidden][name=trust_device]");
  if (trust) trust.value = document.querySelector("[name=trust_device]:checked") ? "true" : "";
  (form.elements.namedItem("credential") as HTMLInputElement).value = JSON.stringify(credential);
  form.requestSubmit();
}

function lineOf(text: string) {
  const line = document.createElement("p");
  line.textContent = text;
  return line;
}

interface Signals {
  signalAllAcceptedCredentials?: (accepted: object) => Promise<void>;
}

/** Tells the browser which passkeys of this user are left, so that it stops offering others. */
export function signalAccepted({ dataset }: HTMLElement) {
  const signals = (globalThis as { PublicKeyCredential?: Signals }).PublicKeyCredential;
  signals?.signalAllAcceptedCredentials?.(JSON.parse(dataset["accepted"] ?? "{}")).catch(() => {});
}
