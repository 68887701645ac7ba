/**
 * Builds the OpenAPI document, the documentation and the script of the pages into `public`, and
 * tells the Worker which migration it needs. wrangler runs it first.
 */
import { globSync } from "node:fs";
import { basename, resolve } from "node:path";
import { build } from "esbuild";
import { buildSite } from "./docs/site.ts";
import { createOpenApi, type FeatureReference } from "./openapi/document.ts";
import { writeIfChanged } from "./write-if-changed.ts";

// wrangler names its command. A bundle for development contains the outbox.
const { WRANGLER_COMMAND = "dev", NODE_ENV } = process.env;
if (WRANGLER_COMMAND !== "dev" && NODE_ENV === "development") {
  console.error("Unset NODE_ENV: it is development, and a deployed Worker must not contain the outbox.");
  process.exit(1);
}

const features = await Promise.all(
  globSync("src/features/*/openapi.ts")
    .sort()
    .map(async (file): Promise<FeatureReference> => import(resolve(file))),
);
writeIfChanged("public/openapi.json", JSON.stringify(createOpenApi(features), null, 2));
buildSite();

const latest = globSync("migrations/*.sql")
  .map((file) => basename(file))
  .sort()
  .at(-1);
writeIfChanged("src/storage/latest-migration.ts", `export const LATEST_MIGRATION = ${JSON.stringify(latest)};\n`);

const { outputFiles } = await build({
  entryPoints: ["src/pages/client/page.ts"],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  write: false,
});
writeIfChanged("public/pages/page.js", outputFiles.map(({ text }) => text).join(""));
