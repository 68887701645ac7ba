/**
 * The script of the hosted pages.
 *
 * `npm run build` bundles it into `public/pages/page.js`. Every page works without it; the script
 * only adds comfort: a button that reveals a password, a strength hint, a running countdown, and
 * forms that are sent once.
 */
import { runCountdown } from "./countdown.ts";
import { addPasswordStrength } from "./password-strength.ts";
import { addPasswordToggle } from "./password-toggle.ts";
import { guardSubmit } from "./submit-guard.ts";

for (const input of document.querySelectorAll<HTMLInputElement>("input[type=password]")) {
  addPasswordToggle(input);
  addPasswordStrength(input);
}
for (const form of document.forms) guardSubmit(form);
for (const line of document.querySelectorAll<HTMLElement>("[data-countdown]")) runCountdown(line);
