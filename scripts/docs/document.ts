import { html, raw } from "hono/html";

/** Markup, escaped where it has to be. */
export type Html = ReturnType<typeof html>;

/** A page of the documentation. */
export const document = (title: string, body: Html) =>
  `${html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Gatehouse: ${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/docs.css">
<script type="module" src="/docs/docs.js"></script>
</head>
<body>
${body}
</body>
</html>
`}`;

/** Text with Markdown's backticks, links and paragraphs. */
export const prose = (markdown: string): Html[] =>
  markdown.split("\n\n").map((paragraph) => html`<p>${inline(paragraph)}</p>\n`);

/** Text with Markdown's backticks and links. */
export function inline(markdown: string): Html {
  const escaped = `${html`${markdown}`}`;
  return raw(
    escaped.replace(/`([^`]+)`/g, "<code>$1</code>").replace(/\[([^\]]+)\]\(([^)]+)\)/g, '<a href="$2">$1</a>'),
  );
}
