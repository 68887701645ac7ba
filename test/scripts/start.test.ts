import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { decodeJwt } from "jose";
import { afterEach, beforeEach, expect, it } from "vitest";

let clone: string;
let port: number;
let server: ChildProcess | undefined;

/** A fresh clone that has its dependencies. */
beforeEach(async () => {
  port = await freePort();
  clone = mkdtempSync(join(tmpdir(), "gatehouse-"));
  const kept = [
    "drizzle",
    "migrations",
    "public",
    "scripts",
    "src",
    "package.json",
    "tsconfig.json",
    "wrangler.toml",
    ".dev.vars.example",
  ];
  for (const name of kept) cpSync(name, join(clone, name), { recursive: true });
  symlinkSync(resolve("node_modules"), join(clone, "node_modules"));
});

afterEach(async () => {
  await stop();
  rmSync(clone, { recursive: true, force: true });
});

it("serves a fresh clone, and again with what the first start made", { timeout: 60_000 }, async () => {
  const state = join(clone, "elsewhere");
  const account = { email: "jane@example.com", password: "correct-horse-7" };

  const first = await start("--persist-to", state);
  expect((await post(`${first}/auth/register`, account)).status).toBe(201);
  const secrets = readFileSync(join(clone, ".dev.vars"), "utf8");
  expect(secrets).toMatch(/^PEPPER='[\w-]{43}'$/m);
  expect(statSync(join(clone, ".dev.vars")).mode & 0o777).toBe(0o600);
  expect(existsSync(join(clone, ".wrangler/state/v3/d1"))).toBe(false);
  await stop();

  const second = await start("--persist-to", state, "--var", "OTP_RESEND_COOLDOWN_SECONDS:0");
  const tokens = (await (await post(`${second}/auth/login`, account)).json()) as { access_token: string };
  const me = await fetch(`${second}/users/me`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
  expect(await me.json()).toMatchObject({ email: account.email });
  expect(decodeJwt(tokens.access_token).iss).toBe(second);

  const authorization = `Bearer ${tokens.access_token}`;
  const change = { old_password: account.password, new_password: "brand-new-horse-8" };
  expect((await post(`${second}/auth/change-password`, change, { authorization })).status).toBe(204);
  await arrived(second, /Your password was changed/);

  expect((await post(`${second}/auth/forgot-password`, { email: account.email })).status).toBe(202);
  const link = (await arrived(second, /http:[^"]+token=[\w-]{43}/))[0];
  expect(link.startsWith(`${second}/reset-password?token=`)).toBe(true);
  expect(await (await fetch(link)).text()).toContain('name="new_password"');
  const form = { token: link.slice(-43), new_password: "third-horse-9", confirm_password: "third-horse-9" };
  const done = await fetch(`${second}/reset-password`, { method: "POST", body: new URLSearchParams(form) });
  expect(await done.text()).toContain("Your new password is set.");
  expect((await post(`${second}/auth/login`, { ...account, password: "third-horse-9" })).status).toBe(200);
  expect(readFileSync(join(clone, ".dev.vars"), "utf8")).toBe(secrets);
});

it("remembers across a restart which refresh token was used", { timeout: 60_000 }, async () => {
  const account = { email: "jane@example.com", password: "correct-horse-7" };
  const refresh = async (url: string, refresh_token: string) =>
    (await (await post(`${url}/auth/refresh`, { refresh_token })).json()) as { refresh_token: string; code?: string };

  const first = await start("--var", "REFRESH_REUSE_WINDOW_SECONDS:1");
  await post(`${first}/auth/register`, account);
  const tokens = (await (await post(`${first}/auth/login`, account)).json()) as { refresh_token: string };
  const successor = await refresh(first, tokens.refresh_token);
  await stop();

  const second = await start("--var", "REFRESH_REUSE_WINDOW_SECONDS:1");
  expect((await refresh(second, tokens.refresh_token)).code).toBe("refresh_token_reused");
  expect((await refresh(second, successor.refresh_token)).code).toBe("invalid_refresh_token");
});

/** What in the outbox is like this, once the queue has brought it there. */
async function arrived(url: string, pattern: RegExp): Promise<RegExpExecArray> {
  const outbox = async () => (await fetch(`${url}/dev/outbox`)).text();
  await expect.poll(outbox, { timeout: 10_000 }).toMatch(pattern);
  return pattern.exec(await outbox())!;
}

/** `npm start -- …flags`; answers the address once it serves. */
async function start(...flags: string[]): Promise<string> {
  const inspector = await freePort();
  const args = ["run", "--silent", "serve", "--", "--port", `${port}`, "--inspector-port", `${inspector}`, ...flags];
  server = spawn("npm", args, { cwd: clone, stdio: "pipe" });
  let output = "";
  server.stdout?.on("data", (text) => (output += text));
  server.stderr?.on("data", (text) => (output += text));

  const address = `http://localhost:${port}`;
  for (let tries = 0; tries < 200; tries++) {
    if (
      await fetch(`${address}/health`).then(
        (answer) => answer.ok,
        () => false,
      )
    )
      return address;
    await new Promise((wake) => setTimeout(wake, 100));
  }
  throw new Error(output);
}

async function stop() {
  if (server?.exitCode !== null || !server.kill("SIGTERM")) return;
  await new Promise((exited) => server?.once("exit", exited));
}

const post = (url: string, body: object, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

function freePort(): Promise<number> {
  const probe = createServer().listen(0);
  const { port } = probe.address() as { port: number };
  return new Promise((done) => probe.close(() => done(port)));
}
