import { expect, it } from "vitest";
import { credentialsOf, register } from "../support/oauth.ts";
import { createWorld, type World } from "../support/world.ts";

const NETWORK = { "cf-connecting-ip": "203.0.113.7", "content-type": "application/x-www-form-urlencoded" };

it.each([
  ["an app on a device is limited by its network", { token_endpoint_auth_method: "none" }, 429],
  ["the server of an app, which has one network for all of its users, is not", {}, 400],
] as const)("%s", async (_, input, status) => {
  const { client, secret } = await register(createWorld(), input);
  const RATE_LIMIT_CREDENTIALS = { limit: async () => ({ success: false }) } as unknown as RateLimit;
  const world = createWorld({ RATE_LIMIT_CREDENTIALS });
  const fields = { grant_type: "refresh_token", refresh_token: "x", client_id: client.client_id };
  const body = new URLSearchParams({ ...fields, ...(secret && { client_secret: secret }) });

  expect((await world.send("/oauth/token", { method: "POST", headers: NETWORK, body })).status).toBe(status);
});

it("wrong secrets cost no query and are limited by network, which a right secret never notices", async () => {
  const guesses = createWorld();
  const registered = await register(guesses);
  const other = await register(guesses);
  const RATE_LIMIT_CREDENTIALS = { limit: async () => ({ success: false }) } as unknown as RateLimit;
  const limited = createWorld({ RATE_LIMIT_CREDENTIALS });
  const { secret = "" } = registered;
  const send = async (world: World, client_secret: string) => {
    const body = new URLSearchParams({ ...credentialsOf(registered), client_secret, token: "x" });
    return (await world.send("/oauth/introspect", { method: "POST", headers: NETWORK, body })).status;
  };

  for (const wrong of ["x", secret.slice(0, -1), `${secret}A`, secret.replace(/.$/, "~"), other.secret ?? ""]) {
    const { d1 } = await guesses.cost(async () => expect([wrong, await send(guesses, wrong)]).toEqual([wrong, 401]));
    expect([wrong, d1]).toEqual([wrong, 0]);
    expect([wrong, await send(limited, wrong)]).toEqual([wrong, 429]);
  }
  expect([await send(guesses, secret), await send(limited, secret)]).toEqual([200, 200]);
});

it("a secret works under an older pepper, and not under an unknown one", async () => {
  const world = createWorld();
  const registered = await register(world);
  const fresh = "n".repeat(43);
  const rotated = createWorld({ PEPPER: `${fresh},${world.env.PEPPER}` });
  const ask = async (at: World) =>
    (await at.form("/oauth/introspect", { ...credentialsOf(registered), token: "x" })).status;

  expect([await ask(rotated), await ask(createWorld({ PEPPER: fresh }))]).toEqual([200, 401]);
});
