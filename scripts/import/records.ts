/**
 * Reads the accounts of a file one by one: lines of JSON, a JSON document with a list, or CSV.
 *
 * The file is a stream of any length. A record that is too long is refused, not kept in memory.
 */
import { Refusal } from "../command.ts";

/** One account of a file, as the source writes it. */
export interface SourceRecord {
  /** The line on which it begins. */
  line: number;
  /** Undefined if it is no JSON, or too long. */
  value: unknown;
  fault?: "malformed" | "too_long";
}

export interface Layout {
  csv?: boolean | undefined;
  /** The member of a JSON document that lists the accounts. */
  list?: string | undefined;
}

/** More than any account has, in UTF-16 units. */
export const MAX_RECORD_LENGTH = 1_000_000;

type Chunks = AsyncIterable<string>;

/**
 * Reads the records of a file. A list is recognized by its first character: `[` begins one of
 * accounts, `{` a document, or a line if the source has no documents. Throws a `Refusal` if a
 * document or a CSV file ends in the middle.
 */
export async function* readRecords(chunks: Chunks, { csv, list }: Layout): AsyncGenerator<SourceRecord> {
  const characters = chunks[Symbol.asyncIterator]();
  let head = "";
  for (let next = await characters.next(); !next.done; next = await characters.next()) {
    head += next.value;
    if (head.trim() !== "") break;
  }
  const text = rejoin(head, characters);
  if (csv) yield* readCsv(text);
  else if (head.trim().startsWith("[") || (list && head.trim().startsWith("{"))) yield* readList(text, list);
  else yield* readLines(text);
}

async function* rejoin(head: string, rest: AsyncIterator<string>): Chunks {
  yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/** Collects the text of a record, and forgets one that is too long. */
class Collector {
  #text = "";
  #isLong = false;

  add(piece: string) {
    this.#isLong ||= this.#text.length + piece.length > MAX_RECORD_LENGTH;
    this.#text = this.#isLong ? "" : this.#text + piece;
  }

  /** Returns the text, or undefined if it was too long, and starts anew. */
  take(): string | undefined {
    const text = this.#isLong ? undefined : this.#text;
    this.#text = "";
    this.#isLong = false;
    return text;
  }
}

function toRecord(line: number, text: string | undefined): SourceRecord {
  if (text === undefined) return { line, value: undefined, fault: "too_long" };
  try {
    return { line, value: JSON.parse(text) };
  } catch {
    return { line, value: undefined, fault: "malformed" };
  }
}

/** Reads one JSON value a line. Empty lines count, but are no records. */
async function* readLines(chunks: Chunks): AsyncGenerator<SourceRecord> {
  const collector = new Collector();
  let line = 1;
  for await (const chunk of chunks) {
    const [first = "", ...others] = chunk.split("\n");
    collector.add(first);
    for (const piece of others) {
      const text = collector.take();
      if (text?.trim() !== "") yield toRecord(line, text);
      line++;
      collector.add(piece);
    }
  }
  const text = collector.take();
  if (text?.trim() !== "") yield toRecord(line, text);
}

/**
 * Reads the objects of a list: of the whole document, or of its member `list`. Follows strings and
 * brackets only; each object is parsed by itself.
 */
async function* readList(chunks: Chunks, list: string | undefined): AsyncGenerator<SourceRecord> {
  const collector = new Collector();
  const name = JSON.stringify(list);
  let [line, startedAt, depth, listDepth] = [1, 0, 0, 0];
  let [isString, isEscaped, hasBegun, isFound] = [false, false, false, false];
  /** The last string outside a record, which may name the list. */
  let key = "";
  for await (const chunk of chunks) {
    let begin = startedAt ? 0 : -1;
    for (let n = 0; n < chunk.length; n++) {
      const character = chunk[n] as string;
      if (character === "\n") line++;
      if (isString) {
        if (!startedAt && key.length < MAX_KEY_LENGTH) key += character;
        if (character === '"' && !isEscaped) isString = false;
        isEscaped = character === "\\" && !isEscaped;
      } else if (character === '"') {
        isString = true;
        if (!startedAt) key = '"';
      } else if (character === "{" || character === "[") {
        if (depth === 0 && hasBegun) throw new Refusal("The file has more than one JSON document.");
        hasBegun = true;
        const isList = character === "[" && !isFound && (depth === 0 || (depth === 1 && key === name));
        if (isList) [isFound, listDepth] = [true, depth + 1];
        else if (character === "{" && listDepth > 0 && depth === listDepth) [startedAt, begin] = [line, n];
        depth++;
      } else if (character === "}" || character === "]") {
        depth--;
        if (depth < listDepth) listDepth = 0;
        if (startedAt && depth === listDepth) {
          collector.add(chunk.slice(begin, n + 1));
          yield toRecord(startedAt, collector.take());
          [startedAt, begin] = [0, -1];
        }
      }
    }
    if (startedAt) collector.add(chunk.slice(begin));
  }
  if (depth !== 0 || isString) throw new Refusal("The file is no JSON, or ends in the middle.");
  if (!isFound) throw new Refusal(`The file has no list${list ? ` ${list}` : ""} of accounts.`);
}

const MAX_KEY_LENGTH = 100;

/** Reads CSV (RFC 4180). The first record names the fields. Empty fields are left out. */
async function* readCsv(chunks: Chunks): AsyncGenerator<SourceRecord> {
  let names: string[] | undefined;
  for await (const { line, fields } of csvRows(chunks)) {
    if (!names) names = (fields ?? []).map((name) => name.trim());
    else if (!fields) yield { line, value: undefined, fault: "too_long" };
    else if (fields.length !== names.length) yield { line, value: undefined, fault: "malformed" };
    else yield { line, value: Object.fromEntries(names.map((name, n) => [name, fields[n]]).filter(([, it]) => it)) };
  }
}

/** `fields` is undefined if the row is too long. */
async function* csvRows(chunks: Chunks): AsyncGenerator<{ line: number; fields: string[] | undefined }> {
  let [line, startedAt] = [1, 1];
  let [fields, field, length]: [string[], string, number] = [[], "", 0];
  let [isQuoted, wasQuote] = [false, false];
  const take = () => {
    const row = { line: startedAt, fields: length > MAX_RECORD_LENGTH ? undefined : [...fields, field] };
    const isEmpty = length === 0;
    [fields, field, length, startedAt] = [[], "", 0, line];
    return isEmpty ? [] : [row];
  };
  for await (const chunk of chunks) {
    for (const character of chunk) {
      if (character === "\n") line++;
      if (character === '"') {
        // Two of them stand for one.
        if (wasQuote) field += '"';
        isQuoted = !isQuoted;
        wasQuote = isQuoted ? false : !wasQuote;
        length++;
        continue;
      }
      wasQuote = false;
      if (character === "\n" && !isQuoted) yield* take();
      else if (character === "," && !isQuoted) {
        fields.push(field);
        field = "";
        length++;
      } else if (character !== "\r" || isQuoted) {
        length++;
        if (length <= MAX_RECORD_LENGTH) field += character;
      }
    }
  }
  if (isQuoted) throw new Refusal("The file ends in a quoted field.");
  yield* take();
}
