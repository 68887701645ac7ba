import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestHarness } from "wrangler";
import { verifierArguments } from "../../scripts/deploy/verifier.ts";
import { VERIFIER } from "../../scripts/password-verifier.ts";
import { FOREIGN_HASHES } from "../support/foreign-hashes.ts";

const MOST_KIBIBYTES = 40;

let folder: string;
/** What wrangler said about the bundle in the folder. */
let said: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-verifier-"));
  const args = ["deploy", "--dry-run", "--outdir", folder, ...verifierArguments("gatehouse-password-verifier-trial")];
  // As a pipeline may set it for the service.
  const env = { ...process.env, CLOUDFLARE_ENV: "production" };
  const { status, stdout, stderr } = spawnSync("node_modules/.bin/wrangler", args, { encoding: "utf8", env });
  expect([status, stderr]).toEqual([0, ""]);
  said = stdout;
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("the deployed password verifier", () => {
  it("stays within its size limit, and has no bindings", () => {
    expect(Number(/gzip: ([\d.]+) KiB/.exec(said)?.[1])).toBeLessThan(MOST_KIBIBYTES);
    expect(said).toContain("No bindings found");
  });

  it("leaves PBKDF2 to no code of the runtime, which refuses more than 100,000 rounds", () => {
    const [script = ""] = readdirSync(folder).filter((name) => name.endsWith(".js"));

    expect(readFileSync(join(folder, script), "utf8").match(/pbkdf2Sync|deriveBits|\.pbkdf2\(/)).toBe(null);
  });

  it("verifies the hashes of all formats, and has no page", { timeout: 180_000 }, async () => {
    const harness = createTestHarness({ workers: [{ configPath: VERIFIER.config }] });
    const { url } = await harness.listen();
    try {
      expect((await harness.fetch(url.href)).status).toBe(404);
      const worker = harness.getWorker<object, typeof import("../../workers/password-verifier/src/index.ts")>();
      const verifier = await worker.getExport();
      for (const [name, password, hash] of FOREIGN_HASHES) {
        expect([name, await verifier.verify(hash, password)]).toEqual([name, true]);
        expect([name, await verifier.verify(hash, `x${password}`)]).toEqual([name, false]);
      }
    } finally {
      await harness.close();
    }
  });
});
