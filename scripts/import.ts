/**
 * `npm run import`: creates accounts from the export of another system, or from `npm run export`.
 * It writes to the database itself, without the service.
 */
import { createReadStream } from "node:fs";
import { access } from "node:fs/promises";
import { parseArgs } from "node:util";
import { COUNTRIES } from "../src/config/countries.ts";
import { DATABASE_OPTIONS, DATABASE_USAGE, readText, withAccountDatabase } from "./account-database.ts";
import { shownText } from "./admin-values.ts";
import { Refusal, run } from "./command.ts";
import { FIELDS } from "./import/account.ts";
import { firebase } from "./import/formats/firebase.ts";
import { FORMATS } from "./import/formats/formats.ts";
import { importAccounts, type Problem, type Summary } from "./import/import-accounts.ts";

const USAGE = `npm run import -- FILE --from FORMAT [--dry-run] [--drop FIELD...]

Creates the accounts of a file that the database does not have yet. It can be started again: an
account that was imported stays as it is. It sends no message. FILE may be - for the input.

--from         ${Object.keys(FORMATS).slice(0, 5).join(", ")},
               ${Object.keys(FORMATS).slice(5).join(", ")}.
--dry-run      Checks everything, and changes nothing.
--drop         A field to leave out of accounts where it is invalid, instead of refusing them, such
               as username or password_hash. Repeat it for each one.
--source       Names the system that the ids are from. Default: the name of the format.
--country      The country (ISO 3166) of phone numbers that have none.
--firebase-hash-config  File with the hash parameters of the project, as the console shows them.

${DATABASE_USAGE}
--json         Prints one JSON object a line.
--help         Prints this text.

The exit status is 1 if an account was refused.`;

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const OPTIONS = {
  ...DATABASE_OPTIONS,
  from: text,
  "dry-run": flag,
  drop: { type: "string", multiple: true },
  source: text,
  country: text,
  "firebase-hash-config": text,
  json: flag,
  help: flag,
} as const;

/** The fields without which there is no account. */
const NEEDED = ["id", "email"];

/** Runs the import, prints each problem, and returns what it prints last. */
export async function importUsers(
  args: string[],
  print: (line: string) => void = console.log,
): Promise<{ output: string; refused: number }> {
  const { positionals, values } = parseArgs({ args, allowPositionals: true, options: OPTIONS });
  const { from = "", drop: droppable = [], country, json } = values;
  if (values.help) return { output: USAGE, refused: 0 };
  const [file, ...rest] = positionals;
  const known = Object.hasOwn(FORMATS, from) ? FORMATS[from] : undefined;
  if (!file || rest.length > 0 || !known) throw new Refusal(USAGE);
  const wrong = droppable.find((field) => !FIELDS.includes(field) || NEEDED.includes(field));
  if (wrong) throw new Refusal(`--drop: ${wrong} is no field that can be left out.`);
  if (country && !COUNTRIES.includes(country)) throw new Refusal(`--country: ${country} is no country such as DE.`);
  const hashConfig = values["firebase-hash-config"];
  const format = from === "firebase" ? firebase(hashConfig && readText(hashConfig)) : known;
  if (file !== "-") await access(file).catch(() => Promise.reject(new Refusal(`The file ${file} cannot be read.`)));

  const isDryRun = values["dry-run"] ?? false;
  const summary = await withAccountDatabase(values, ({ db, peppers }) => {
    const context = { source: values.source ?? from, peppers, assets: PUBLIC, defaultCountry: country, at: Date.now() };
    const report = (problem: Problem) => print(json ? JSON.stringify(problem) : lineOf(problem));
    return importAccounts(textOf(file), { db, format, context, droppable, isDryRun, report });
  });
  return { output: json ? JSON.stringify(summary) : describe(summary, isDryRun), refused: summary.refused };
}

/** The files of `public`, as the Worker reads them. */
const PUBLIC = {
  fetch: async (url: string) => new Response(readText(`public${new URL(url).pathname}`)),
} as unknown as Fetcher;

async function* textOf(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  try {
    for await (const chunk of file === "-" ? process.stdin : createReadStream(file)) {
      yield decoder.decode(chunk as Buffer, { stream: true });
    }
    yield decoder.decode();
  } catch (error) {
    throw error instanceof TypeError ? new Refusal(`${file} is no text in UTF-8. Is it compressed?`) : error;
  }
}

const lineOf = ({ line, id, path, message, outcome }: Problem) => {
  // The file names both.
  const [shownId, shownPath] = [id && ` (${shownText(id)})`, path && `${shownText(path)}: `];
  return `line ${line}${shownId ?? ""}: ${shownPath}${message}${outcome === "refused" ? "" : " Left out."}`;
};

function describe({ created, unchanged, refused, skipped }: Summary, isDryRun: boolean): string {
  const parts = [
    `${created} ${isDryRun ? "would be created" : "created"}`,
    `${unchanged} exist already`,
    `${refused} refused`,
    ...(skipped > 0 ? [`${skipped} records are no accounts of people`] : []),
  ];
  return `${parts.join(", ")}.`;
}

if (import.meta.main) {
  run(async (args) => {
    const { output, refused } = await importUsers(args);
    if (refused > 0) process.exitCode = 1;
    return output;
  });
}
