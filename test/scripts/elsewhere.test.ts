import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { freePort, makeClone, removeClone, serveIn } from "../../scripts/clone.ts";
import { exampleSettings } from "../../scripts/example-settings.ts";
import { drawSecrets } from "../../scripts/secrets.ts";

const WRANGLER = resolve("node_modules/.bin/wrangler");

const WORKER = `export default {
  fetch: async ({ url }, env) => Response.json(url.endsWith("/health") ? {} : await env.AUTH.keys()),
};`;

let clone: string;
/** The folder of another project, with a Worker that has a binding to the service. */
let project: string;

beforeAll(() => {
  clone = makeClone();
  const settings = { ...exampleSettings(), ...drawSecrets() };
  const lines = Object.entries(settings).map(([name, value]) => `${name}='${value}'`);
  writeFileSync(join(clone, ".dev.vars"), lines.join("\n"));

  project = mkdtempSync(join(tmpdir(), "project-"));
  // Its build must not run for the service.
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "notes", scripts: { build: "exit 1" } }));
  writeFileSync(join(project, "index.js"), WORKER);
  const services = [{ binding: "AUTH", service: "gatehouse", entrypoint: "AuthService" }];
  const config = { name: "notes", main: "index.js", compatibility_date: "2026-11-02", services };
  writeFileSync(join(project, "wrangler.json"), JSON.stringify(config));
});

afterAll(() => {
  removeClone(clone);
  rmSync(project, { recursive: true, force: true });
});

it("wrangler dev serves Gatehouse next to another Worker, from the folder of that one", {
  timeout: 180_000,
}, async () => {
  const configs = ["--config", "wrangler.json", "--config", join(clone, "wrangler.toml")];
  const server = await serveIn(project, await freePort(), [WRANGLER, "dev", ...configs]);
  try {
    expect(await (await fetch(server.address)).json()).toMatchObject({ ok: true, value: { keys: [{ alg: "ES256" }] } });
  } finally {
    await server.stop();
  }
});

it("wrangler deploy from another folder is refused, since it would not build", { timeout: 180_000 }, () => {
  const deploy = ["deploy", "--dry-run", "--outdir", "out", "--config", join(clone, "wrangler.toml")];
  const { status, stdout, stderr } = spawnSync(WRANGLER, deploy, { cwd: project, encoding: "utf8" });

  expect([status === 0, stdout + stderr]).toEqual([false, expect.stringContaining("in the folder of Gatehouse")]);
});
