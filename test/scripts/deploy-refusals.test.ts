import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startWrangler } from "../../scripts/wrangler.ts";
import { deployments, eachInItsProject, project, run } from "../support/deployed-project.ts";

const FIRST = ["--env", "production", "--domain", "auth.example.com", "--mail-from", "auth@example.com"];

eachInItsProject();

describe("npm run deploy", { timeout: 120_000 }, () => {
  it.each([
    ["an environment with shell characters", ["--env", "a;rm -rf $HOME", "--domain", "auth.example.com"], "--env:"],
    ["an environment in capitals", ["--env", "Production", "--domain", "auth.example.com"], "--env:"],
    ["a domain with shell characters", ["--domain", "auth.example.com;id"], "--domain:"],
    ["an address instead of a domain", ["--domain", "https://auth.example.com"], "--domain:"],
    ["a domain with a port", ["--domain", "auth.example.com:8443"], "--domain:"],
    ["an IP address", ["--domain", "192.0.2.1"], "--domain:"],
    ["a sender without an address", ["--domain", "auth.example.com", "--mail-from", "Acme"], "--mail-from:"],
    ["a sender of two lines", ["--domain", "auth.example.com", "--mail-from", "Acme\n<a@b.c>"], "--mail-from:"],
    ["another Worker's address", ["--domain", "notes.acme.workers.dev"], "begins with https://gatehouse."],
    ["a new environment without a domain", ["--env", "production"], "--domain auth.example.com"],
    ["an unknown option", ["--prod"], "Unknown option '--prod'"],
  ])("refuses %s, and touches nothing", async (_, args, reason) => {
    const before = project.config();

    await expect(run(...args)).rejects.toThrow(reason);

    expect([project.config(), project.commands()]).toEqual([before, []]);
  });

  it("passes a sender with shell characters on as text", async () => {
    const sender = 'Acme $(id) `id` \\ "x" <auth@example.com>';

    await run("--domain", "auth.example.com", "--mail-from", sender);

    expect(project.config()).toContain(`MAIL_FROM = ${JSON.stringify(sender)}`);
  });

  it.each([
    ["is not signed in", { isSignedIn: false }, "npx wrangler login"],
    ["is too old", { version: "4.9.0" }, "4.9.0 is too old"],
    [
      "has two accounts",
      {
        accounts: [
          { id: "a1", name: "Acme" },
          { id: "b2", name: "Other" },
        ],
      },
      /CLOUDFLARE_ACCOUNT_ID[\s\S]*b2 {2}Other/,
    ],
  ])("refuses if wrangler %s, before it writes anything", async (_, account, reason) => {
    const before = project.config();
    project.set(account);

    await expect(run(...FIRST)).rejects.toThrow(reason);

    expect(project.config()).toBe(before);
  });

  it("starts the sign-in at Cloudflare at a terminal", async () => {
    project.set({ isSignedIn: false });
    Object.assign(project.host, { isInteractive: true, ask: async () => "" });

    await run(...FIRST);

    expect(project.commands().slice(0, 4)).toEqual(["--version", "whoami --json", "login", "whoami --json"]);
    expect(deployments()).toHaveLength(1);
  });

  it("deploys to the account that CLOUDFLARE_ACCOUNT_ID selects", async () => {
    project.set({ accounts: ["a1", "b2"].map((id) => ({ id, name: id })) });
    project.host.environment["CLOUDFLARE_ACCOUNT_ID"] = "b2";

    await run(...FIRST);

    expect(deployments()).toHaveLength(1);
  });

  it.each([
    ["missing", "none/wrangler", "wrangler is missing. Run `npm install`."],
    ["not executable", "wrangler.toml", "did not start (EACCES)"],
  ])("says what to do if wrangler is %s", async (_, name, reason) => {
    Object.assign(project.host, {
      startWrangler,
      environment: { ...process.env, WRANGLER: join(project.folder, name) },
    });

    await expect(run(...FIRST)).rejects.toThrow(reason);
  });

  it.each([
    "--version",
    "deploy --dry-run",
    "secret list",
    "queues create",
    "d1 list",
    "d1 create",
    "kv namespace list",
    "kv namespace create",
    "secret bulk",
    "d1 migrations list",
    "d1 migrations apply",
    "deploy --env",
  ])("stops if `%s` fails, and goes on the next time", async (command) => {
    project.set({ failsAt: command });
    await expect(run(...FIRST)).rejects.toThrow(`\`npx wrangler ${command}`);
    expect(deployments()).toEqual([]);

    project.set({ failsAt: undefined as never });
    await run(...FIRST);

    expect(deployments()).toHaveLength(1);
  });

  it("never takes a failed list of secrets for a Worker without any", async () => {
    await run(...FIRST);
    const { workers } = project.account();
    project.set({ failsAt: "secret list" });

    await expect(run(...FIRST)).rejects.toThrow("secret list");

    expect(project.account().workers).toEqual(workers);
  });

  it("refuses to move the service to another domain", async () => {
    await run(...FIRST);

    await expect(run("--env", "production", "--domain", "id.example.com")).rejects.toThrow("every session ends");
  });

  it("refuses a configuration with faults before it creates anything", async () => {
    project.configure(`${project.config()}\n[vars]\nISSUER = "https://auth.example.com"\nCOOKIE_SAMESITE = "none"\n`);

    await expect(run("--domain", "auth.example.com")).rejects.toThrow("COOKIE_SAMESITE: Set Lax, Strict or None.");

    expect(project.commands()).toEqual(["--version", "whoami --json"]);
  });

  it("shows what to add if wrangler.toml is spelled in a way that it cannot add to", async () => {
    project.configure(`${project.config()}\n[env]\nproduction = { name = "acme" }\n`);
    const before = project.config();

    await expect(run(...FIRST)).rejects.toThrow(/Add what this says:[\s\S]*ISSUER = "https:\/\/auth.example.com"/);

    expect(project.config()).toBe(before);
  });

  it("asks before it takes over a domain that leads somewhere", async () => {
    project.host.resolves = async (name) => name === "auth.example.com";

    await expect(run(...FIRST)).rejects.toThrow("confirm with --yes");
    expect(project.account()).toMatchObject({ queues: [], workers: {} });
    await run(...FIRST, "--yes");
    await run(...FIRST);

    expect(deployments()).toHaveLength(2);
  });
});
