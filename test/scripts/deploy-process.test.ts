import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makeClone, removeClone } from "../../scripts/clone.ts";
import { deploy } from "../../scripts/deploy.ts";
import { createProject, type Project, withMetrics } from "../support/cloudflare-account.ts";
import { outputOf } from "../support/deployment.ts";

const FIRST = ["--env", "production", "--domain", "auth.example.com", "--mail-from", "auth@example.com"];
const DROP = "ALTER TABLE `users` DROP COLUMN `username`;\n";
/** Runs a command in a pseudoterminal. Part of Debian's base system. */
const PTY = "/usr/bin/script";
const SCRIPT = resolve("scripts/deploy.ts");

let project: Project;
beforeEach(() => {
  project = createProject();
});
afterEach(() => project.close());

const start = (command: string, args: string[], more: object = {}) => {
  const env = { ...process.env, CI: "", WRANGLER: resolve("test/support/wrangler.ts"), ...more };
  return spawn(command, args, { cwd: project.folder, env });
};

it("ends with status 1 and a message without a stack", async () => {
  project.set({ isSignedIn: false });

  const { status, output } = await outputOf(start("node", [SCRIPT, ...FIRST]));

  expect([status, output.includes("at ")]).toEqual([1, false]);
  expect(output).toContain("You are not signed in to Cloudflare.");
});

it("hands secrets to wrangler's standard input", async () => {
  project.set({ failsAt: "d1 migrations apply" });

  const { status, output } = await outputOf(start("node", [SCRIPT, ...FIRST]));

  const { secrets } = project.account().workers["gatehouse-production"]!;
  const recorded = readFileSync(join(project.folder, "arguments"), "utf8");
  expect([status, Object.keys(secrets)]).toEqual([1, ["JWT_SIGNING_KEYS", "PEPPER"]]);
  for (const secret of Object.values(secrets)) expect(output + recorded).not.toContain(secret);
});

it.skipIf(!existsSync(PTY)).each([
  ["true", "n\n", 1, "confirm with --yes"],
  ["", "n\n", 1, "Stopped."],
  ["", "\u0003", 130, "Continue?"],
])(
  "asks at a terminal unless CI is set: with CI=%j, %j ends it with %i, and it says %j (skipped without a pseudoterminal)",
  async (CI, reply, end, said) => {
    const applied = readdirSync("migrations").filter((name) => name.endsWith(".sql"));
    const secrets = { JWT_SIGNING_KEYS: "", PEPPER: "", RESEND_API_KEY: "" };
    project.set({ applied, workers: { "gatehouse-production": { secrets, deployments: [] } } });
    writeFileSync(join(project.folder, "migrations/9999_next.sql"), DROP);
    const command = ["node", SCRIPT, ...FIRST].join(" ");
    const child = start(PTY, ["--quiet", "--return", "--command", command, "/dev/null"], { CI });
    let output = "";
    child.stdout?.on("data", (text) => {
      output += text;
      if (String(text).includes("[y/N]")) child.stdin?.write(reply);
    });

    const status = await new Promise((done) => child.on("close", done));

    expect([status, output.includes("[y/N]"), output.includes("    at ")]).toEqual([end, CI === "", false]);
    expect(output).toContain(said);
  },
);

it("writes a configuration with which wrangler builds every binding, without a warning", async () => {
  project.configure(withMetrics(project.config()));
  await deploy([...FIRST, "--password-verifier"], project.host);
  const clone = makeClone();
  writeFileSync(join(clone, "wrangler.toml"), project.config());

  const { status, stdout, stderr } = spawnSync("wrangler", ["deploy", "--dry-run", "--env=production"], {
    cwd: clone,
    encoding: "utf8",
  });
  removeClone(clone);

  const bindings = [
    "env.DENYLIST (kv-gatehouse-production-denylist)",
    "env.MESSAGES (gatehouse-production-messages)",
    "env.DEAD_MESSAGES (gatehouse-production-messages-dead)",
    "env.DB (gatehouse-production)",
    "env.RATE_LIMIT_SESSIONS (60 requests/60s)",
    "env.METRICS (gatehouse_production_metrics)",
    "env.PASSWORD_VERIFIER (gatehouse-password-verifier-production)",
    'env.ISSUER ("https://auth.example.com")',
    "env.ASSETS",
  ];
  expect([status, stderr]).toEqual([0, ""]);
  for (const binding of bindings) expect(stdout).toContain(binding);
});
