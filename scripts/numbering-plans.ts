/** Builds what the Worker needs for phone numbers: a file that it reads, a list of countries. */
import metadata from "libphonenumber-js/mobile/metadata";
import { writeIfChanged } from "./write-if-changed.ts";

/**
 * Writes `public/numbering-plans.json`, for `schemas/phone.ts`: it would be an eighth of the
 * bundle. The settings need the countries before any file is read.
 */
export function writeNumberingPlans() {
  writeIfChanged("public/numbering-plans.json", JSON.stringify(metadata));
  const countries = JSON.stringify(Object.keys(metadata.countries).join(" "));
  writeIfChanged(
    "src/config/countries.ts",
    `/** The countries (ISO 3166) that have phone numbers. */\nexport const COUNTRIES: string[] = ${countries}.split(" ");\n`,
  );
}
