import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { KEY_BODY } from "../support/api-keys.ts";
import { interruptedD1 } from "../support/bindings.ts";
import { outbox } from "../support/outbox.ts";
import { createWithKey } from "../support/own-api-keys.ts";
import { rowCount } from "../support/rows.ts";
import { administer, call } from "../support/rpc.ts";
import { createWorld, dumpTables, PASSWORD } from "../support/world.ts";

type Mail = Awaited<ReturnType<typeof outbox.last>>;

const told = ({ status, json }: { status: number; json: { code?: string } }) => [status, json.code];

it("a key is not created if the session or the password ends just before", async () => {
  const { jane, token, list } = await createWithKey();
  const changes = [
    ["update users set credential_version = credential_version + 1 where id = ?", 401],
    ["update sessions set revoked_at = 1 where user_id = ?", 401],
  ] as const;
  expect(await list()).toHaveLength(1);
  for (const [change, status] of changes) {
    const DB = interruptedD1(env.DB, 2, () => env.DB.prepare(change).bind(jane.id).run());
    const answer = await createWorld({ DB }).call("POST", "/users/me/api-keys", { token, body: KEY_BODY });
    expect(answer.status).toBe(status);
  }
  expect(await rowCount("api_keys")).toBe(1);
});

describe("a key ends", () => {
  it.each([
    ["its revocation", async ({ revoke }) => revoke()],
    ["its revocation by an administrator", async ({ world, apiKey }) => administer(world, "revokeApiKey", apiKey.id)],
    ["the deletion of its user", async ({ world, jane }) => administer(world, "deleteUser", jane.id)],
    ["a password that an administrator voids", async ({ world, jane }) => administer(world, "voidPassword", jane.id)],
    ["a user who is disabled", async ({ world, jane }) => administer(world, "disableUser", jane.id)],
  ] satisfies [string, (given: Awaited<ReturnType<typeof createWithKey>>) => Promise<unknown>][])(
    "with %s, and its tokens within a minute",
    async (_, end) => {
      const given = await createWithKey();
      const { access_token } = (await given.exchange()).json;
      expect((await given.verify({ apiKeys: true }, access_token)).ok).toBe(true);

      await end(given);

      expect((await given.verify()).code).toBe("unauthenticated");
      expect(told(await given.exchange())).toEqual([401, "invalid_api_key"]);
      expect((await given.verify({ apiKeys: true, tier: "authoritative" }, access_token)).code).toBe("unauthenticated");
      expect((await given.verify({ apiKeys: true }, access_token)).code).toBe("unauthenticated");
    },
  );

  it("not with a session or a password", async () => {
    const { world, token, verify } = await createWithKey();
    const passwords = { old_password: PASSWORD, new_password: "another-horse-7", confirm_password: "another-horse-7" };
    expect((await world.call("POST", "/users/me/password", { token, body: passwords })).status).toBe(200);
    expect((await verify()).ok).toBe(true);
  });

  it.each([
    [
      "a reset",
      "/auth/forgot-password",
      ({ token }: Mail) => ["/auth/reset-password", { token, new_password: "another-horse-7" }],
    ],
    [
      "a mailed code",
      "/auth/login/request-code",
      ({ to, code: otp }: Mail) => ["/auth/login/code", { identifier: to, otp }],
    ],
  ] as const)("with the first proof of an address by %s: somebody else may have made it", async (_, path, prove) => {
    const { world, jane, exchange, verify } = await createWithKey({ LOGIN_METHODS: "password,email_code" });
    const { access_token } = (await exchange()).json;
    await world.flush();
    await world.post(path, { identifier: jane.email });
    await world.flush();
    const [to, body] = prove(await outbox.last());
    expect((await world.post(to as string, body)).status).toBeLessThan(300);
    expect((await verify()).code).toBe("unauthenticated");
    expect((await verify({ apiKeys: true }, access_token)).code).toBe("unauthenticated");
    expect((await dumpTables())["api_keys"]).toEqual([]);
  });

  it("with its tokens a minute later if the denylist fails at first", async () => {
    const { world, token, apiKey, exchange, verify } = await createWithKey();
    const { access_token } = (await exchange()).json;
    const put = async () => Promise.reject(new Error("down"));
    vi.spyOn(console, "error").mockImplementation(() => {});
    const failing = createWorld({ DENYLIST: { ...env.DENYLIST, put } as unknown as KVNamespace });
    expect((await failing.call("DELETE", `/users/me/api-keys/${apiKey.id}`, { token })).status).toBe(204);
    expect((await verify({ apiKeys: true }, access_token)).ok).toBe(true);

    await env.DB.prepare("update denylist_outbox set revoked_at = revoked_at - 60000").run();
    await world.schedule();
    expect((await verify({ apiKeys: true }, access_token)).code).toBe("unauthenticated");
  });

  it("with a scope that the service no longer has", async () => {
    const { world, key } = await createWithKey();
    const OAUTH_SCOPES = JSON.stringify([{ name: "other", description: { en: "Other" } }]);
    const { value } = await call({ env: { ...world.env, OAUTH_SCOPES } }, "verify", key, { apiKeys: true });
    expect(value.scope).toBe("");
  });

  it("while a user has to verify an address", async () => {
    const { world, key } = await createWithKey();
    const env = { ...world.env, REQUIRE_VERIFICATION: "true" };
    expect((await call({ env }, "verify", key, { apiKeys: true })).code).toBe("unauthenticated");
  });

  it("is deleted a month after it expired, and listed until then", async () => {
    const { world, list, login } = await createWithKey();
    await env.DB.prepare("update api_keys set expires_at = ?")
      .bind(Date.now() - 1000)
      .run();
    await world.schedule();
    expect(await list()).toHaveLength(1);
    await env.DB.prepare("update api_keys set expires_at = ?")
      .bind(Date.now() - 31 * 86_400_000)
      .run();
    await world.schedule();
    await login();
    expect((await dumpTables())["api_keys"]).toEqual([]);
  });
});
