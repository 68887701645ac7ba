import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { decodeJwt } from "jose";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { freePort, KEPT, makeClone, removeClone } from "../../scripts/clone.ts";
import { post } from "../support/clone-server.ts";
import { ABC_HASH, ABC_PASSWORD } from "../support/foreign-hashes.ts";

const ACCOUNT = { email: "jane@example.com", password: "correct-horse-7" };
const IMPORTED = { email: "bob@example.com", password: ABC_PASSWORD };
const APP = { secret: "JBSWY3DPEHPK3PXP" };
const FORGOT = { email: ACCOUNT.email };
const PROXIED = { "x-forwarded-for": "203.0.113.9, 198.51.100.7", "x-forwarded-proto": "https" };

let clone: string;
let data: string;
let port: number;
let service: ChildProcess | undefined;
let output = "";

beforeAll(async () => {
  clone = makeClone();
  data = join(clone, "data");
  execFileSync("node", ["scripts/container/bundle.ts"], { cwd: clone, stdio: "ignore", env: environment() });
});
afterAll(() => removeClone(clone));
afterEach(() => stop());

/** As in a container: nothing but what the image and its operator set. */
const environment = (settings: Record<string, string> = {}): NodeJS.ProcessEnv =>
  ({
    PATH: `${join(process.cwd(), "node_modules/.bin")}:${process.env["PATH"]}`,
    DATA_FOLDER: data,
    PORT: `${port}`,
    ISSUER: `http://localhost:${port}`,
    ...settings,
  }) as unknown as NodeJS.ProcessEnv;

/** Serves, and returns the address once it does. */
async function start(settings: Record<string, string> = {}): Promise<string> {
  port = await freePort();
  output = "";
  const started = spawn("node", ["scripts/container.ts"], { cwd: clone, env: environment(settings), stdio: "pipe" });
  started.stdout.on("data", (text) => (output += text));
  started.stderr.on("data", (text) => (output += text));
  service = started;
  await expect.poll(() => output, { timeout: 120_000 }).toContain(`Gatehouse serves port ${port}.`);
  return `http://localhost:${port}`;
}

/** Stops it as a container is stopped. Returns the exit status. */
async function stop(): Promise<number | null> {
  if (!service || service.exitCode !== null) return null;
  const exited = once(service, "exit");
  service.kill("SIGTERM");
  const [status] = await exited;
  return status;
}

/** The status of a request with these headers, which `fetch` would not send. A body is posted. */
async function statusOf(path: string, headers: Record<string, string>, body?: object): Promise<number> {
  const sent = body
    ? request({ port, path, method: "POST", headers: { ...headers, "content-type": "application/json" } })
    : request({ port, path, headers });
  sent.end(body && JSON.stringify(body));
  const [answer] = await once(sent, "response");
  return answer.resume().statusCode;
}

/** Runs a command beside the stopped service, where only the volume can be written. */
const command = (...args: string[]) =>
  execFileSync("node", ["scripts/container/command.ts", ...args], {
    cwd: clone,
    env: environment({ HOME: "/dev/null", WRANGLER_WRITE_LOGS: "false" }),
    encoding: "utf8",
  });

const isHealthy = (settings: Record<string, string> = {}) =>
  spawnSync("node", ["scripts/container/health.ts"], { cwd: clone, env: environment(settings) }).status === 0;

it("a container keeps accounts, sessions and secrets in its volume, and verifies imported passwords", async () => {
  mkdirSync(data);
  // As left by a start that was cut off.
  writeFileSync(join(data, "secrets.json.new"), "{");
  const first = await start();
  expect((await post(`${first}/auth/register`, ACCOUNT)).status).toBe(201);
  const { refresh_token } = (await (await post(`${first}/auth/login`, ACCOUNT)).json()) as { refresh_token: string };
  expect(isHealthy()).toBe(true);
  expect(await stop()).toBe(0);
  expect(isHealthy()).toBe(false);

  expect(statSync(join(data, "secrets.json")).mode & 0o777).toBe(0o600);
  const { PEPPER } = JSON.parse(readFileSync(join(data, "secrets.json"), "utf8"));
  expect(output).not.toContain(PEPPER);
  const users = join(clone, "users.ndjson");
  writeFileSync(users, JSON.stringify({ id: "1", email: IMPORTED.email, password_hash: ABC_HASH, totp: APP }));
  expect(command("import", users, "--from", "ndjson")).toContain("1 created");
  expect(command("admin", "grant", ACCOUNT.email, "admin", "--yes")).toContain("has admin");

  const second = await start();
  expect((await post(`${second}/auth/login`, { ...IMPORTED, password: "wrong" })).status).toBe(401);
  const imported = await post(`${second}/auth/login`, IMPORTED);
  expect(await imported.json()).toMatchObject({ code: "second_factor_required", factors: ["totp"] });
  const refreshed = await post(`${second}/auth/refresh`, { refresh_token });
  const { access_token } = (await refreshed.json()) as { access_token: string };
  expect([refreshed.status, decodeJwt(access_token)]).toEqual([200, expect.objectContaining({ roles: ["admin"] })]);
  const page = await fetch(`${second}/sign-in`);
  expect([page.headers.get("mf-content-encoding"), await page.text()]).toEqual([null, expect.stringContaining("<h1>")]);
  const wrong = await fetch(`${second}/auth/login`, { method: "POST", body: "x".repeat(20_000) });
  expect([413, 415]).toContain(wrong.status);
});

it("a container reads settings from variables and files, and is no development service", async () => {
  const file = join(clone, "key");
  writeFileSync(file, "re_a-key\n");
  const address = await start({ RESEND_API_KEY_FILE: file, MAIL_FROM: "Acme <auth@example.com>", BRAND_NAME: "Acme" });

  expect(await (await fetch(`${address}/health/ready`)).json()).toMatchObject({ status: "ready", mail: true });
  expect(await (await fetch(`${address}/sign-in`)).text()).toContain("Acme");
  expect((await fetch(`${address}/dev/outbox`)).status).toBe(404);
});

it("a container believes the proxy in front of it, and nobody else", async () => {
  // Ten a minute and address. Loopback addresses are not limited.
  const forgot = (headers: (n: number) => Record<string, string>) =>
    Promise.all(Array.from({ length: 15 }, (_, n) => statusOf("/auth/forgot-password", headers(n), FORGOT)));
  await start();
  expect(await statusOf("/health", PROXIED)).toBe(200);
  // Headers and paths of the runtime.
  expect(await statusOf("/health", { "mf-cf-blob": "x", "mf-route-override": "gatehouse-password-verifier" })).toBe(
    200,
  );
  expect(await statusOf("/cdn-cgi/local/platform-proxy", { "mf-op": "GET" })).toBe(404);
  expect(await statusOf("/health", { host: "a b" })).toBe(400);
  expect(await forgot(() => ({ "cf-connecting-ip": "192.0.2.1", "x-forwarded-for": "192.0.2.1" }))).not.toContain(429);
  await stop();

  const settings = { ISSUER: "https://auth.example.com", TRUST_PROXY: "on" };
  await start(settings);
  const host = "auth.example.com";
  expect(await statusOf("/health", { ...PROXIED, host })).toBe(200);
  expect(await statusOf("/health", { host })).toBe(421);
  expect(await statusOf("/health", { ...PROXIED, host: "evil.example" })).toBe(421);
  expect(isHealthy(settings)).toBe(true);
  const invented = (n: number) => ({ ...PROXIED, host, "x-forwarded-for": `192.0.2.${n}, 198.51.100.7` });
  expect(await forgot(invented)).toContain(429);
});

it("a container with an https issuer does not serve without a proxy", () => {
  const env = environment({ ISSUER: "https://auth.example.com" });
  const { status, stderr } = spawnSync("node", ["scripts/container.ts"], { cwd: clone, env, encoding: "utf8" });
  expect([status, stderr]).toEqual([1, expect.stringContaining("Set TRUST_PROXY to on")]);
});

it("the image gets what a clone has, and no settings, exports or backups of the folder", () => {
  const [ignored, ...lines] = readFileSync(".dockerignore", "utf8")
    .split("\n")
    .filter((line) => line && !line.startsWith("#"));
  const kept = lines.filter((line) => line.startsWith("!")).map((line) => line.slice(1));
  expect([ignored, kept.sort()]).toEqual(["*", [...KEPT, "package-lock.json"].sort()]);
});
