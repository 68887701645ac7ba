import * as oauth from "oauth4webapi";
import { expect, it } from "vitest";
import { authorizeClient, createSignedIn, optionsOf, register } from "../support/oauth.ts";

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
