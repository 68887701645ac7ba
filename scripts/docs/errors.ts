import { html } from "hono/html";
import { errors } from "../../src/errors.ts";
import { FIELD_CODES } from "../../src/schemas/problem.ts";
import { document, inline } from "./document.ts";

/** Renders the list of error codes. The `type` of a problem links to the anchor of its code. */
export const errorsPage = () =>
  document(
    "error codes",
    html`<main>
<h1>Error codes</h1>
<p>The <code>code</code> of an error response is one of these. See the <a href="/docs">API reference</a>.</p>
${Object.entries(errors).map(
  ([code, { status, title, detail }]) =>
    html`<section id="${code}"><h2><code>${code}</code></h2><p>${status} ${title}. ${inline(detail)}</p></section>\n`,
)}<h1>Field errors</h1>
<p>The <code>errors</code> of <code>invalid_request</code> each have a <code>path</code>, which is the name of the field, a
<code>message</code> in English, and one of these codes.</p>
${Object.entries(FIELD_CODES).map(
  ([code, meaning]) => html`<p><code>${code}</code>: ${inline(meaning)}</p>
`,
)}</main>`,
  );
