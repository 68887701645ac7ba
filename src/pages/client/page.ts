/**
 * The script of the hosted pages.
 *
 * `npm run build` bundles it into `public/pages/page.js`. Every page works without it; the script
 * only adds comfort: a button that reveals a password, a strength hint and a running countdown.
 */
import { runCountdown } from "./countdown.ts";
import { addPasswordStrength } from "./password-strength.ts";
import { addPasswordToggle } from "./password-toggle.ts";

for (const input of document.querySelectorAll<HTMLInputElement>("input[type=password]")) {
  addPasswordToggle(input);
  addPasswordStrength(input);
}
for (const line of document.querySelectorAll<HTMLElement>("[data-countdown]")) runCountdown(line);
