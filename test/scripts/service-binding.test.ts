import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestHarness, type TestHarness } from "wrangler";
import { makeClone, removeClone } from "../../scripts/clone.ts";
import { exampleSettings } from "../../scripts/example-settings.ts";
import { drawSecrets } from "../../scripts/secrets.ts";

/** A Worker that is bound to the service and calls the method that a request names. */
const CALLER = `const circular = {};
circular.self = circular;
const bad = () => [
  undefined, null, 0, -1, NaN, 1n, "", "x", "\\0", "\\ud800", "x".repeat(20_000), true, [], [null], {}, { id: {} },
  new Date(), new Date(NaN), new Map([[1, 2]]), new Set(["x"]), new Uint8Array(8), new ArrayBuffer(8), /x/, new Error("x"),
  circular, () => {}, new Headers(), new Response("x"), new ReadableStream(), { id: "x", tier: "none", then: () => {} },
];

export default {
  async fetch(request, env) {
    if (new URL(request.url).pathname === "/bad") {
      const { binding, method } = await request.json();
      const calls = bad().flatMap((_, n) => [[bad()[n]], [bad()[n], bad()[n]], ["x", bad()[n]], [{}, bad()[n], bad()[n]]]);
      const outcomes = calls.map((args) => env[binding][method](...args).then(({ ok, code }) => String(code ?? ok)));
      return Response.json((await Promise.allSettled(outcomes)).map(({ value, reason }) => value ?? "thrown: " + reason));
    }
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

beforeAll(async () => {
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
  const settings = { ...exampleSettings(), ...drawSecrets() };
  const lines = Object.entries(settings).map(([name, value]) => `${name}='${value}'`);
  writeFileSync(join(clone, ".dev.vars"), lines.join("\n"));

  harness = createTestHarness({
    workers: [{ configPath: join(caller, "wrangler.json") }, { configPath: join(clone, "wrangler.toml") }],
  });
  await harness.listen();
  await harness.getWorker("gatehouse").applyD1Migrations("DB" as never);
});

afterAll(async () => {
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
  [...readFileSync(`src/entrypoints/rpc/${file}`, "utf8").matchAll(/^ {2}(?:async )?(\w+)\(/gm)].map(
    ([, name = ""]) => name,
  );

/**
 * The answers to bad arguments. Two are not errors: a list has defaults, and \`keys\` takes none.
 */
const EXPECTED = new Set([
  "true",
  "invalid_request",
  "malformed_body",
  "body_too_large",
  "not_found",
  "unauthenticated",
  "invalid_credentials",
  "invalid_refresh_token",
  "invalid_token",
  "invalid_code",
  "too_many_requests",
]);

describe("a Worker that is bound to AuthService", () => {
  it("can register, log in, verify a caller and end a session", { timeout: 240_000 }, async () => {
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
      errors: [{ path: "email", code: "taken", message: "Taken." }],
    });
  });

  it("can reach only the methods", { timeout: 240_000 }, async () => {
    const none = { thrown: expect.any(String) };
    for (const method of ["env", "ctx", "act", "#act", "constructor", ...methodsOf("admin-service.ts")]) {
      expect([method, await call(method)]).toEqual([method, none]);
    }
    for (const method of ["env", "ctx", "act", "#act", "constructor", ...methodsOf("auth-service.ts")]) {
      expect([method, await callOn("ADMIN", method)]).toEqual([method, none]);
    }
  });

  it.each(["auth", "admin"])(
    "gets an answer to any argument of a method of %s, and changes nothing",
    { timeout: 240_000 },
    async (file) => {
      const binding = file === "auth" ? "AUTH" : "ADMIN";
      const before = await callOn("ADMIN", "listUsers");
      for (const method of methodsOf(`${file}-service.ts`)) {
        const body = JSON.stringify({ binding, method });
        const answer = await harness.fetch("http://caller.test/bad", { method: "POST", body });
        const outcomes = new Set((await answer.json()) as string[]);
        expect([method, [...outcomes.difference(EXPECTED)]]).toEqual([method, []]);
      }
      expect(await callOn("ADMIN", "listUsers")).toEqual(before);
    },
  );

  it("is named in the events of AdminService", { timeout: 240_000 }, async () => {
    const { id } = (await call("register", { email: "john@example.com", password: "correct-horse-7" })).value;

    expect(await callOn("ADMIN", "disableUser", id)).toEqual({ ok: true });
    const { events } = (await callOn("ADMIN", "listEvents", { id })).value;
    expect(events[0]).toMatchObject({ type: "account_disabled", caller: "back-office" });
  });
});
