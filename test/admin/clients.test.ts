import { beforeEach, describe, expect, it, vi } from "vitest";
import { createConsole, REASON } from "../support/console.ts";
import { rowCount, rows } from "../support/rows.ts";
import { administer } from "../support/rpc.ts";
import { mainOf } from "../support/visitor.ts";
import { dumpRows } from "../support/world.ts";

const FIELDS = {
  client_name: "Notes",
  redirect_uris: "https://notes.example.com/callback\nhttp://127.0.0.1/callback",
  post_logout_redirect_uris: "",
  "grant_types.authorization_code": "on",
  token_endpoint_auth_method: "client_secret_basic",
  scopes: "openid email",
  jwks: "",
};

const secretIn = (html: string) => /<p class="key"[^>]*>([^<]+)</.exec(html)?.[1];

async function withClient() {
  const console = await createConsole();
  const { world } = console;
  const { value } = await administer(world, "createClient", {
    client_name: "Notes",
    grant_types: ["client_credentials"],
  });
  return { ...console, client: value, path: `/admin/clients/${value.client_id}` };
}

describe("an administrator", () => {
  it("adds an OAuth client, whose secret is shown once and stored nowhere", async () => {
    const { world, visitor, act } = await createConsole();
    expect(mainOf((await visitor.get("/admin/clients")).text)).toContain("No OAuth clients yet.");

    const created = await act("/admin/clients/create", FIELDS);
    const secret = secretIn(created.text) ?? "";
    expect([created.status, secret.length > 20]).toEqual([200, true]);
    expect([...visitor.cookies.values()].join()).not.toContain(secret);
    expect((await administer(world, "listClients")).value.clients).toMatchObject([
      {
        client_name: "Notes",
        redirect_uris: ["https://notes.example.com/callback", "http://127.0.0.1/callback"],
        grant_types: ["authorization_code"],
        scopes: ["openid", "email"],
        first_party: false,
      },
    ]);
    const [{ client_id }] = (await administer(world, "listClients")).value.clients;
    expect(mainOf((await visitor.get("/admin/clients")).text)).toContain(client_id);
    const page = await visitor.get(`/admin/clients/${client_id}`);
    expect([page.status, secretIn(page.text)]).toEqual([200, undefined]);
  });

  it.each([
    ["redirect_uris", "javascript:alert(1)"],
    ["jwks", "{"],
    ["jwks", '{"keys":[]}'],
    ["scopes", '"'],
    ["client_name", ""],
  ])("reads which field of a client is wrong: %s %s", async (name, value) => {
    const { act } = await createConsole();
    const before = await dumpRows();

    const { status, text } = await act("/admin/clients/create", { ...FIELDS, [name]: value });
    expect([status, mainOf(text)]).toEqual([422, expect.stringContaining(`id="${name}-error"`)]);
    expect(mainOf(text)).toContain("openid email".slice(0, name === "scopes" ? 0 : 12));
    expect(await dumpRows()).toEqual(before);
  });

  it("changes and deletes a client", async () => {
    const { world, visitor, act, path, client } = await withClient();
    expect(mainOf((await visitor.get(`${path}/edit`)).text)).toContain('value="Notes"');
    const edited = await act(`${path}/edit`, {
      ...FIELDS,
      client_name: "Pads",
      "grant_types.client_credentials": "on",
    });
    expect(edited.location).toBe(`${path}?notice=edit`);
    expect((await administer(world, "getClient", client.client_id)).value.client_name).toBe("Pads");

    expect((await act(`${path}/delete`)).location).toBe("/admin/clients?notice=delete");
    expect(mainOf((await visitor.get("/admin/clients?notice=delete")).text)).toContain("The client was deleted.");
    expect((await visitor.get(path)).status).toBe(404);
  });

  it("rotates a secret once, also if the form is sent twice", async () => {
    const { act, path } = await withClient();
    const first = await act(`${path}/rotate`, { before: "" });
    expect(secretIn(first.text)).toBeDefined();
    const before = await dumpRows();

    const again = await act(`${path}/rotate`, { before: "" });
    expect([again.status, secretIn(again.text)]).toEqual([404, undefined]);
    expect(mainOf(again.text)).toContain("The secret was replaced since you opened this page.");
    expect(await dumpRows()).toEqual(before);
  });

  it("revokes an API key of a client", async () => {
    const { world, visitor, act, path, client } = await withClient();
    const key = { client_id: client.client_id, name: "Nightly", scopes: ["notes:read"] };
    const { value } = await administer(world, "createApiKey", key);
    expect(mainOf((await visitor.get(path)).text)).toContain("Nightly");

    expect((await act(`${path}/revoke-key?key=${value.id}&name=Nightly`)).location).toBe(`${path}?notice=revoke-key`);
    expect(await rowCount("api_keys")).toBe(0);
  });

  it("may not add a client of this service without the role owner", async () => {
    const { act } = await createConsole();

    expect((await act("/admin/clients/create", { ...FIELDS, first_party: "on" })).status).toBe(403);
    expect(await rowCount("oauth_clients")).toBe(0);
  });
});

describe("messages that could not be sent", () => {
  beforeEach(() => {
    vi.spyOn(console, "error").mockImplementation(() => {});
  });

  it("are listed with their account, and sent again with a reason", async () => {
    const { world, visitor, act, jane, ada } = await createConsole();
    expect(mainOf((await visitor.get("/admin/messages")).text)).toContain("No unsent messages.");
    const link = { kind: "password-reset-link", identifier: { kind: "id", value: jane.id } };
    await world.deliver([link], { queue: "gatehouse-messages-dead" });
    const list = mainOf((await visitor.get("/admin/messages")).text);
    expect(list).toContain(`href="/admin/users/${jane.id}"`);
    expect(list).toContain("password-reset-link");
    const [{ id }] = await rows("dead_messages");
    expect((await visitor.get(`/admin/messages/${id}/send`)).status).toBe(200);

    const sent = await act(`/admin/messages/${id}/send`);
    expect(sent.location).toBe("/admin/messages?notice=send");
    expect([world.sent, await rowCount("dead_messages")]).toEqual([[expect.objectContaining(link)], 0]);
    const event = (await rows("audit_events")).find(({ type }) => type === "message_resent");
    expect(event).toMatchObject({ actor_id: ada.id, reason: REASON.reason });
    expect((await act(`/admin/messages/${id}/send`)).status).toBe(404);
  });
});
