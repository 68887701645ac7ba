/**
 * The documentation at `/docs`: Markdown files of this folder, built by VitePress into
 * `public/docs`. Pages have no inline script and no inline style, so that the service can send a
 * strict Content-Security-Policy.
 */
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { transformerStyleToClass } from "@shikijs/transformers";
import { defineConfig, type MarkdownOptions } from "vitepress";
import { pages, sidebar } from "./navigation.ts";

const TITLE = "Gatehouse";
const DESCRIPTION = "Authentication for your team, deployed as one Cloudflare Worker.";
const HERE = import.meta.dirname;

/** Collects the colors of code. They become a style sheet. */
const colors = transformerStyleToClass({ classPrefix: "code-" });

/** Collects the scripts that VitePress puts into each page. They become a file. */
const inlineScripts = new Set<string>();

/** The inline styles that VitePress puts into each page. The script or the style sheet sets them. */
const INLINE_STYLES = / style="(--vp-vh:0px|position:relative);"/g;

/**
 * Returns the anchor of a heading as GitHub does, so that a link works there and here. VitePress
 * applies it to the anchors of links too: the `operationId` of a request stays as it is.
 */
const slugify = (text: string) =>
  /^[a-z]+([A-Z][a-z]+)+$/.test(text)
    ? text
    : text
        .trim()
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, "")
        .replaceAll(" ", "-");

/** Shows a link to a file that is not part of the documentation as text, since it is not served. */
const dropOutsideLinks: NonNullable<MarkdownOptions["config"]> = (md) => {
  md.core.ruler.push("drop_outside_links", ({ tokens }) => {
    for (const { children } of tokens) {
      for (const [at, token] of (children ?? []).entries()) {
        if (token.type !== "link_open" || !token.attrGet("href")?.startsWith("../")) continue;
        const end = children?.slice(at).find(({ type }) => type === "link_close");
        for (const part of [token, end]) if (part) part.tag = "span";
        token.attrs = null;
      }
    }
  });
};

/** Lists the pages for language models (https://llmstxt.org). */
function llmsTxt(): string {
  const sections = pages.map(({ group, pages }) =>
    [
      `## ${group}`,
      "",
      ...pages.map(({ name, title, summary }) => `- [${title}](/docs/${name}.md)${summary && `: ${summary}`}`),
    ].join("\n"),
  );
  const openApi = "The OpenAPI 3.1 document of the HTTP API is at [/openapi.json](/openapi.json).";
  return [`# ${TITLE}`, `> ${DESCRIPTION}`, openApi, ...sections].join("\n\n");
}

/**
 * The page for a missing address. VitePress leaves it empty until its script runs; this one needs
 * none.
 */
const NOT_FOUND = `<div id="app" class="not-found">
<header><a href="/docs"><img src="/docs/icon.svg" alt="" width="26" height="26"> ${TITLE}</a></header>
<main>
<h1>Page not found</h1>
<p>The address may be mistyped, or the page may have moved.</p>
<p><a href="/docs">Open the overview</a> · <a href="/docs/api">API reference</a> · <a href="/docs/errors">Error codes</a></p>
</main>
</div>`;

const toNotFound = (html: string) =>
  html
    .replace('<div id="app"></div>', NOT_FOUND)
    .replace("<title>404 |", "<title>Page not found |")
    .replace(/<(script type="module"|link rel="modulepreload")[^>]*>(<\/script>)?/g, "");

/** Returns the source of a page with the files that it includes. */
const sourceOf = (name: string) =>
  readFileSync(join(HERE, "..", `${name}.md`), "utf8").replace(/<!--@include: \.\/(.+?)-->/g, (_, file: string) =>
    readFileSync(join(HERE, "..", file), "utf8"),
  );

export default defineConfig({
  title: TITLE,
  description: DESCRIPTION,
  lang: "en-US",
  base: "/docs/",
  outDir: join(HERE, "../../public/docs"),
  cleanUrls: true,
  // It would add a style element when the theme changes.
  appearance: { disableTransition: false },
  head: [
    ["link", { rel: "icon", href: "/docs/icon.svg", type: "image/svg+xml" }],
    ["link", { rel: "stylesheet", href: "/docs/code.css" }],
    ["script", { src: "/docs/start.js" }],
  ],
  markdown: { codeTransformers: [colors], config: dropOutsideLinks, anchor: { slugify } },
  // The platform redirects from `@`, which the search index has in its name, to `%40`.
  vite: { build: { rolldownOptions: { output: { sanitizeFileName: (name) => name.replace(/[^\w.-]/g, "") } } } },
  transformPageData: ({ relativePath }) =>
    relativePath === "api.md" ? { frontmatter: { aside: false, outline: false } } : undefined,
  transformHtml: (html, _, { page }) =>
    (page === "404.md" ? toNotFound(html) : html)
      .replace(INLINE_STYLES, "")
      // Relative to `/docs`, which has no slash at its end, they would leave the documentation.
      .replace(/ href="\.\//g, ' href="/docs/')
      .replace(/<script id="[\w-]+">(.+?)<\/script>/gs, (_, script: string) => {
        inlineScripts.add(script);
        return "";
      }),
  buildEnd({ outDir }) {
    writeFileSync(join(outDir, "code.css"), colors.getCSS());
    copyFileSync(join(HERE, "../../node_modules/swagger-ui-dist/swagger-ui.css"), join(outDir, "swagger-ui.css"));
    copyFileSync(join(HERE, "start.js"), join(outDir, "start.js"));
    writeFileSync(join(outDir, "start.js"), [...inlineScripts].join(";\n"), { flag: "a" });
    writeFileSync(join(outDir, "llms.txt"), llmsTxt());
    for (const { name } of pages.flatMap(({ pages }) => pages))
      writeFileSync(join(outDir, `${name}.md`), sourceOf(name));
  },
  themeConfig: {
    siteTitle: TITLE,
    logo: "/icon.svg",
    nav: [
      { text: "Guides", link: "/", activeMatch: "^/docs/(?!api|errors)" },
      { text: "API reference", link: "/api" },
      { text: "Error codes", link: "/errors" },
    ],
    sidebar,
    outline: [2, 3],
    search: { provider: "local" },
    docFooter: { prev: "Previous", next: "Next" },
  },
});
