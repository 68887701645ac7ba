import * as oauth from "oauth4webapi";
import { expect, it } from "vitest";
import { KEY_BODY, RESOURCE } from "../support/api-keys.ts";
import { authorizeClient, createSignedIn, optionsOf, register } from "../support/oauth.ts";
import { administer, call } from "../support/rpc.ts";

it("a client gets tokens for a user who allows it, and renews them", async () => {
  const { world, visitor, jane } = await createSignedIn();
  const registered = await register(world);
  const { client, auth } = registered;
  const { as, tokens } = await authorizeClient(world, visitor, registered);

  expect(tokens).toMatchObject({ token_type: "bearer", scope: "openid profile email offline_access" });
  expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({ sub: jane.id, email: "jane.doe@example.com" });
  const info = await oauth.processUserInfoResponse(
    as,
    client,
    jane.id,
    await oauth.userInfoRequest(as, client, tokens.access_token, optionsOf(world)),
  );
  expect(info).toMatchObject({ preferred_username: "janedoe", email_verified: false });
  const renewed = await oauth.processRefreshTokenResponse(
    as,
    client,
    await oauth.refreshTokenGrantRequest(as, client, auth, tokens.refresh_token!, optionsOf(world)),
  );
  expect(renewed.refresh_token).not.toBe(tokens.refresh_token);
});

it("an API that knows the standards alone accepts the tokens of users, clients and API keys (RFC 9068)", async () => {
  const { world, visitor, jane } = await createSignedIn({ OAUTH_RESOURCES: RESOURCE });
  const registered = await register(world, { first_party: true, grant_types: ["client_credentials"] });
  const { client, auth } = registered;
  const app = await register(world);
  const { as, tokens } = await authorizeClient(world, visitor, app, { resource: RESOURCE });
  const own = await oauth.processClientCredentialsResponse(
    as,
    client,
    await oauth.clientCredentialsGrantRequest(as, client, auth, { resource: RESOURCE }, optionsOf(world)),
  );
  const { name, scopes } = KEY_BODY;
  const { value } = await administer(world, "createApiKey", { client_id: client.client_id, name, scopes });
  const { json } = await world.post("/auth/api-keys/token", { api_key: value.key, resource: RESOURCE });

  for (const [sub, client_id, token] of [
    [jane.id, app.client.client_id, tokens.access_token],
    [client.client_id, client.client_id, own.access_token],
    [client.client_id, client.client_id, json.access_token],
  ] as const) {
    const asked = new Request(RESOURCE, { headers: { authorization: `Bearer ${token}` } });
    const claims = await oauth.validateJwtAccessToken(as, asked, RESOURCE, optionsOf(world));
    expect(claims).toMatchObject({ sub, client_id, iss: as.issuer });
    await expect(
      oauth.validateJwtAccessToken(as, asked, "https://other.example", optionsOf(world)),
    ).rejects.toMatchObject({ code: oauth.JWT_CLAIM_COMPARISON });
    const told = await oauth.processIntrospectionResponse(
      as,
      client,
      await oauth.introspectionRequest(as, client, auth, token, optionsOf(world)),
    );
    expect(told).toMatchObject({ active: true, sub, client_id, aud: RESOURCE, token_type: "Bearer" });
    expect((await call(world, "verify", token)).code).toBe("unauthenticated");
  }
});
