/** The frame of a documentation page, and a small subset of Markdown. */
import { html, raw } from "hono/html";

/** Escaped markup. */
export type Html = ReturnType<typeof html>;

/** Renders a page of the documentation. */
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

/** Renders Markdown paragraphs with backticks and links. */
export const prose = (markdown: string): Html[] =>
  markdown.split("\n\n").map((paragraph) => html`<p>${inline(paragraph)}</p>\n`);

/** Renders Markdown text with backticks, links and bold words. */
export function inline(markdown: string): Html {
  const escaped = `${html`${markdown}`}`;
  return raw(
    escaped
      .replace(/`([^`]+)`/g, "<code>$1</code>")
      .replace(/\*\*([^*]+)\*\*/g, "<strong>$1</strong>")
      .replace(/\[([^\]]+)\]\(([^)]+)\)/g, '<a href="$2">$1</a>'),
  );
}
