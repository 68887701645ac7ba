import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { createSignedIn, OK } from "../support/sdk-network.ts";

it("a signed-in user lists the apps with access and removes one", async () => {
  const { client } = await createSignedIn();
  await env.DB.exec(
    "insert into oauth_clients (id, name, auth_method, redirect_uris, grant_types, created_at) values ('notes', 'Notes', 'none', '[]', '[]', 1)",
  );
  await env.DB.exec(
    `insert into oauth_grants (user_id, client_id, resource, scopes, granted_at) select id, 'notes', '', '["openid"]', 1 from users`,
  );

  const permissions = [{ resource: null, scopes: ["openid"], granted_at: "1970-01-01T00:00:00.001Z" }];
  const app = { client_id: "notes", client_name: "Notes", first_party: false, permissions, last_used_at: null };
  expect(await client.grants.list()).toEqual({ ok: true, value: { grants: [app] } });
  expect(await client.grants.revoke("notes")).toEqual(OK);
  expect(await client.grants.list()).toEqual({ ok: true, value: { grants: [] } });
  expect(await client.grants.revoke("notes")).toMatchObject({ ok: false, code: "not_found" });
});
