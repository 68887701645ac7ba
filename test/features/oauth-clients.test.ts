import { expect, it } from "vitest";
import { DEVICE_GRANT } from "../../src/contract/oauth-client.ts";
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

it("an app on a device counts once when it starts a device code", async () => {
  const { client } = await register(createWorld(), { grant_types: [DEVICE_GRANT], token_endpoint_auth_method: "none" });
  let count = 0;
  const limit = async () => ({ success: ++count <= 1 });
  const world = createWorld({ RATE_LIMIT_CREDENTIALS: { limit } as unknown as RateLimit });
  const body = new URLSearchParams({ client_id: client.client_id });

  const { status } = await world.send("/oauth/device_authorization", { method: "POST", headers: NETWORK, body });
  expect([status, count]).toEqual([200, 1]);
});

it.each(["token", "revoke", "introspect", "device_authorization"])(
  "wrong secrets at /oauth/%s cost no query and are limited by network, which a right secret never notices",
  async (endpoint) => {
    const guesses = createWorld();
    const grant_types = ["refresh_token", DEVICE_GRANT] as const;
    const registered = await register(guesses, { grant_types: [...grant_types] });
    const other = await register(guesses);
    const RATE_LIMIT_CREDENTIALS = { limit: async () => ({ success: false }) } as unknown as RateLimit;
    const limited = createWorld({ RATE_LIMIT_CREDENTIALS });
    const { secret = "" } = registered;
    const send = async (world: World, client_secret: string) => {
      const form = { grant_type: "refresh_token", refresh_token: "x", token: "x" };
      const body = new URLSearchParams({ ...credentialsOf(registered), client_secret, ...form });
      return (await world.send(`/oauth/${endpoint}`, { method: "POST", headers: NETWORK, body })).status;
    };

    for (const wrong of ["x", secret.slice(0, -1), `${secret}A`, secret.replace(/.$/, "~"), other.secret ?? ""]) {
      const { d1 } = await guesses.cost(async () => expect([wrong, await send(guesses, wrong)]).toEqual([wrong, 401]));
      expect([wrong, d1]).toEqual([wrong, 0]);
      expect([wrong, await send(limited, wrong)]).toEqual([wrong, 429]);
    }
    const right = endpoint === "token" ? 400 : 200;
    expect([await send(guesses, secret), await send(limited, secret)]).toEqual([right, right]);
  },
);

it("a secret works under an older pepper, and not under an unknown one", async () => {
  const world = createWorld();
  const registered = await register(world);
  const fresh = "n".repeat(43);
  const rotated = createWorld({ PEPPER: `${fresh},${world.env.PEPPER}` });
  const ask = async (at: World) =>
    (await at.form("/oauth/introspect", { ...credentialsOf(registered), token: "x" })).status;

  expect([await ask(rotated), await ask(createWorld({ PEPPER: fresh }))]).toEqual([200, 401]);
});
