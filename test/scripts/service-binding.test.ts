import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestHarness, type TestHarness } from "wrangler";
import { makeClone, removeClone } from "../../scripts/clone.ts";
import { drawSecrets } from "../../scripts/secrets.ts";

/** A Worker of somebody's that is bound to the service, and does what it is told. */
const CALLER = `export default {
  async fetch(request, env) {
    if (new URL(request.url).pathname === "/me") {
      const caller = await env.AUTH.authenticate(request.headers);
      return Response.json({ ...caller, body: await request.text() });
    }
    const { binding, method, args } = await request.json();
    try {
      return Response.json(await env[binding][method](...args));
    } catch (error) {
      return Response.json({ thrown: error.message });
    }
  },
};`;

let clone: string;
let harness: TestHarness;

beforeEach(async () => {
  clone = makeClone();
  const caller = join(clone, "caller");
  mkdirSync(caller);
  writeFileSync(join(caller, "index.js"), CALLER);
  const config = {
    name: "caller",
    main: "index.js",
    compatibility_date: "2026-11-02",
    services: [
      { binding: "AUTH", service: "gatehouse", entrypoint: "AuthService" },
      { binding: "ADMIN", service: "gatehouse", entrypoint: "AdminService", props: { caller: "back-office" } },
    ],
  };
  writeFileSync(join(caller, "wrangler.json"), JSON.stringify(config));
  const settings = { ...parseEnv(readFileSync(".dev.vars.example", "utf8")), ...drawSecrets() };
  const lines = Object.entries(settings).map(([name, value]) => `${name}='${value}'`);
  writeFileSync(join(clone, ".dev.vars"), lines.join("\n"));

  harness = createTestHarness({
    workers: [{ configPath: join(caller, "wrangler.json") }, { configPath: join(clone, "wrangler.toml") }],
  });
  await harness.listen();
  await harness.getWorker("gatehouse").applyD1Migrations("DB" as never);
}, 120_000);

afterEach(async () => {
  await harness.close();
  removeClone(clone);
});

const callOn = async (binding: "AUTH" | "ADMIN", method: string, ...args: unknown[]) => {
  const body = JSON.stringify({ binding, method, args });
  const answer = await harness.fetch("http://caller.test/", { method: "POST", body });
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever came back
  return (await answer.json()) as any;
};
const call = (method: string, ...args: unknown[]) => callOn("AUTH", method, ...args);

const methodsOf = (file: string) =>
  [...readFileSync(`src/rpc/${file}`, "utf8").matchAll(/^ {2}(?:async )?(\w+)\(/gm)].map(([, name = ""]) => name);

describe("a Worker that is bound to AuthService", () => {
  it("registers, logs in, is told who calls, and ends a session", { timeout: 120_000 }, async () => {
    const account = { email: "jane@example.com", password: "correct-horse-7" };
    const registered = await call("register", account);
    const tokens = await call("login", account, { ip: "203.0.113.7" });
    expect([registered.ok, tokens.ok]).toEqual([true, true]);

    const headers = { authorization: `Bearer ${tokens.value.access_token}` };
    const me = async () =>
      (await harness.fetch("http://caller.test/me", { method: "POST", headers, body: "kept" })).json();
    expect(await me()).toMatchObject({ ok: true, value: { sub: registered.value.id }, body: "kept" });
    const { sid } = (await call("verify", tokens.value.access_token)).value;
    expect(await call("revokeSession", sid)).toEqual({ ok: true });
    expect(await me()).toEqual({ ok: false, code: "unauthenticated", body: "kept" });
    expect(await call("login", { ...account, password: "wrong-horse-7" })).toEqual({
      ok: false,
      code: "invalid_credentials",
    });
    expect(await call("register", account)).toEqual({
      ok: false,
      code: "email_taken",
      errors: [{ path: "email", message: "Taken." }],
    });
  });

  it("reaches nothing but its methods", { timeout: 120_000 }, async () => {
    const none = { thrown: expect.any(String) };
    for (const method of ["env", "ctx", "act", "#act", "constructor", ...methodsOf("admin-service.ts")]) {
      expect([method, await call(method)]).toEqual([method, none]);
    }
    for (const method of ["env", "ctx", "act", "#act", "constructor", ...methodsOf("auth-service.ts")]) {
      expect([method, await callOn("ADMIN", method)]).toEqual([method, none]);
    }
  });

  it("is named in what an administrator's binding does", { timeout: 120_000 }, async () => {
    const { id } = (await call("register", { email: "jane@example.com", password: "correct-horse-7" })).value;

    expect(await callOn("ADMIN", "disableUser", id)).toEqual({ ok: true });
    const { events } = (await callOn("ADMIN", "listEvents", { id })).value;
    expect(events[0]).toMatchObject({ type: "account_disabled", caller: "back-office" });
  });
});
