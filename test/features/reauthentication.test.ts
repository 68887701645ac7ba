import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { aroundD1 } from "../support/bindings.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { disableUsers, replacePasswords, revokeSession } from "../support/rows.ts";
import { createWorld, createWorldWithJane, dumpRows, sidOf } from "../support/world.ts";

const ROUTES = [
  ["POST", "/auth/change-password", { old_password: PASSWORD, new_password: FRESH_PASSWORD }],
  ["DELETE", "/users/me", { password: PASSWORD }],
] as const;

describe.each(ROUTES)("%s %s", (method, path, body) => {
  it.each([
    ["the password is replaced", replacePasswords],
    ["the session ends", revokeSession],
    ["the account is disabled", disableUsers],
  ])("changes nothing if %s while the password is checked", async (_, change) => {
    const { login } = await createWorldWithJane();
    const [own] = [await login(), await login()];
    let trips = 0;
    let before: unknown;
    const DB = aroundD1(env.DB, async (trip) => {
      // The first call reads the account, the second changes it.
      if (++trips === 2) {
        await change(sidOf(own.access_token));
        before = await dumpRows();
      }
      return trip();
    });

    const { status, json } = await createWorld({ DB }).call(method, path, { token: own.access_token, body });

    expect([status, json.code]).toEqual([401, "invalid_credentials"]);
    expect(await dumpRows()).toEqual(before);
  });

  it("requires an active session before it hashes the password", async () => {
    const { world, login } = await createWorldWithJane();
    const { access_token: token } = await login();
    await disableUsers();

    const { status, json } = await world.call(method, path, { token, body });

    expect([status, json.code]).toEqual([401, "unauthenticated"]);
  });
});
