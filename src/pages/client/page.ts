/**
 * The script of the hosted pages.
 *
 * `npm run build` bundles it into `public/pages/page.js`. Every page works without it; the script
 * only adds comfort: a button that reveals a password, feedback on a new one, running countdowns,
 * local times, buttons that copy a secret or use a passkey, and forms that are sent once.
 */
import { type AcceptedPasskeys, signalAccepted } from "../../sdk/browser-credentials.ts";
import { runCountdown } from "./countdown.ts";
import { showLocalTime } from "./local-time.ts";
import { enablePasskey } from "./passkey-form.ts";
import { addPasswordFeedback } from "./password-feedback.ts";
import { addPasswordToggle } from "./password-toggle.ts";
import { addSecretButtons } from "./secret-buttons.ts";
import { guardSubmit } from "./submit-guard.ts";

for (const input of document.querySelectorAll<HTMLInputElement>("input[type=password]")) {
  addPasswordToggle(input);
  addPasswordFeedback(input);
}
for (const secret of document.querySelectorAll<HTMLElement>("[data-copy]")) addSecretButtons(secret);
for (const form of document.forms) guardSubmit(form);
for (const element of document.querySelectorAll<HTMLFormElement | HTMLButtonElement>("[data-passkey]")) {
  enablePasskey(element);
}
for (const { dataset } of document.querySelectorAll<HTMLElement>("[data-accepted]")) {
  void signalAccepted(JSON.parse(dataset["accepted"] ?? "{}") as AcceptedPasskeys);
}
for (const line of document.querySelectorAll<HTMLElement>("[data-countdown]")) runCountdown(line);
for (const time of document.querySelectorAll<HTMLTimeElement>("time[datetime]")) showLocalTime(time);
