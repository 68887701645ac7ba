import { describe, expect, it } from "vitest";
import { verifyAddresses } from "../support/rows.ts";
import { call } from "../support/rpc.ts";
import { createWorld, createWorldWithJane } from "../support/world.ts";

/** Jane, who signed in while nobody had to verify an address, and a world in which everyone has. */
async function signedInBefore() {
  const { world: before, login } = await createWorldWithJane();
  return { before, tokens: await login(), world: createWorld({ REQUIRE_VERIFICATION: "true" }) };
}

describe("a session of an account without a verified address, once REQUIRE_VERIFICATION is on", () => {
  it("is not refreshed, also not by the previous token", async () => {
    const { before, tokens, world } = await signedInBefore();
    const { json: current } = await before.refresh(tokens.refresh_token);

    for (const { refresh_token } of [current, tokens]) {
      const { status, json } = await world.refresh(refresh_token);
      expect([status, json.code]).toEqual([401, "invalid_refresh_token"]);
    }
    expect((await before.refresh(current.refresh_token)).status).toBe(200);
  });

  it("is refused by authoritative checks, without another trip", async () => {
    const { tokens, world } = await signedInBefore();

    expect((await world.me(tokens.access_token)).status).toBe(401);
    const { d1 } = await world.cost(async () => {
      const options = { tier: "authoritative" };
      expect((await call(world, "verify", tokens.access_token, options)).code).toBe("unauthenticated");
    });
    expect(d1).toBe(1);
  });

  it("goes on as soon as an address is verified", async () => {
    const { tokens, world } = await signedInBefore();
    await verifyAddresses();

    expect((await world.me(tokens.access_token)).status).toBe(200);
    expect((await call(world, "verify", tokens.access_token, { tier: "authoritative" })).ok).toBe(true);
    expect((await world.refresh(tokens.refresh_token)).status).toBe(200);
  });
});
