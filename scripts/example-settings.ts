/**
 * The settings in `.dev.vars.example`. They are commented out there, because the button "Deploy to
 * Cloudflare" asks for each line that is not, and would deploy the defaults of development.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseEnv } from "node:util";

/** Returns the text of the file with its settings. Words follow `# `, a setting follows `#`. */
export const exampleText = (folder = "."): string =>
  readFileSync(join(folder, ".dev.vars.example"), "utf8").replace(/^#(?=[A-Z])/gm, "");

/** Returns every setting with its default. */
export const exampleSettings = (folder?: string) => parseEnv(exampleText(folder)) as Record<string, string>;

// `npm run types`: writes a file that wrangler can read.
if (import.meta.main) {
  const [, , file = ""] = process.argv;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, exampleText());
}
