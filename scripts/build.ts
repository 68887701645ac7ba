// Writes what the API reference consists of into `public`. wrangler runs it before it bundles.
import { globSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { errorsPage } from "./docs/errors.ts";
import { type OpenApi, referencePage } from "./docs/reference.ts";
import { createOpenApi } from "./openapi.ts";

const features = await Promise.all(
  globSync("src/features/*/openapi.ts")
    .sort()
    .map(async (file) => (await import(resolve(file))).operations),
);
const openApi = JSON.stringify(createOpenApi(features), null, 2);
writeFileSync("public/openapi.json", openApi);
writeFileSync("public/docs/index.html", referencePage(JSON.parse(openApi) as OpenApi));
writeFileSync("public/docs/errors.html", errorsPage());
