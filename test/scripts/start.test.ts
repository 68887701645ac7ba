import { once } from "node:events";
import { appendFileSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { decodeJwt } from "jose";
import { expect, it } from "vitest";
import { withLocalBindings } from "../../scripts/local-bindings.ts";
import { clone, eachInItsClone, post, start, stop } from "../support/clone-server.ts";

eachInItsClone();

/** Of the password below, by crypt(3). */
const BCRYPT_HASH = "$2b$10$abcdefghijklmnopqrstuuinwxd5XaoJ0b2dmbw/Pf8DXVZgrgprm";

const verifierOf = (prefix: string) =>
  `\n[[${prefix}services]]\nbinding = "PASSWORD_VERIFIER"\nservice = "acme-password-verifier"\n`;

const tokensOf = async (answer: Response) => (await answer.json()) as { access_token: string; refresh_token: string };

it("npm start serves a fresh clone, and reuses its secrets and data", { timeout: 240_000 }, async () => {
  const state = join(clone, "elsewhere");
  const account = { email: "jane@example.com", password: "correct-horse-7" };
  for (const built of ["locales", "pages"]) rmSync(join(clone, "public", built), { recursive: true, force: true });

  const first = await start("--persist-to", state);
  expect((await post(`${first}/auth/register`, { ...account, password: "iloveyou" })).status).toBe(422);
  expect((await post(`${first}/auth/register`, account)).status).toBe(201);
  const used = await tokensOf(await post(`${first}/auth/login`, account));
  const successor = await tokensOf(await post(`${first}/auth/refresh`, { refresh_token: used.refresh_token }));
  const secrets = readFileSync(join(clone, ".dev.vars"), "utf8");
  expect(secrets).toMatch(/^PEPPER='[\w-]{43}'$/m);
  expect(statSync(join(clone, ".dev.vars")).mode & 0o777).toBe(0o600);
  expect(existsSync(join(clone, ".wrangler/state/v3/d1"))).toBe(false);
  await stop();
  // As the import does it. The next login asks the password verifier.
  await withLocalBindings({ persistTo: state, config: join(clone, "wrangler.toml") }, ({ DB }: Env) =>
    DB.prepare("update passwords set hash = ?").bind(BCRYPT_HASH).run(),
  );
  // As `npm run deploy` binds those of deployments.
  appendFileSync(join(clone, "wrangler.toml"), [verifierOf(""), verifierOf("env.production.")].join(""));

  const second = await start("--persist-to", state, "--var", "REFRESH_REUSE_WINDOW_SECONDS:1");
  // CVE-2026-9802: a used refresh token stays used after a restart.
  const refresh = async (refresh_token: string) =>
    (await (await post(`${second}/auth/refresh`, { refresh_token })).json()) as { code: string };
  expect((await refresh(used.refresh_token)).code).toBe("refresh_token_reused");
  expect((await refresh(successor.refresh_token)).code).toBe("invalid_refresh_token");

  const tokens = await tokensOf(await post(`${second}/auth/login`, account));
  const me = await fetch(`${second}/users/me`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
  expect(await me.json()).toMatchObject({ email: account.email });
  expect(decodeJwt(tokens.access_token).iss).toBe(second);

  const authorization = `Bearer ${tokens.access_token}`;
  const change = { old_password: account.password, new_password: "brand-new-horse-8" };
  expect((await post(`${second}/auth/change-password`, change, { authorization })).status).toBe(200);
  await arrived(second, /Your password was changed/);

  expect((await post(`${second}/auth/forgot-password`, { email: account.email })).status).toBe(202);
  const link = (await arrived(second, /http:[^"]+token=[\w-]{43}/))[0];
  expect(link.startsWith(`${second}/reset-password?token=`)).toBe(true);
  const followed = await fetch(link, { redirect: "manual" });
  const cookie = followed.headers.get("set-cookie")!.split(";")[0]!;
  const page = await fetch(new URL(followed.headers.get("location")!, link), { headers: { cookie } });
  expect(await page.text()).toContain('name="new_password"');
  const form = { token: link.slice(-43), new_password: "third-horse-9", confirm_password: "third-horse-9" };
  const headers = { "sec-fetch-site": "same-origin" };
  const done = await fetch(`${second}/reset-password`, { method: "POST", body: new URLSearchParams(form), headers });
  expect(await done.text()).toContain("Your password was reset.");
  expect((await post(`${second}/auth/login`, { ...account, password: "third-horse-9" })).status).toBe(200);
  expect(readFileSync(join(clone, ".dev.vars"), "utf8")).toBe(secrets);
});

it("npm start serves a changed source immediately", { timeout: 240_000 }, async () => {
  const url = await start();
  const file = join(clone, "src/locales/en/login.ts");
  writeFileSync(file, readFileSync(file, "utf8").replaceAll('"Sign in"', '"Come in"'));

  const page = async () => (await fetch(`${url}/sign-in`, { signal: AbortSignal.timeout(5000) })).text();
  await expect.poll(page, { timeout: 90_000 }).toContain("<h1>Come in</h1>");
  // The Worker reads a language once and keeps it.
  const german = join(clone, "src/locales/de/login.ts");
  const germanPage = async () => (await fetch(`${url}/sign-in`, { headers: { "accept-language": "de" } })).text();
  expect(await germanPage()).toContain("<h1>Anmelden</h1>");
  writeFileSync(german, readFileSync(german, "utf8").replaceAll('"Anmelden"', '"Herein"'));
  await expect.poll(germanPage, { timeout: 90_000 }).toContain("<h1>Herein</h1>");
  // A build must not trigger another build.
  await new Promise((wake) => setTimeout(wake, 3000));
  expect(await page()).toContain("<h1>Come in</h1>");
});

it("npm start answers loopback hosts only, also with a route in wrangler.toml", { timeout: 240_000 }, async () => {
  const file = join(clone, "wrangler.toml");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace("# routes =", "routes ="));
  expect(readFileSync(file, "utf8")).not.toBe(text);
  const url = new URL(await start());

  const statusAt = async (host: string, path: string) => {
    const [answer] = await once(get({ port: url.port, path, headers: { host } }), "response");
    return answer.resume().statusCode;
  };
  for (const host of ["evil.example", `evil.example:${url.port}`, "localhost.evil.example", "auth.example.com"]) {
    expect([host, await statusAt(host, "/dev/outbox"), await statusAt(host, "/health")]).toEqual([host, 421, 421]);
  }
  for (const host of [url.host, "localhost", `127.0.0.1:${url.port}`, `[::1]:${url.port}`]) {
    expect([host, await statusAt(host, "/dev/outbox")]).toEqual([host, 200]);
  }
});

/** Waits until the outbox matches the pattern. */
async function arrived(url: string, pattern: RegExp): Promise<RegExpExecArray> {
  const outbox = async () => (await fetch(`${url}/dev/outbox`)).text();
  await expect.poll(outbox, { timeout: 10_000 }).toMatch(pattern);
  return pattern.exec(await outbox())!;
}
