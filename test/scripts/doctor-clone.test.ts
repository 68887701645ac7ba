import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { makeClone, removeClone } from "../../scripts/clone.ts";
import { migrate, writeDevVars } from "../../scripts/dev.ts";
import { doctor } from "../../scripts/doctor.ts";
import { drawKey } from "../../scripts/keys.ts";
import { LATEST_MIGRATION } from "../../src/storage/latest-migration.ts";

const home = process.cwd();
/** A folder that does not exist, so that no workerd is started. */
const HERE = ["--persist-to", "none"];
let clone: string;
/** The settings of a new clone. */
let settings: string;

beforeAll(() => {
  clone = makeClone();
  process.chdir(clone);
  writeDevVars();
  settings = readFileSync(".dev.vars", "utf8");
});
beforeEach(() => {
  writeFileSync(".dev.vars", settings);
  serve(undefined);
});
afterEach(() => {
  vi.unstubAllGlobals();
  process.exitCode = 0;
});
afterAll(() => {
  process.chdir(home);
  removeClone(clone);
});

/** Sets what answers at the address of `npm start`: the same to every request, or nothing. */
const serve = (body: object | undefined) => {
  const { fetch } = globalThis;
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    if (!url.startsWith("http://localhost:8787/")) return fetch(url, init);
    if (!body) throw new TypeError("fetch failed");
    return Response.json(body);
  });
};
const set = (name: string, value: string) =>
  writeFileSync(
    ".dev.vars",
    settings.replace(new RegExp(`^${name}=.*$`, "m"), () => `${name}='${value}'`),
  );

it("finds nothing wrong with a new clone, and shows no secret", { timeout: 120_000 }, async () => {
  await migrate({ persistTo: "kept" });

  const report = await doctor(["--persist-to", "kept"]);

  expect([process.exitCode === 1, report.match(/^fail/m)]).toEqual([false, null]);
  expect(report).toMatch(/^ok {4}schema .* is applied, the last one\.$/m);
  expect(report).toMatch(/^ok {4}keys .*\(ES256\) signs, 0 days old\.$/m);
  expect(report).toMatch(/^warn {2}origins .*Safari drops the cookie at http:\/\/localhost\./m);
  const secrets = [/^PEPPER='(.*)'$/m, /"d":"(.*?)"/].map((pattern) => pattern.exec(settings)?.[1]);
  for (const secret of secrets) expect(report).not.toContain(secret);
});

it.each([
  ["a setting", "OTP_TTL_SECONDS", "5", /^fail {2}settings .*OTP_TTL_SECONDS: Set at least 60\./m],
  ["a secret", "PEPPER", "hunter2", /^fail {2}settings .*PEPPER: Set 32 random bytes/m],
  [
    "a key",
    "JWT_SIGNING_KEYS",
    JSON.stringify({ keys: [{ ...drawKey("ES256"), alg: "EdDSA" }] }),
    /^fail {2}keys .*no key fits its alg/m,
  ],
])("finds %s that is wrong, and does not show it", async (_, name, value, expected) => {
  set(name, value);

  const report = await doctor(HERE);

  expect([report, process.exitCode]).toEqual([expect.stringMatching(expected), 1]);
  expect(report).not.toContain("hunter2");
});

it("says which migrations are missing", { timeout: 120_000 }, async () => {
  await migrate({ persistTo: "old" });
  writeFileSync("migrations/9999_next.sql", "SELECT 1;");

  expect(await doctor(["--persist-to", "old"])).toMatch(
    /^warn {2}schema .*1 of \d+ migrations are not applied in old\./m,
  );
  expect(await doctor(HERE)).toMatch(/^warn {2}schema .*There is no local database yet\./m);
  rmSync("migrations/9999_next.sql");
});

it("says that a clone has no settings yet", async () => {
  writeFileSync(".dev.vars", "");
  expect(await doctor(HERE)).toMatch(/^fail {2}settings .*ISSUER: Set the origin/m);

  process.chdir(home);
  const fresh = makeClone();
  process.chdir(fresh);
  const report = await doctor(HERE);
  process.chdir(clone);
  removeClone(fresh);

  expect([report, process.exitCode]).toEqual([
    expect.stringContaining("There is no .dev.vars. `npm start` writes it."),
    1,
  ]);
});

it("names an earlier pepper that is still accepted, with the age of the new one, and shows neither", async () => {
  const [name, value] = [`PEPPER_${Math.floor(Date.now() / 1000 - 2.5 * 86_400)}`, "n".repeat(43)];
  writeFileSync(".dev.vars", `${settings}${name}='${value}'\nPEPPER_9000000000='${value}'\n`);

  const report = await doctor(HERE);

  expect(report).toMatch(
    new RegExp(`^ok {4}peppers +${name} is used for 2 days, and 1 earlier one is still accepted\\. .* -- prune$`, "m"),
  );
  expect(report).not.toContain(value);
});

it("checks the service of npm start if it runs", async () => {
  serve({ status: "ready", migration: LATEST_MIGRATION, mail: true, sms: true, issuer: "http://localhost:8787" });

  const report = await doctor(HERE);

  expect(report).toMatch(/^ok {4}service .*http:\/\/localhost:8787 is ready\.$/m);
  expect(report).toContain(`${LATEST_MIGRATION} is applied, the last one.`);
});

it("checks a local service at another port", async () => {
  const server: Server = createServer((_, response) => response.writeHead(421).end("{}")).listen(0, "localhost");
  await new Promise((listening) => server.once("listening", listening));
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;

  const report = await doctor(["--url", url]);
  server.close();

  expect(report).toMatch(/^fail {2}service .* is not the host of ISSUER/m);
  expect(report).not.toMatch(/^fail {2}address/m);
});
