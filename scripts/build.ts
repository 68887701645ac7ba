/**
 * Builds the OpenAPI document, the documentation, the languages, the list of common passwords, the
 * numbering plans of phones, and the script, style sheet and marks of the pages into `public`, and
 * tells the Worker which countries there are and which migration it needs. wrangler runs it first.
 */
import { readFileSync } from "node:fs";
import { build } from "esbuild";
import { writeCommonPasswords } from "./common-passwords.ts";
import { buildSite } from "./docs/site.ts";
import { writeLocales } from "./locales.ts";
import { migrationsIn } from "./migrations.ts";
import { writeNumberingPlans } from "./numbering-plans.ts";
import { readOpenApi } from "./openapi/bundle.ts";
import { writeIfChanged } from "./write-if-changed.ts";

// wrangler names its command. A bundle for development contains the outbox.
const { WRANGLER_COMMAND = "dev", NODE_ENV } = process.env;
if (WRANGLER_COMMAND !== "dev" && NODE_ENV === "development") {
  console.error("Unset NODE_ENV: it is development, and a deployed Worker must not contain the outbox.");
  process.exit(1);
}

writeIfChanged("public/openapi.json", JSON.stringify(await readOpenApi(), null, 2));
buildSite();

const latest = migrationsIn("migrations").at(-1);
writeIfChanged("src/storage/latest-migration.ts", `export const LATEST_MIGRATION = ${JSON.stringify(latest)};\n`);

await writeLocales();
writeCommonPasswords();
writeNumberingPlans();

const { outputFiles } = await build({
  entryPoints: ["src/pages/client/page.ts", "src/pages/client/page.css"],
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022", "chrome111", "firefox113", "safari16.4"],
  outdir: "public/pages",
  write: false,
});
for (const { path, text } of outputFiles) writeIfChanged(path, text);
writeIfChanged("public/pages/marks.svg", readFileSync("src/pages/client/marks.svg", "utf8"));
