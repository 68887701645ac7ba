// Writes what the API reference consists of into `public`. wrangler runs it before it bundles.
import { copyFileSync, globSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { errors } from "../src/errors.ts";
import { createOpenApi } from "./openapi.ts";

const features = await Promise.all(
  globSync("src/features/*/openapi.ts")
    .sort()
    .map(async (file) => (await import(resolve(file))).operations),
);
writeFileSync("public/openapi.json", JSON.stringify(createOpenApi(features), null, 2));
writeFileSync("public/docs/errors.html", errorsPage());

const swaggerUi = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
for (const file of ["swagger-ui.css", "swagger-ui-bundle.js"])
  copyFileSync(join(swaggerUi, file), join("public/docs", file));

/** The page that a problem's `type` leads to: one anchor for each code. */
function errorsPage(): string {
  const entries = Object.entries(errors).map(
    ([code, { status, title, detail }]) =>
      `<section id="${code}"><h2><code>${code}</code></h2><p>${status} ${title}. ${withCode(detail)}</p></section>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Gatehouse: error codes</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/docs.css">
<main>
<h1>Error codes</h1>
<p>Every failure bears one of these as its <code>code</code>. <a href="/docs">API reference</a></p>
${entries.join("\n")}
</main>
</html>
`;
}

/** Markdown's backticks as HTML. */
function withCode(text: string): string {
  return text.replace(/`([^`]+)`/g, "<code>$1</code>");
}
