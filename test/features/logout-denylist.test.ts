import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { failingKv, frozenReplica, staleKv } from "../support/bindings.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { rows, waitingDenials } from "../support/rows.ts";
import { createWorld, createWorldWithJane, sidOf, stopClock } from "../support/world.ts";

const isDenied = async (token: string) => (await env.DENYLIST.get(`sid:${sidOf(token)}`)) !== null;

describe("if KV fails or lags", () => {
  let logged: string[];

  beforeEach(() => {
    logged = [];
    vi.spyOn(console, "error").mockImplementation((line: string) => logged.push(line));
  });

  it("a stale denylist lets a logged-out token neither refresh nor change the account", async () => {
    const { login } = await createWorldWithJane();
    const stale = createWorld({ DENYLIST: staleKv(env.DENYLIST) });
    const { access_token: token, refresh_token } = await login();
    await stale.logout({ refresh_token });

    expect((await stale.refresh(refresh_token)).status).toBe(401);
    expect((await stale.me(token)).status).toBe(401);
    for (const [method, path, body] of [
      ["GET", "/users/me/sessions"],
      ["DELETE", `/users/me/sessions/${sidOf(token)}`],
      ["GET", "/users/me/events"],
      ["PATCH", "/users/me", { first_name: "Eve" }],
      ["DELETE", "/users/me", { password: PASSWORD }],
      ["POST", "/users/me/password", { old_password: PASSWORD, new_password: FRESH_PASSWORD }],
    ] as const) {
      const { status, json } = await stale.call(method, path, { token, body });
      expect([method, path, status, json.code]).toEqual([method, path, 401, "unauthenticated"]);
    }
  });

  it("the denylist refuses a token even if the database still accepts it", async () => {
    const { world, login } = await createWorldWithJane();
    const { access_token } = await login();
    await env.DENYLIST.put(`sid:${sidOf(access_token)}`, "");

    expect((await world.me(access_token)).status).toBe(401);
  });

  it("the primary database decides if the denylist cannot be read", async () => {
    const { world, login } = await createWorldWithJane();
    const { access_token, refresh_token } = await login();
    const lagging = frozenReplica(env.DB, await rows("users"));
    const deaf = createWorld({ DB: lagging, DENYLIST: failingKv(env.DENYLIST, "get") });

    expect((await deaf.me(access_token)).status).toBe(200);
    await world.logout({ refresh_token });
    expect((await createWorld({ DB: lagging, DENYLIST: staleKv(env.DENYLIST) }).me(access_token)).status).toBe(200);
    expect((await deaf.me(access_token)).status).toBe(401);
    expect(logged.join()).toContain("denylist_failed");
  });

  it("a failed denylist write is logged, and the schedule repeats it until it succeeds", async () => {
    const { login } = await createWorldWithJane();
    const broken = createWorld({ DENYLIST: failingKv(env.DENYLIST, "put") });
    stopClock(Date.now());
    const { access_token, refresh_token } = await login();

    expect((await broken.logout({ refresh_token })).status).toBe(204);
    expect(logged.join()).toContain("denylist_failed");
    expect((await broken.refresh(refresh_token)).status).toBe(401);

    stopClock(Date.now() + 60_000);
    await broken.schedule();
    expect([await isDenied(access_token), await waitingDenials()]).toEqual([false, 1]);
    await createWorld().schedule();
    expect([await isDenied(access_token), await waitingDenials()]).toEqual([true, 0]);
  });

  it("a session that expires within a minute is denied despite KV's minimum TTL", async () => {
    const { world, login } = await createWorldWithJane({ REFRESH_TOKEN_TTL_SECONDS: "5" });
    const { access_token, refresh_token } = await login();

    await world.logout({ refresh_token });

    expect(logged).toEqual([]);
    expect(await isDenied(access_token)).toBe(true);
  });
});
