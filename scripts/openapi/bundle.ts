/**
 * Loads what `document.ts` needs in one file. Node would read hundreds, and the long `package.json`
 * of drizzle-orm for each of its modules, which takes three times as long.
 */
import { globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";

const NAME = "openapi.mjs";

/** Returns the OpenAPI document of all features. */
export async function readOpenApi(): Promise<object> {
  const files = globSync("src/features/*/{openapi,*-openapi}.ts").sort();
  const contents = [
    'import { createOpenApi } from "./scripts/openapi/document.ts";',
    ...files.map((file, n) => `import * as feature${n} from "./${file}";`),
    `export default createOpenApi([${files.map((_, n) => `feature${n}`)}]);`,
  ].join("\n");
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-"));
  try {
    const stdin = { contents, resolveDir: "." };
    await build({ stdin, bundle: true, format: "esm", platform: "node", outfile: join(folder, NAME) });
    return (await import(join(folder, NAME))).default;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
