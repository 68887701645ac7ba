import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const DAY_MILLISECONDS = 86_400_000;
const GHSA = "GHSA-aaaa-bbbb-cccc";

let folder: string;
let registry: Server;
let address: string;
/** The answer to the request for advisories, by package. */
let advisories: { status: number; body: object };

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-"));
  mkdirSync(join(folder, ".ci"));
  allow();
  const dependencies = { milk: "1.0.0" };
  const packages = { "": { dependencies }, "node_modules/milk": { version: "1.0.0" } };
  write("package.json", { name: "shop", version: "1.0.0", dependencies });
  write("package-lock.json", { name: "shop", version: "1.0.0", lockfileVersion: 3, requires: true, packages });
  registry = createServer(({ url, method }, response) => {
    const isAudit = method === "POST" && url === "/-/npm/v1/security/advisories/bulk";
    const { status, body } = isAudit ? advisories : { status: 404, body: {} };
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  }).listen(0, "localhost");
  await new Promise((listening) => registry.once("listening", listening));
  address = `http://localhost:${(registry.address() as AddressInfo).port}/`;
});
afterEach(() => {
  registry.close();
  rmSync(folder, { recursive: true });
});

const write = (file: string, content: object) => writeFileSync(join(folder, file), JSON.stringify(content));
const allow = (...entries: object[]) => write(".ci/allowed-advisories.json", entries);
const exception = (days: number, changes: object = {}) => ({
  advisory: GHSA,
  package: "milk",
  reason: "Nobody drinks it.",
  expires: new Date(Date.now() + days * DAY_MILLISECONDS).toISOString().slice(0, 10),
  ...changes,
});

function publish(severity: string) {
  const advisory = { id: 1, url: `https://github.com/advisories/${GHSA}`, title: "Sour", severity };
  advisories = { status: 200, body: { milk: [{ ...advisory, vulnerable_versions: "<2.0.0" }] } };
}

/** Runs `npm run audit` in the folder, with the real npm. */
async function audit(): Promise<{ status: number | null; output: string }> {
  const env = { ...process.env, npm_config_registry: address, npm_config_cache: folder };
  const run = spawn("node", [resolve("scripts/audit.ts")], { cwd: folder, env });
  let output = "";
  run.stdout.on("data", (text) => (output += text));
  run.stderr.on("data", (text) => (output += text));
  const status = await new Promise<number | null>((done) => run.on("close", done));
  return { status, output };
}

describe("npm run audit", { timeout: 180_000 }, () => {
  it.each(["high", "critical"])("fails for an advisory of level %s", async (level) => {
    publish(level);

    const { status, output } = await audit();

    expect([status, output]).toEqual([1, expect.stringContaining(`${level}: milk: Sour (https://github.com/`)]);
  });

  it("passes for an advisory of level moderate, and for none", async () => {
    publish("moderate");
    expect(await audit()).toMatchObject({ status: 0, output: expect.stringMatching(/^1 advisories, 0 of level high/) });

    advisories = { status: 200, body: {} };
    expect(await audit()).toMatchObject({ status: 0, output: expect.stringMatching(/^0 advisories/) });
  });

  it("accepts an exception until its last day", async () => {
    publish("high");
    allow(exception(0));
    expect((await audit()).status).toBe(0);

    allow(exception(-1));
    const { status, output } = await audit();
    expect([status, output]).toEqual([1, expect.stringContaining(`the exception for ${GHSA} (milk)`)]);
  });

  it("accepts an exception only for its own advisory and package", async () => {
    publish("high");
    allow(exception(1, { package: "bread" }), exception(1, { advisory: "GHSA-dddd-eeee-ffff" }));

    expect((await audit()).status).toBe(1);
  });

  it.each([
    ["without a reason", { reason: "" }],
    ["that never expires", { expires: "never" }],
  ])("fails for an exception %s", async (_, changes) => {
    advisories = { status: 200, body: {} };
    allow(exception(1, changes));

    expect((await audit()).status).toBe(1);
  });

  it.each([
    ["has no advisories", 405],
    ["fails", 503],
  ])("reports a registry that %s, and passes unless an exception has expired", async (_, status) => {
    advisories = { status, body: {} };

    expect(await audit()).toEqual({ status: 0, output: expect.stringContaining("were not checked") });
    allow(exception(-1));
    expect((await audit()).status).toBe(1);
  });

  it("reports a registry that cannot be reached, and passes", async () => {
    registry.close();

    expect(await audit()).toEqual({ status: 0, output: expect.stringContaining("were not checked") });
  });
});
