import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freePort, type LocalServer, serveIn } from "../../scripts/clone.ts";
import { clone, eachInItsClone, post, start, stop } from "../support/clone-server.ts";

/** A Worker with a route for each way to authenticate callers. */
const GUARD = `import { env } from "cloudflare:workers";
import { requireAuth } from "gatehouse-auth";
import { Hono } from "hono";

const { AUTH: auth, ISSUER: issuer } = env;
const me = (c) => c.json(c.var.auth);
export default new Hono()
  .get("/health", (c) => c.text(""))
  .get("/local", requireAuth({ auth, tier: "local" }), me)
  .get("/remote", requireAuth({ issuer }), me)
  .get("/revocation", requireAuth({ auth }), me)
  .get("/lenient", requireAuth({ auth, onUnavailable: "allow-local" }), me);
`;
const WAYS = ["/local", "/remote", "/revocation", "/lenient"];
const ACCOUNT = { email: "jane@example.com", password: "correct-horse-7" };

let service: string;
let guard: LocalServer;

eachInItsClone();

beforeEach(async () => {
  service = await start();
  mkdirSync(join(clone, "guard"));
  writeFileSync(join(clone, "guard/index.js"), GUARD);
  const services = [{ binding: "AUTH", service: "gatehouse", entrypoint: "AuthService" }];
  const vars = { ISSUER: service };
  const config = { name: "guard", main: "index.js", compatibility_date: "2026-11-02", services, vars };
  writeFileSync(join(clone, "guard/wrangler.json"), JSON.stringify(config));
  execFileSync("npm", ["run", "--silent", "build:sdk"], { cwd: clone });
  guard = await serveIn(clone, await freePort(), [
    "node_modules/.bin/wrangler",
    "dev",
    "--config",
    "guard/wrangler.json",
  ]);
});

afterEach(() => guard.stop());

async function login(): Promise<string> {
  const answer = await post(`${service}/auth/login`, ACCOUNT);
  return ((await answer.json()) as { access_token: string }).access_token;
}

/** The answer of each way to this token. */
const seen = (token: string) =>
  Promise.all(
    WAYS.map(async (way) => {
      const answer = await fetch(guard.address + way, { headers: { authorization: `Bearer ${token}` } });
      return answer.status;
    }),
  );

describe("a Worker that authenticates callers", () => {
  it("notices logouts and new keys, and follows its settings while the service is down", {
    timeout: 240_000,
  }, async () => {
    await post(`${service}/auth/register`, ACCOUNT);
    const old = await login();
    expect(await seen(old)).toEqual([200, 200, 200, 200]);
    expect(await seen("garbage")).toEqual([401, 401, 401, 401]);

    const ended = await login();
    expect(await seen(ended)).toEqual([200, 200, 200, 200]);
    await post(`${service}/auth/logout`, {}, { authorization: `Bearer ${ended}` });
    expect(await seen(ended)).toEqual([200, 200, 401, 401]);

    await stop();
    execFileSync("npm", ["run", "--silent", "keys", "--", "rotate"], { cwd: clone });
    await start();
    const fresh = await login();
    expect([await seen(fresh), await seen(old)]).toEqual([Array(4).fill(200), Array(4).fill(200)]);

    await stop();
    for (const token of [old, fresh]) expect(await seen(token)).toEqual([200, 200, 503, 200]);
    expect(await seen("garbage")).toEqual([401, 401, 401, 401]);
  });
});
