// Writes the most common passwords into `src/passwords`, as compact as the Worker carries them. `npm run build` runs it first.
import { dictionary } from "@zxcvbn-ts/language-common";
import { writeIfChanged } from "./write-if-changed.ts";

/** The shortest password that is allowed at all. */
const MIN_LENGTH = 8;
/** OWASP ASVS 5.0 6.2.4 asks for 3000. */
const HOW_MANY = 5000;

const ranked = (dictionary["passwords-common"] as string[]).map((password) => password.toLowerCase());
const common = [...new Set(ranked)].filter((password) => password.length >= MIN_LENGTH && !/\s/.test(password));
if (common.length < HOW_MANY) throw new Error("the list has become shorter");

const text = `export const COMMON_PASSWORDS = ${JSON.stringify(common.slice(0, HOW_MANY).sort().join(" "))};\n`;
writeIfChanged("src/passwords/common-passwords.ts", text);
