import { html } from "hono/html";
import { errors } from "../../src/errors.ts";
import { document, inline } from "./document.ts";

/** The page that a problem's `type` leads to: one anchor for each code. */
export const errorsPage = () =>
  document(
    "error codes",
    html`<main>
<h1>Error codes</h1>
<p>Every failure bears one of these as its <code>code</code>. <a href="/docs">API reference</a></p>
${Object.entries(errors).map(
  ([code, { status, title, detail }]) =>
    html`<section id="${code}"><h2><code>${code}</code></h2><p>${status} ${title}. ${inline(detail)}</p></section>\n`,
)}</main>`,
  );
