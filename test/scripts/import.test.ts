import { spawnSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { exportUsers } from "../../scripts/export.ts";
import { importUsers } from "../../scripts/import.ts";
import { withLocalBindings } from "../../scripts/local-bindings.ts";
import { allInOneClone, HERE, STATE } from "../support/working-clone.ts";

const JANE = { id: "1", email: "jane@example.com", phone: "+12025550123", totp: { secret: "JBSWY3DPEHPK3PXP" } };

const write = (file: string, ...lines: (object | string)[]) =>
  writeFileSync(file, lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join(""));

allInOneClone(() => {
  write("users.ndjson", JANE, "{", { ...JANE, id: "2", email: "bob@example.com" });
  write("hostile.ndjson", { id: "3\n9 created\u001b[2J", email: "x", "\u009b2J\u202e": "" });
  write("empty.ndjson");
  writeFileSync("users.gz", Buffer.from("1f8b0800", "hex"));
  writeFileSync("pepper", "secret");
});

it("imports a file, tells what it refused, and exports the same to a file of its owner", async () => {
  const args = ["scripts/import.ts", "users.ndjson", "--from", "ndjson", ...HERE];
  const { stdout, status } = spawnSync("node", args, { encoding: "utf8" });
  expect(stdout.split("\n")).toEqual([
    "line 2: Is no record of this format.",
    "line 3 (2): phone: Line 1 has it, too.",
    "1 created, 0 exist already, 2 refused.",
    "",
  ]);
  expect(status).toBe(1);

  const lines: string[] = [];
  const print = (line: string) => lines.push(line);
  const again = await importUsers(["users.ndjson", "--from", "ndjson", "--json", ...HERE], print);
  expect(lines.map((line) => JSON.parse(line).line)).toEqual([2, 3]);
  expect(JSON.parse(again.output)).toEqual({ created: 0, unchanged: 1, refused: 2, skipped: 0 });

  expect(await exportUsers(["users.out", ...HERE])).toBe("Wrote 1 accounts to users.out.");
  expect(JSON.parse(readFileSync("users.out", "utf8"))).toMatchObject({ email: JANE.email, totp: JANE.totp });
  expect(statSync("users.out").mode & 0o777).toBe(0o600);
  expect(filesOf("users.out")).toEqual(["users.out"]);
});

/** The file and what is left of its exports. */
const filesOf = (name: string) => readdirSync(".").filter((file) => file.startsWith(name));

it("two exports to one file at once write it once and whole", async () => {
  // Two processes cannot open one local database at once.
  cpSync(STATE, "copy", { recursive: true });
  const answers = await Promise.allSettled(
    [STATE, "copy"].map((folder) => exportUsers(["both.out", "--persist-to", folder])),
  );

  expect(
    answers.map((answer) => (answer.status === "fulfilled" ? answer.value : answer.reason.message)).sort(),
  ).toEqual(["Wrote 1 accounts to both.out.", "both.out exists. Name a new file."]);
  expect(JSON.parse(readFileSync("both.out", "utf8"))).toMatchObject({ email: JANE.email });
  expect(filesOf("both.out")).toEqual(["both.out"]);
});

const FROM = ["--from", "ndjson"];

it("shows what a file says as text, so that it neither moves the cursor nor begins a line", async () => {
  const lines: string[] = [];
  await importUsers(["hostile.ndjson", ...FROM, ...HERE], (line) => lines.push(line));

  expect(lines.map((line) => line.slice(0, line.lastIndexOf(": ")))).toEqual([
    String.raw`line 1 ("3\n9 created\u001b[2J"): email`,
    String.raw`line 1 ("3\n9 created\u001b[2J"): "\u009b2J\u202e"`,
  ]);
});

it.each<[string, string[], RegExp]>([
  ["no file", FROM, /^npm run import/],
  ["an unknown format", ["users.ndjson", "--from", "toString"], /^npm run import/],
  ["an unknown option", ["users.ndjson", "--yes"], /^Unknown option '--yes'/],
  ["a file that does not exist", ["nothing.ndjson", ...FROM], /^The file nothing.ndjson cannot be read/],
  ["a file that is compressed", ["users.gz", ...FROM, ...HERE], /no text in UTF-8. Is it compressed/],
  ["to leave out what every account needs", ["users.ndjson", ...FROM, "--drop", "email"], /^--drop: email/],
  ["an unknown country", ["users.ndjson", ...FROM, "--country", "XX"], /^--country: XX/],
  ["a file without a pepper", ["users.ndjson", ...FROM, "--pepper-file", "pepper"], /^pepper has no PEPPER/],
  [
    "a database without tables",
    ["users.ndjson", ...FROM, "--persist-to", "empty"],
    /^The database is not migrated\. Run .* `npm start`/,
  ],
  ["an unknown environment", ["users.ndjson", ...FROM, "--env", "nowhere"], /nowhere/],
  ["two databases", ["users.ndjson", ...FROM, "--env", "production", ...HERE], /Choose one\.$/],
  [
    "a deployment that there is not yet",
    ["users.ndjson", ...FROM, "--remote"],
    /no database_id of DB.*Deploy it first/,
  ],
])("the import refuses %s, and says what is wrong", async (_, args, message) => {
  await expect(importUsers(args)).rejects.toThrow(message);
});

const inDatabase = (sql: string) =>
  withLocalBindings({ persistTo: STATE }, ({ DB }: { DB: D1Database }) => DB.prepare(sql).run());

it("goes on after a failure of the database, which it tells in a line without a stack", async () => {
  const accounts = Array.from({ length: 501 }, (_, n) => ({ id: `many-${n}`, email: `many-${n}@example.com` }));
  write("many.ndjson", ...accounts);
  const args = ["many.ndjson", ...FROM, ...HERE];
  await inDatabase(
    "create trigger broken before insert on users when new.email = 'many-500@example.com' begin select raise(abort, 'x'); end",
  );

  const { status, stdout, stderr } = spawnSync("node", ["scripts/import.ts", ...args], { encoding: "utf8" });
  await inDatabase("drop trigger broken");

  const line = "A constraint refused the change. Fix the problem, and run the same command again.";
  expect([status, stdout, stderr]).toEqual([1, "", `${line} What is done stays done.\n`]);
  expect((await importUsers(args)).output).toBe("1 created, 500 exist already, 0 refused.");
});

it("the export replaces no file, and leaves none if it fails", async () => {
  await expect(exportUsers(["empty.ndjson", ...HERE])).rejects.toThrow("empty.ndjson exists. Name a new file.");
  await expect(exportUsers(["new.ndjson", "--persist-to", "empty"])).rejects.toThrow("The database is not migrated.");
  expect(filesOf("new.ndjson")).toEqual([]);
});
