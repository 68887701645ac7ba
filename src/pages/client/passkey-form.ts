/**
 * Asks the browser for a passkey and sends it in a form.
 *
 * `data-passkey` holds the options, or the path that returns them. It is on the form, or on the
 * button that sends the form of a new account. Only one request to the browser can be open: a click
 * on the button aborts the one that offers passkeys in a field.
 */
import type { AuthenticationOptionsJSON, RegistrationOptionsJSON } from "../../contract/webauthn.ts";
import { createPasskey, FRESH_SHARE, getPasskey, hasAutofill, hasPasskeys } from "../../sdk/browser-credentials.ts";

let autofill: AbortController | undefined;

export function enablePasskey(element: HTMLFormElement | HTMLButtonElement) {
  const { failed = "", exists = failed, unsupported } = element.dataset;
  if (!hasPasskeys()) {
    if (unsupported) element.replaceWith(lineOf(unsupported));
    return;
  }
  element.hidden = false;
  const line = lineOf("");
  line.className = "error";
  line.role = "alert";
  const isForm = element instanceof HTMLFormElement;
  const form = isForm ? element : (element.form as HTMLFormElement);
  const button = isForm ? (element.querySelector("button") as HTMLButtonElement) : element;
  const address = isForm ? undefined : (form.elements.namedItem("address") as HTMLInputElement);
  button.onclick = async (event) => {
    event.preventDefault();
    if (button.ariaDisabled || address?.reportValidity() === false) return;
    button.ariaDisabled = "true";
    line.remove();
    autofill?.abort();
    try {
      const options = await optionsOf(element, address);
      // The page says what is wrong with the address.
      if (!options && address) return form.requestSubmit(button);
      // The page leads back to the step before, which has expired.
      if (!options) return location.reload();
      send(form, "rp" in options ? await createPasskey(options) : await getPasskey(options), address && button);
    } catch (error) {
      line.textContent = (error as Error).name === "InvalidStateError" ? exists : failed;
      form.append(line);
      if (isForm) offerInField(form);
    }
    button.ariaDisabled = null;
  };
  // The page has no field that could have the focus.
  if (unsupported) button.focus();
  if (isForm) offerInField(form);
}

/** Has the browser offer passkeys in the field with `webauthn` among its autofill tokens. */
async function offerInField(form: HTMLFormElement) {
  if (!form.dataset["autofill"] || !(await hasAutofill())) return;
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

/** Returns undefined if the service refuses. `address` is that of a new account. */
async function optionsOf(
  { dataset: { passkey = "" } }: HTMLElement,
  address?: HTMLInputElement,
): Promise<AuthenticationOptionsJSON | RegistrationOptionsJSON | undefined> {
  if (!passkey.startsWith("/")) return JSON.parse(passkey);
  const named = address && {
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ [/[a-z@＠]/i.test(address.value) ? "email" : "phone"]: address.value }),
  };
  const answer = await fetch(passkey, { method: "POST", ...named });
  return answer.ok ? answer.json() : undefined;
}

function send(form: HTMLFormElement, credential: object, button?: HTMLButtonElement) {
  const field = form.elements.namedItem("credential") as HTMLInputElement;
  field.value = JSON.stringify(credential);
  field.disabled = false;
  form.requestSubmit(button);
}

function lineOf(text: string) {
  const line = document.createElement("p");
  line.textContent = text;
  return line;
}
