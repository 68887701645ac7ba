import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { failingKv, frozenReplica } from "../support/bindings.ts";
import { disableUsers, enableUsers } from "../support/rows.ts";
import { call } from "../support/rpc.ts";
import { createWorld, createWorldWithJane, sidOf } from "../support/world.ts";

describe("verify", () => {
  const TIERS = ["local", "revocation", "authoritative"] as const;

  it.each([
    ["local", { d1: 0, kv: 0, queue: 0 }],
    ["revocation", { d1: 0, kv: 1, queue: 0 }],
    ["authoritative", { d1: 1, kv: 0, queue: 0 }],
  ] as const)("in tier %s costs %j", async (tier, cost) => {
    const { world, login } = await createWorldWithJane();
    const { access_token } = await login();

    expect(await world.cost(() => call(world, "verify", access_token, { tier }))).toEqual(cost);
  });

  it("notices a disabled user and a revoked session as each tier promises", async () => {
    const { world, login } = await createWorldWithJane();
    const { access_token } = await login();
    const seen = async () => {
      const outcomes = TIERS.map(async (tier) => (await call(world, "verify", access_token, { tier })).code ?? "ok");
      return Promise.all(outcomes);
    };
    expect(await seen()).toEqual(["ok", "ok", "ok"]);

    await disableUsers();
    expect(await seen()).toEqual(["ok", "ok", "unauthenticated"]);
    await enableUsers();
    expect(await call(world, "revokeSession", sidOf(access_token))).toEqual({ ok: true });
    expect(await seen()).toEqual(["ok", "unauthenticated", "unauthenticated"]);
    expect((await call(world, "revokeSession", sidOf(access_token))).code).toBe("not_found");
  });

  it("accepts only access tokens for its audience", async () => {
    const { world, login } = await createWorldWithJane();
    const { access_token, refresh_token } = await login();

    expect((await call(world, "verify", access_token, { audience: "https://auth.test" })).ok).toBe(true);
    expect((await call(world, "verify", access_token, { audience: "https://notes.test" })).code).toBe(
      "unauthenticated",
    );
    expect((await call(world, "verify", refresh_token)).code).toBe("unauthenticated");
    expect((await call(world, "verify", access_token, { tier: "none" })).code).toBe("invalid_request");
    expect((await call(world, "authenticate", new Request("https://app.test"))).code).toBe("unauthenticated");
  });

  it("returns storage_unavailable if the denylist fails", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const { login } = await createWorldWithJane();
    const { access_token } = await login();
    const world = createWorld({ DENYLIST: failingKv(env.DENYLIST, "get") });

    expect((await call(world, "verify", access_token)).code).toBe("storage_unavailable");
    expect((await call(world, "verify", access_token, { tier: "local" })).ok).toBe(true);
  });
});

it("getUser asks the primary if a replica does not know the user", async () => {
  const { world, jane } = await createWorldWithJane();
  const behind = createWorld({ DB: frozenReplica(world.env.DB, []) });

  expect(await call(behind, "getUser", jane.id)).toEqual({ ok: true, value: jane });
});

it("getUser and getUsers find users by id and omit unknown ones", async () => {
  const { world, jane } = await createWorldWithJane();

  expect(await call(world, "getUser", jane.id)).toEqual({ ok: true, value: jane });
  expect((await call(world, "getUser", "nobody")).code).toBe("not_found");
  expect(await call(world, "getUsers", [jane.id, "nobody", jane.id])).toEqual({ ok: true, value: [jane] });
  expect((await call(world, "getUsers", Array(101).fill(jane.id))).code).toBe("invalid_request");
});
