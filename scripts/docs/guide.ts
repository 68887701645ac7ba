/** Renders a guide of `docs` from Markdown: headings, paragraphs, tables and blocks of code. */
import { html, raw } from "hono/html";
import { document, type Html, inline } from "./document.ts";

/** The service in a guide. The page shows the address of its own service instead. */
const ADDRESS = "https://auth.example.com";

/** A block of code may have empty lines, so it is found before blocks are split at those. */
const BLOCK = /^```\w*\n(.*?)^```$|^(?!```)\S.*?(?=\n\n|\n*$(?![\s\S]))/gms;

/** Renders a guide whose first line is its title. */
export function guidePage(markdown: string): string {
  const [, title = ""] = /^# (.*)/.exec(markdown) ?? [];
  const blocks = [...markdown.matchAll(BLOCK)].map(([block, code]) => render(block, code));
  return document(title, html`<main>\n<p><a href="/docs">API reference</a></p>\n${blocks}</main>`);
}

function render(block: string, code: string | undefined): Html {
  if (code !== undefined) return html`<pre><code>${ownAddress(code)}</code></pre>\n`;
  const [, level, heading = ""] = /^(##?) (.*)/.exec(block) ?? [];
  if (level) return raw(`<h${level.length}>${text(heading)}</h${level.length}>\n`);
  if (block.startsWith("|")) return table(block.split("\n"));
  return html`<p>${text(block)}</p>\n`;
}

/** The second row of a table separates its head from its body. */
function table([head = "", , ...rows]: string[]): Html {
  const cellsOf = (row: string) => row.split("|").slice(1, -1);
  return html`<table>
<thead><tr>${cellsOf(head).map((cell) => html`<th>${text(cell)}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${cellsOf(row).map((cell) => html`<td>${text(cell)}</td>`)}</tr>\n`)}</tbody>
</table>
`;
}

/** Renders a line of text. Links to other guides, which are not served, become text. */
const text = (markdown: string): Html => ownAddress(inline(markdown.trim().replace(/\[([^\]]+)\]\(\S+\.md\)/g, "$1")));

const ownAddress = (content: string | Html): Html =>
  raw(`${html`${content}`}`.replaceAll(ADDRESS, `<span data-origin>${ADDRESS}</span>`));
