import { env } from "cloudflare:workers";
import { describe, expect, expectTypeOf, it } from "vitest";
import type { AuthService } from "../../src/index.ts";
import type { AuthOptions } from "../../src/sdk/index.ts";
import { bearing, guarded } from "../support/guarded-worker.ts";
import { administer, call } from "../support/rpc.ts";
import { createWorldWithJane, PASSWORD } from "../support/world.ts";

/** Creates a world with a binding to the real service. */
async function createBound() {
  const { world, jane, login } = await createWorldWithJane();
  const auth = {
    keys: () => call(world, "keys"),
    verify: (...args: unknown[]) => call(world, "verify", ...args),
  };
  return { world, jane, login, auth };
}

describe("requireAuth with a binding to the service", () => {
  it.each([
    ["local", { d1: 0, kv: 0, queue: 0 }],
    ["revocation", { d1: 0, kv: 1, queue: 0 }],
    ["authoritative", { d1: 1, kv: 0, queue: 0 }],
  ] as const)("costs, in tier %s, %j", async (tier, cost) => {
    const { world, login, auth } = await createBound();
    const get = guarded({ auth, tier });
    const authorization = bearing((await login()).access_token);
    expect((await get(authorization)).status).toBe(200);

    expect(await world.cost(() => get(authorization))).toEqual(cost);
  });

  it("accepts a typed service binding", () => {
    expectTypeOf<Service<AuthService>>().toExtend<Extract<AuthOptions, { auth: unknown }>["auth"]>();
  });

  it("applies a logout and a change of roles as each tier promises", async () => {
    const { world, jane, login, auth } = await createBound();
    const tokens = await login();
    const statusOf = async (options: AuthOptions) => (await guarded(options)(bearing(tokens.access_token))).status;
    const tiers = [
      { auth, tier: "local" },
      { auth, denylist: env.DENYLIST },
      { auth },
      { auth, tier: "authoritative" },
    ] as const;
    const seen = () => Promise.all(tiers.map(statusOf));
    expect(await seen()).toEqual([200, 200, 200, 200]);

    await administer(world, "setRoles", jane.id, ["editor"]);
    expect(await statusOf({ auth, roles: ["editor"] })).toBe(403);
    expect(await statusOf({ auth, roles: ["editor"], tier: "authoritative" })).toBe(200);
    await world.logout({ refresh_token: tokens.refresh_token });
    expect(await seen()).toEqual([200, 401, 401, 401]);
  });

  it("rejects a token of the service for another audience", async () => {
    const { world, auth } = await createBound();
    const body = { identifier: "janedoe", password: PASSWORD };
    const { access_token } = (await world.post("/auth/login", body)).json;

    expect((await guarded({ auth, audience: "https://notes.test" })(bearing(access_token))).status).toBe(401);
    expect(await call(world, "keys")).toEqual({
      ok: true,
      value: {
        issuer: "https://auth.test",
        audience: "https://auth.test",
        typ: "at+jwt",
        keys: (await world.get("/.well-known/jwks.json")).json.keys,
      },
    });
  });
});
