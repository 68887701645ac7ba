/** Builds the files of the languages, for `locales/messages-in.ts`. */
import { resolve } from "node:path";
import type { Messages } from "../src/locales/en/en.ts";
import { LOCALES } from "../src/locales/locales.ts";
import { writeIfChanged } from "./write-if-changed.ts";

/** Writes `public/locales/<language>.json` for each language. */
export async function writeLocales() {
  for (const locale of LOCALES) {
    const language: Record<string, Messages> = await import(resolve(`src/locales/${locale}/${locale}.ts`));
    writeIfChanged(`public/locales/${locale}.json`, JSON.stringify(language[locale]));
  }
}
