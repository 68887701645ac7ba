import { decodeJwt } from "jose";
import { expect, it } from "vitest";
import { DEVICE_GRANT } from "../../src/contract/oauth-client.ts";
import { createSignedIn, refreshAs, register, startDevice, tokensOf } from "../support/oauth.ts";
import { rowCount } from "../support/rows.ts";
import { administer } from "../support/rpc.ts";
import { createWorld, stopClock } from "../support/world.ts";

const NOTES = "https://notes.example/mcp";

it("a resource that the operator removed gets no tokens, and never becomes the audience of the service", async () => {
  const { world, visitor } = await createSignedIn({ OAUTH_RESOURCES: NOTES });
  const client = await register(world);
  const asked = { scope: "openid offline_access", resource: NOTES };
  const { refresh_token } = await tokensOf(world, visitor, client, asked);

  expect((await refreshAs(createWorld(), client, refresh_token)).json.error).toBe("invalid_target");
  const taken = createWorld({ ACCESS_TOKEN_AUDIENCE: NOTES });
  expect((await refreshAs(taken, client, refresh_token)).json.error).toBe("invalid_target");
});

it("the code of a device is none of a browser", async () => {
  const { world, visitor } = await createSignedIn();
  const grant_types = ["authorization_code", DEVICE_GRANT] as const;
  const device = await startDevice(world, {
    redirect_uris: ["https://app.example/callback"],
    grant_types: [...grant_types],
  });
  await visitor.post("/device", { code: device.user_code, answer: "allow" });
  const { client_id, device_code: code } = device;
  for (const code_verifier of ["x", "", "x".repeat(43)]) {
    const { status } = await world.form("/oauth/token", {
      client_id,
      grant_type: "authorization_code",
      code,
      ...(code_verifier && { code_verifier }),
    });
    expect([code_verifier, status]).toEqual([code_verifier, 400]);
  }
  expect(await rowCount("sessions")).toBe(1);
});

it("an ID token of an app that the user removed a minute ago asks before it signs out", async () => {
  const { world, visitor } = await createSignedIn();
  const client = await register(world);
  const { id_token } = await tokensOf(world, visitor, client);
  await visitor.post("/account/apps/remove", { id: client.client.client_id, name: "Notes" });
  expect(await rowCount("oauth_grants")).toBe(0);
  stopClock(Date.now() + 60_000);

  const answer = await visitor.get(`/oauth/logout?id_token_hint=${id_token}`, { "sec-fetch-site": "cross-site" });
  expect([answer.status, answer.location]).toEqual([200, null]);
  expect((await visitor.get("/account")).status).toBe(200);
});

it("a token of somebody else's app has no roles, and those of the operator's has the user's", async () => {
  const { world, visitor, jane } = await createSignedIn();
  await administer(world, "setRoles", jane.id, ["admin"]);
  await visitor.signIn();
  for (const first_party of [false, true]) {
    const { access_token } = await tokensOf(world, visitor, await register(world, { first_party }));
    expect(decodeJwt(String(access_token))["roles"]).toEqual(first_party ? ["admin"] : []);
  }
});

it("wrong refresh tokens of a stranger keep no client from hearing that its own is not valid", async () => {
  const world = createWorld();
  const client = await register(world);
  const wrong = { grant_type: "refresh_token", refresh_token: "x", client_id: client.client.client_id };
  for (let times = 0; times < 70; times++) await world.form("/oauth/token", { ...wrong, client_secret: "x" });

  expect((await refreshAs(world, client, "x")).json.error).toBe("invalid_grant");
});
