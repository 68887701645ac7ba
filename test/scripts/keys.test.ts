import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";
import type { JWK } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { drawKey } from "../../scripts/keys.ts";

const DAY = 86_400;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs `npm run keys -- …` in the folder. */
function keys(...args: string[]): Promise<{ status: number | null; output: string }> {
  const run = spawn("node", [resolve("scripts/keys.ts"), ...args], { cwd: folder });
  let output = "";
  run.stdout.on("data", (text) => (output += text));
  run.stderr.on("data", (text) => (output += text));
  return new Promise((done) => run.on("close", (status) => done({ status, output })));
}

const write = (set: object[]) =>
  writeFileSync(
    join(folder, ".dev.vars"),
    `ISSUER="http://localhost"\nACCESS_TOKEN_TTL_SECONDS="604800"\nJWT_SIGNING_KEYS='${JSON.stringify({ keys: set })}'\nPEPPER='x'\n`,
  );
const read = (): JWK[] => {
  const { JWT_SIGNING_KEYS = "" } = parseEnv(readFileSync(join(folder, ".dev.vars"), "utf8"));
  return JSON.parse(JWT_SIGNING_KEYS).keys;
};
const aged = (days: number) => ({ ...drawKey("ES256"), iat: Math.floor(Date.now() / 1000) - days * DAY });
const kids = (set: JWK[]) => set.map(({ kid }) => kid);

describe("npm run keys -- rotate", () => {
  it.each(["ES256", "EdDSA", "RS256"])(
    "adds a new %s key in front and keeps the public part of the old one",
    async (alg) => {
      const old = aged(30);
      write([old]);

      const { status, output } = await keys("rotate", "--alg", alg);

      const [first, second, ...more] = read();
      expect([status, more]).toEqual([0, []]);
      expect(first).toMatchObject({
        alg,
        kid: expect.stringMatching(/^[\w-]{36}$/),
        d: expect.any(String),
        iat: expect.any(Number),
      });
      const { d, ...publicHalf } = old;
      expect(second).toEqual(publicHalf);
      expect(output).toContain(`${first?.kid} (${alg}) signs, ${old.kid} (ES256) verifies`);
      expect(output).not.toContain(first?.d);
      expect(readFileSync(join(folder, ".dev.vars"), "utf8")).toMatch(
        /^ISSUER="http:\/\/localhost"\nACCESS_TOKEN_TTL_SECONDS="604800"\n.*\nPEPPER='x'\n$/,
      );
    },
  );

  it("drops the keys whose tokens have all expired", async () => {
    const [replacedToday, replacedLastWeek, replacedEarlier] = [aged(6), aged(8), aged(30)];
    write([replacedToday, replacedLastWeek, replacedEarlier]);

    await keys("rotate");

    expect(kids(read()).slice(1)).toEqual([replacedToday.kid, replacedLastWeek.kid]);
  });
});

describe("npm run keys -- prune", () => {
  it("keeps a key until its tokens have expired", async () => {
    const set = [aged(6), aged(20), aged(30)];
    write(set);

    await keys("prune");
    expect(kids(read())).toEqual(kids(set.slice(0, 2)));
    await keys("prune", "--lifetime", `${5 * DAY}`);
    expect(kids(read())).toEqual(kids(set.slice(0, 1)));
    await keys("prune", "--lifetime", "0");
    expect(read()).toEqual(set.slice(0, 1));
  });

  it("uses the lifetime that .dev.vars sets", async () => {
    write([aged(8), aged(20)]);
    const file = join(folder, ".dev.vars");
    writeFileSync(file, readFileSync(file, "utf8").replace('"604800"', '"2592000"'));

    await keys("rotate");

    expect(read()).toHaveLength(3);
  });

  it("assumes the default lifetime if .dev.vars sets none", async () => {
    write([aged(0), aged(1), aged(2)]);
    const file = join(folder, ".dev.vars");
    writeFileSync(file, readFileSync(file, "utf8").replace('"604800"', '""'));

    await keys("prune");

    expect(read()).toHaveLength(2);
  });

  it.each([
    [
      "cannot write the keys",
      `export JWT_SIGNING_KEYS='${JSON.stringify({ keys: [aged(1)] })}'`,
      "nothing has changed",
    ],
    ["cannot read the keys, without quoting them", "JWT_SIGNING_KEYS='secret'", "is no JSON.\n"],
    ["has no settings", undefined, "There is no .dev.vars. npm start writes it.\n"],
  ])("reports that it %s", async (_, settings, reason) => {
    if (settings) writeFileSync(join(folder, ".dev.vars"), `${settings}\n`);

    const { status, output } = await keys("rotate");

    expect([status, output]).toEqual([1, expect.stringContaining(reason)]);
    expect(output).not.toMatch(/secret| {4}at /);
  });

  it("keeps keys whose time of replacement is unknown", async () => {
    const { iat, ...first } = aged(30);
    write([first, aged(40)]);

    await keys("prune");

    expect(read()).toHaveLength(2);
  });
});

it.each([
  [],
  ["rotate", "--alg", "HS256"],
  ["drop"],
  ["rotate", "prune"],
  ["rotate", "--lifetime", "x"],
  ["rotate", "--lifetime=-1"],
  ["rotate", "--delay", "60"],
  ["rotate", "--env", "production"],
  ["rotate", "--yes"],
  ["prune", "--alg", "ES256"],
  ["prune", "--issuer", "https://auth.test", "--delay", "60"],
])("%j prints the usage", async (...args) => {
  write([aged(1)]);
  const before = read();

  const { status, output } = await keys(...args);

  expect([status, output]).toEqual([1, expect.stringContaining("npm run keys -- rotate")]);
  expect(read()).toEqual(before);
});

it("--help prints the usage and changes nothing", async () => {
  write([aged(1)]);
  const before = read();

  const { status, output } = await keys("rotate", "--help");

  expect([status, output]).toEqual([0, expect.stringContaining("npm run keys -- rotate")]);
  expect(read()).toEqual(before);
});

it("an unknown option is named, and changes nothing", async () => {
  write([aged(1)]);
  const before = read();

  const { status, output } = await keys("rotate", "--isuer", "https://auth.test");

  expect([status, output]).toEqual([1, expect.stringContaining("--isuer")]);
  expect(read()).toEqual(before);
});
