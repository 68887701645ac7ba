import { html } from "hono/html";
import { type Locale, words } from "../../locales/locales.ts";
import { MIN_PASSWORD_LENGTH } from "../../schemas/password.ts";

/** Loads nothing, and sends its form home alone. */
export const PAGE_POLICY = "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** What stands under the title: the form, perhaps after a refusal, or what became of it. */
export type ResetState = { token: string; refusal?: Refusal } | "done" | "invalidLink";

/** Why the form is shown again. */
export type Refusal = "refusedPassword" | "busy";

/** The page that a link opens where no frontend is set up. It needs no script, and showing it uses nothing up. */
export function resetPage(locale: Locale, state: ResetState) {
  const say = words[locale].resetPage;
  return html`<!doctype html>
<html lang="${locale}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${say.title}</title>
<main>
<h1>${say.title}</h1>
${typeof state === "string" ? html`<p role="status">${say[state]}</p>` : form(locale, state)}
</main>
</html>
`;
}

function form(locale: Locale, { token, refusal }: Exclude<ResetState, string>) {
  const say = words[locale].resetPage;
  return html`<form method="post" action="/reset-password">
${refusal ? html`<p role="alert" id="refused">${say[refusal]}</p>` : ""}
<input type="hidden" name="token" value="${token}">
<p><label>${say.newPassword}<br>${field("new_password", refusal)}</label></p>
<p><label>${say.repeatPassword}<br>${field("confirm_password", refusal)}</label></p>
<p><button>${say.submit}</button></p>
</form>`;
}

const field = (name: string, refusal: Refusal | undefined) =>
  html`<input type="password" name="${name}" autocomplete="new-password" minlength="${MIN_PASSWORD_LENGTH}" required${
    refusal === "refusedPassword" ? html` aria-describedby="refused"` : ""
  }>`;
