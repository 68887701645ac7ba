import { env } from "cloudflare:workers";
import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { DEVICE_GRANT } from "../../src/contract/oauth-client.ts";
import { createSignedIn, credentialsOf, refreshAs, register, tokensOf } from "../support/oauth.ts";
import { atOnce } from "../support/race.ts";
import { disableUsers, enableUsers, eventCount } from "../support/rows.ts";
import { administer } from "../support/rpc.ts";
import { dumpRows, stopClock } from "../support/world.ts";

const RESOURCES = { OAUTH_RESOURCES: "https://notes.example/mcp,https://other.example" };
const resource = "https://notes.example/mcp";
const DAY = 86_400_000;

/** A public and a confidential client with tokens for a resource, and a client without. */
async function withTokens(settings: Partial<Env> = RESOURCES) {
  const { world, visitor, login } = await createSignedIn(settings);
  const app = await register(world, { token_endpoint_auth_method: "none" });
  const web = await register(world);
  const more = settings === RESOURCES ? { resource } : {};
  const tokens = [await tokensOf(world, visitor, app, more), await tokensOf(world, visitor, web, more)];
  const clients = [app, web].map((client, n) => ({ ...client, tokens: tokens[n] }));
  return { world, visitor, login, app: clients[0]!, web: clients[1]! };
}

describe("a refresh by a client", () => {
  it("needs no resource, accepts the same one and some of the scopes, and refuses others", async () => {
    const { world, app, web } = await withTokens();
    for (const client of [app, web]) {
      const refresh = (more: Record<string, string>) => refreshAs(world, client, client.tokens.refresh_token, more);
      const before = await dumpRows();
      for (const [more, error] of [
        [{ resource: "https://other.example" }, "invalid_target"],
        [{ resource: "https://evil.test" }, "invalid_target"],
        [{ scope: "openid phone" }, "invalid_scope"],
        [{ scope: "open" }, "invalid_scope"],
        [{ scope: "openid", refresh_token: "x" }, "invalid_grant"],
        [{ refresh_token: "" }, "invalid_grant"],
        [{ refresh_token: client.tokens.access_token }, "invalid_grant"],
      ] as const) {
        const { status, json } = await refresh(more);
        expect([more, status, json.error]).toEqual([more, 400, error]);
      }
      expect(await dumpRows()).toEqual(before);

      const all = "openid profile email offline_access";
      for (const [more, scope] of [
        [{}, all],
        [{ resource }, all],
        [{ resource: `${resource}/` }, all],
        [{ scope: "email openid" }, "email openid"],
        [{ scope: " " }, all],
      ] as const) {
        const { status, json } = await refresh(more);
        expect([more, status, json.scope]).toEqual([more, 200, scope]);
        expect(decodeJwt(json.access_token)).toMatchObject({
          aud: resource,
          scope,
          client_id: client.client.client_id,
        });
        client.tokens.refresh_token = json.refresh_token;
      }
    }
  });

  it("works for its own client alone, and never where users refresh themselves", async () => {
    const { world, visitor, login, app, web } = await withTokens();
    const own = await login();
    const before = await dumpRows();
    const answers = [
      await refreshAs(world, web, app.tokens.refresh_token),
      await refreshAs(world, app, web.tokens.refresh_token),
      await refreshAs(world, app, own.refresh_token),
      await refreshAs(world, { ...web, secret: undefined }, web.tokens.refresh_token),
      await world.refresh(app.tokens.refresh_token),
      await world.form("/auth/refresh", { grant_type: "refresh_token", refresh_token: app.tokens.refresh_token }),
    ];
    expect(answers.map(({ status, json }) => [status, json.error ?? json.code])).toEqual([
      [400, "invalid_grant"],
      [400, "invalid_grant"],
      [400, "invalid_grant"],
      [401, "invalid_client"],
      [401, "invalid_refresh_token"],
      [400, "invalid_grant"],
    ]);
    // Nor does it sign anybody out.
    for (const scope of ["local", "others", "global"] as const) {
      await world.logout({ refresh_token: app.tokens.refresh_token, scope });
    }
    expect(await dumpRows()).toEqual(before);
    expect((await visitor.get("/account")).status).toBe(200);
    expect((await refreshAs(world, app, app.tokens.refresh_token)).status).toBe(200);
  });

  it("keeps all alive that happen at once, in one session", async () => {
    const { world, app } = await withTokens();
    const answers = await atOnce(20, () => refreshAs(world, app, app.tokens.refresh_token));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    for (const { json } of answers) expect((await refreshAs(world, app, json.refresh_token)).status).toBe(200);
    const { results } = await env.DB.prepare(
      "select generation from sessions where client_id is not null order by 1 desc",
    ).all();
    // The first refreshed once by twenty and once again, the second not at all.
    expect(results).toEqual([{ generation: 2 }, { generation: 0 }]);
  });

  it("with a token from before the reuse window ends the session and tells the owner", async () => {
    const start = Date.now();
    stopClock(start);
    const { world, app } = await withTokens();
    const { json } = await refreshAs(world, app, app.tokens.refresh_token);
    stopClock(start + 31_000);
    expect((await refreshAs(world, app, app.tokens.refresh_token)).json.error).toBe("invalid_grant");
    expect((await refreshAs(world, app, json.refresh_token)).json.error).toBe("invalid_grant");
    expect([await eventCount("refresh_token_reused"), world.sent.length]).toEqual([1, 1]);
  });

  it("is refused while the user is disabled, and after the client lost the grant", async () => {
    const { world, app, web } = await withTokens();
    await disableUsers();
    expect((await refreshAs(world, app, app.tokens.refresh_token)).json.error).toBe("invalid_grant");
    await enableUsers();
    const { client_id } = web.client;
    await administer(world, "updateClient", client_id, { grant_types: ["authorization_code"] });
    const before = await dumpRows();
    const { status, json } = await refreshAs(world, web, web.tokens.refresh_token);
    expect([status, json.error, await dumpRows()]).toEqual([400, "unauthorized_client", before]);
    const foreign = await world.form("/oauth/token", {
      ...credentialsOf({ ...web, secret: "wrong" }),
      grant_type: "refresh_token",
      refresh_token: web.tokens.refresh_token,
    });
    expect(foreign.json.error).toBe("invalid_client");
  });

  it("goes on for 30 days without a use with offline_access, and for 7 without", async () => {
    const start = Date.now();
    stopClock(start);
    const { world, visitor, app } = await withTokens();
    const online = await tokensOf(world, visitor, app, { scope: "openid" });
    stopClock(start + 8 * DAY);
    expect((await refreshAs(world, app, online.refresh_token)).json.error).toBe("invalid_grant");
    stopClock(start + 30 * DAY - 1000);
    const { json } = await refreshAs(world, app, app.tokens.refresh_token);
    stopClock(start + 59 * DAY);
    const last = await refreshAs(world, app, json.refresh_token);
    expect(last.status).toBe(200);
    stopClock(start + 90 * DAY);
    expect((await refreshAs(world, app, last.json.refresh_token)).json.error).toBe("invalid_grant");
  });
});

it.each([
  ["openid offline_access", { OAUTH_OFFLINE_MAX_AGE_SECONDS: "864000" }],
  ["openid", { SESSION_MAX_AGE_SECONDS: "864000" }],
])("a client with the scope %s refreshes for as long as %j says, however often it does", async (scope, settings) => {
  const start = Date.now();
  stopClock(start);
  const { world, visitor } = await createSignedIn(settings);
  const client = await register(world);
  const tokens = await tokensOf(world, visitor, client, { scope });
  let token = tokens.refresh_token;
  const statuses: number[] = [];
  for (const days of [4, 8, 10]) {
    stopClock(start + days * DAY);
    const { status, json } = await refreshAs(world, client, token);
    statuses.push(status);
    token = json.refresh_token;
  }
  expect(statuses).toEqual([200, 200, 400]);
});

it.each(["token", "device_authorization"])(
  "a request to /oauth/%s that names several resources, or one twice, gets invalid_target",
  async (endpoint) => {
    const { world, app } = await withTokens();
    const { client_id } = app.client;
    const grant_types = ["refresh_token", DEVICE_GRANT] as const;
    await administer(world, "updateClient", client_id, { grant_types: [...grant_types] });
    const form = { client_id, grant_type: "refresh_token", refresh_token: app.tokens.refresh_token };
    const send = (...resources: string[]) =>
      world.send(`/oauth/${endpoint}`, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams([...Object.entries(form), ...resources.map((each) => ["resource", each])]).toString(),
      });

    const before = await dumpRows();
    for (const resources of [
      [resource, "https://other.example"],
      [resource, resource],
    ]) {
      const { status, json } = await send(...resources);
      expect([status, json.error]).toEqual([400, "invalid_target"]);
    }
    expect(await dumpRows()).toEqual(before);
    expect((await send(resource, "")).status).toBe(200);
  },
);
