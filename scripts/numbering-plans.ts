/** Builds what the Worker needs for phone numbers: a file that it reads, a list of countries. */
import metadata from "libphonenumber-js/mobile/metadata";
import { writeIfChanged } from "./write-if-changed.ts";

/**
 * Writes `public/numbering-plans.json`, for `schemas/phone.ts`: it would be an eighth of the
 * bundle. The settings need the countries before any file is read.
 */
export function writeNumberingPlans() {
  writeIfChanged("public/numbering-plans.json", JSON.stringify(metadata));
  writeIfChanged("src/config/countries.ts", countriesModule(Object.keys(metadata.countries).sort()));
}

/** Countries with the same first letter share it, which halves the list. */
function countriesModule(countries: string[]): string {
  const groups = Object.groupBy(countries, (country) => country.charAt(0));
  const words = Object.entries(groups).map(
    ([first, members = []]) => first + members.map((one) => one.charAt(1)).join(""),
  );
  return `/** The countries (ISO 3166) that have phone numbers: their first letter, then the second ones. */
export const COUNTRIES: string[] = "${words.join(" ")}"
  .split(" ")
  .flatMap(([first, ...seconds]) => seconds.map((second) => \`\${first}\${second}\`));
`;
}
