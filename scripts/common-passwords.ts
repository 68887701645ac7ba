/** Builds the list of the most common passwords, for the Worker and for the script of the pages. */
import { dictionary } from "@zxcvbn-ts/language-common";
import { isDate } from "../src/passwords/dates.ts";
import { writeIfChanged } from "./write-if-changed.ts";

/** The minimum length of a password. Shorter passwords need no entry. */
const MIN_LENGTH = 8;
/** OWASP ASVS 5.0 (6.2.4) requires at least 3000. */
const HOW_MANY = 5000;

/** Writes `public/pages/common-passwords.txt`. */
export function writeCommonPasswords() {
  const ranked = (dictionary["passwords-common"] as string[]).map((password) => password.toLowerCase());
  const common = [...new Set(ranked)].filter((password) => password.length >= MIN_LENGTH && !/\s/.test(password));
  if (common.length < HOW_MANY) throw new Error("The source has too few passwords.");

  const listed = common.slice(0, HOW_MANY).filter((password) => !isDate(password));
  writeIfChanged("public/pages/common-passwords.txt", listed.sort().join(" "));
}
