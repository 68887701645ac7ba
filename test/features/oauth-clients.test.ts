import { expect, it } from "vitest";
import { register } from "../support/oauth.ts";
import { createWorld } from "../support/world.ts";

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
