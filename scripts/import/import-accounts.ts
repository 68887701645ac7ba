/**
 * The import: takes the records of a file, and creates the accounts that the database does not
 * have yet.
 *
 * An account is created with everything that belongs to it, or not at all. One that exists by its
 * id stays as it is, so an import that was cut off is started again, and a repeated one changes
 * nothing. No message is sent.
 */
import type { FieldError, Result } from "../../src/result.ts";
import { type Db, NotMigratedError, storageErrorOf } from "../../src/storage/db.ts";
import { type AccountKey, type AccountRows, findKeys, insertAccounts, keysOf } from "../../src/storage/import.ts";
import { type AccountContext, toRows } from "./account-rows.ts";
import type { Format } from "./formats/format.ts";
import { MAX_RECORD_LENGTH, readRecords, type SourceRecord } from "./records.ts";

/** Accounts in one transaction, and the text of their rows: D1 takes parameters of 2 MB. */
const MAX_ACCOUNTS = 500;
const MAX_LENGTH = 500_000;
const MAX_ATTEMPTS = 4;
const RETRY_MILLISECONDS = 1000;
/** As events name it. */
const CALLER = "import";

/** Why an account was refused, or a field of it left out. */
export interface Problem extends FieldError {
  line: number;
  /** The id in the source, if it is known. */
  id?: string | undefined;
  outcome: "refused" | "field_left_out";
}

export interface Summary {
  created: number;
  /** The database has an account with the id. */
  unchanged: number;
  refused: number;
  /** What is no account of a person. */
  skipped: number;
}

export interface ImportJob {
  db: Db;
  format: Format;
  context: AccountContext;
  /** The fields to leave out where they are invalid. */
  droppable: string[];
  /** Checks everything, and changes nothing. */
  isDryRun: boolean;
  report: (problem: Problem) => void;
}

interface Entry {
  line: number;
  id: string;
  rows: AccountRows;
}

/** Imports the accounts of a file. */
export async function importAccounts(chunks: AsyncIterable<string>, job: ImportJob): Promise<Summary> {
  const summary: Summary = { created: 0, unchanged: 0, refused: 0, skipped: 0 };
  /** The line of each key that an earlier account of the file has. */
  const seen = new Map<string, number>();
  let [waiting, length]: [Entry[], number] = [[], 0];
  const refuse = ({ line, id }: { line: number; id?: string | undefined }, errors: FieldError[]) => {
    summary.refused++;
    for (const error of errors) job.report({ line, id, outcome: "refused", ...error });
  };
  const flush = async () => {
    const refused = await store(job, waiting, summary);
    for (const { entry, errors } of refused) refuse(entry, errors);
    [waiting, length] = [[], 0];
  };

  for await (const record of readRecords(chunks, job.format)) {
    const read = await readAccount(record, job);
    if (!read) summary.skipped++;
    else if (!read.rows.ok) refuse({ line: record.line, id: read.id }, read.rows.errors ?? []);
    else {
      const entry = { line: record.line, id: read.id as string, rows: read.rows.value };
      const repeated = claim(seen, entry);
      if (repeated.length > 0) refuse(entry, repeated);
      else waiting.push(entry);
      length += JSON.stringify(entry.rows).length;
    }
    if (waiting.length >= MAX_ACCOUNTS || length >= MAX_LENGTH) await flush();
  }
  await flush();
  return summary;
}

interface ReadAccount {
  id: string | undefined;
  rows: Result<AccountRows>;
}

const FAULTS = {
  malformed: { path: "", code: "invalid_format", message: "Is no record of this format." },
  too_long: { path: "", code: "too_long", message: `Must have at most ${MAX_RECORD_LENGTH} characters.` },
} as const satisfies Record<string, FieldError>;

/** Reads an account. Returns undefined if the record is none of a person. */
async function readAccount({ line, value, fault }: SourceRecord, job: ImportJob): Promise<ReadAccount | undefined> {
  if (fault) return { id: undefined, rows: { ok: false, code: "invalid_request", errors: [FAULTS[fault]] } };
  const account = job.format.toAccount(value);
  if (!account.ok) return { id: undefined, rows: account };
  if (!account.value) return undefined;

  const given: Record<string, unknown> = { ...account.value };
  const id = typeof given["id"] === "string" ? given["id"].slice(0, 255) : undefined;
  const rows = await toRows(given, job.context);
  const wrong = rows.ok ? [] : (rows.errors ?? []);
  if (rows.ok || !wrong.every(({ path }) => job.droppable.includes(fieldOf(path)))) return { id, rows };

  for (const error of wrong) {
    delete given[fieldOf(error.path)];
    job.report({ line, id, outcome: "field_left_out", ...error });
  }
  return { id, rows: await toRows(given, job.context) };
}

const fieldOf = (path: string) => path.split(".")[0] as string;

/** Returns what an account shares with an earlier one of the file, or has twice. */
function claim(seen: Map<string, number>, { line, rows }: Entry): FieldError[] {
  const keys = keysOf(rows).map((key) => ({ field: key.field, key: toText(key) }));
  const own = new Set<string>();
  const errors = keys.flatMap(({ field, key }): FieldError[] => {
    const earlier = seen.get(key);
    const isRepeated = own.has(key);
    own.add(key);
    if (earlier === undefined && !isRepeated) return [];
    const message = isRepeated ? "The account has it twice." : `Line ${earlier} has it, too.`;
    return [{ path: field, code: "conflict", message }];
  });
  if (errors.length === 0) for (const { key } of keys) seen.set(key, line);
  return errors;
}

/**
 * Creates the accounts that are new, and returns those that are refused. Repeats everything if it
 * fails: another process may have taken an address meanwhile, and a transaction whose answer was
 * lost is found by the ids.
 */
async function store({ db, isDryRun, context }: ImportJob, entries: Entry[], summary: Summary) {
  if (entries.length === 0) return [];
  for (let attempt = 1; ; attempt++) {
    try {
      const held = await findKeys(
        db,
        entries.map(({ rows }) => rows),
      );
      const texts = new Set(held.map(toText));
      const unknown = entries.filter(({ rows }) => !texts.has(toText({ field: "id", value: rows.user.id })));
      const checked = unknown.map((entry) => ({ entry, errors: takenIn(texts, entry) }));
      const added = checked.filter(({ errors }) => errors.length === 0).map(({ entry }) => entry.rows);
      if (!isDryRun) await insertAccounts(db, added, { at: context.at, ip: null, userAgent: null, caller: CALLER });
      summary.unchanged += entries.length - unknown.length;
      summary.created += added.length;
      return checked.filter(({ errors }) => errors.length > 0);
    } catch (error) {
      const reason = storageErrorOf(error as Error);
      if (!reason || reason instanceof NotMigratedError || attempt === MAX_ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, attempt * RETRY_MILLISECONDS));
    }
  }
}

function takenIn(held: Set<string>, { rows }: Entry): FieldError[] {
  const fields = keysOf(rows).flatMap((key) => (held.has(toText(key)) ? key.field : []));
  return [...new Set(fields)].map((path) => ({ path, code: "taken", message: "Another account has it." }));
}

const toText = ({ field, value }: AccountKey) => `${field} ${value}`;
