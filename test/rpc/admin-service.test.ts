import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { AdminService } from "../../src/index.ts";
import { NO_COOLDOWN, outbox, PROVIDERS } from "../support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { logIn } from "../support/people.ts";
import { administer, call } from "../support/rpc.ts";
import { createWorld, createWorldWithJane, dumpRows, sidOf } from "../support/world.ts";

const METHODS = ["disableUser", "enableUser", "deleteUser", "endSessions", "voidPassword", "sendResetLink"];

const eventsOf = async (world: { env: Env }, id: string) =>
  (await administer(world, "listEvents", { id })).value.events.map(
    ({ type, caller }: { type: string; caller: string | null }) => [type, caller],
  );

describe("AdminService", () => {
  it("has only the listed methods and never returns a password", async () => {
    const { world, jane } = await createWorldWithJane();

    const names = Object.getOwnPropertyNames(AdminService.prototype);
    const others = `
      createUser updateUser setVerified listUsers listEvents listAllEvents setRoles
      removeFactors cancelFactorRemoval identifyAdministrator listIdentities unlinkIdentity
      listDeadMessages sendDeadMessage createClient listClients getClient updateClient
      rotateClientSecret deleteClient createApiKey listApiKeys revokeApiKey`
      .trim()
      .split(/\s+/);
    expect(names.sort()).toEqual(["constructor", ...others, ...METHODS].sort());
    const { value } = await administer(world, "listUsers");
    expect(value).toEqual({ users: [{ ...jane, disabled_at: null }], next_cursor: null });
    expect(JSON.stringify(value)).not.toMatch(/scrypt|password/);
  });

  it("disables an account, ends its sessions and enables it again", async () => {
    const { world, jane, login } = await createWorldWithJane();
    const { access_token, refresh_token } = await login();

    expect(await administer(world, "disableUser", jane.id)).toEqual({ ok: true });
    expect(await administer(world, "disableUser", jane.id)).toEqual({ ok: true });
    expect(await env.DENYLIST.get(`sid:${sidOf(access_token)}`)).not.toBeNull();
    const refused = await logIn(world);
    expect([refused.status, refused.json.code]).toEqual([403, "account_disabled"]);

    expect(await administer(world, "enableUser", jane.id)).toEqual({ ok: true });
    expect(await administer(world, "enableUser", jane.id)).toEqual({ ok: true });
    expect((await world.refresh(refresh_token)).status).toBe(401);
    expect((await world.me(access_token)).status).toBe(401);
    expect((await login()).access_token).toBeDefined();
    expect(await eventsOf(world, jane.id)).toEqual([
      ["logged_in", null],
      ["account_enabled", "back-office"],
      ["login_failed", null],
      ["session_revoked", "back-office"],
      ["account_disabled", "back-office"],
      ["logged_in", null],
      ["registered", null],
    ]);
  });

  it("voids the links and codes of a disabled account, also after it is enabled again", async () => {
    const { world, jane } = await createWorldWithJane(NO_COOLDOWN);
    await world.post("/auth/forgot-password", { identifier: "janedoe" });
    await world.flush();
    const { token } = await outbox.first();

    await administer(world, "disableUser", jane.id);
    expect((await administer(world, "sendResetLink", jane.id)).code).toBe("not_found");
    await administer(world, "enableUser", jane.id);

    const new_password = FRESH_PASSWORD;
    expect((await world.post("/auth/reset-password", { token, new_password })).status).toBe(400);
  });

  it("ends every session of an account", async () => {
    const { world, jane, login } = await createWorldWithJane();
    const tokens = [await login(), await login()];

    expect(await administer(world, "endSessions", jane.id)).toEqual({ ok: true });
    for (const { refresh_token, access_token } of tokens) {
      expect((await world.refresh(refresh_token)).status).toBe(401);
      expect(await env.DENYLIST.get(`sid:${sidOf(access_token)}`)).not.toBeNull();
    }
    expect(await administer(world, "endSessions", jane.id)).toEqual({ ok: true });
  });

  it("deletes an account and keeps its events", async () => {
    const { world, jane, login } = await createWorldWithJane();
    const { access_token, refresh_token } = await login();

    expect(await administer(world, "deleteUser", jane.id)).toEqual({ ok: true });
    expect((await administer(world, "deleteUser", jane.id)).code).toBe("not_found");
    expect((await world.refresh(refresh_token)).status).toBe(401);
    expect(await env.DENYLIST.get(`sid:${sidOf(access_token)}`)).not.toBeNull();
    expect((await eventsOf(world, jane.id))[0]).toEqual(["account_deleted", "back-office"]);
  });

  it("sets roles: at once in the database, in access tokens after the next refresh", async () => {
    const { world, jane, login } = await createWorldWithJane();
    const { access_token, refresh_token } = await login();
    const rolesOf = async (token: string, tier: string) => (await call(world, "verify", token, { tier })).value.roles;
    expect(await rolesOf(access_token, "local")).toEqual([]);

    const roles = ["editor", "billing:read", "editor"];
    expect(await administer(world, "setRoles", jane.id, roles)).toEqual({ ok: true });

    expect(await rolesOf(access_token, "local")).toEqual([]);
    expect(await rolesOf(access_token, "authoritative")).toEqual(["billing:read", "editor"]);
    const refreshed = (await world.refresh(refresh_token)).json.access_token;
    expect(await rolesOf(refreshed, "local")).toEqual(["billing:read", "editor"]);
    expect(await rolesOf((await login()).access_token, "local")).toEqual(["billing:read", "editor"]);
    expect((await world.me(refreshed)).json.roles).toEqual(["billing:read", "editor"]);
    expect((await eventsOf(world, jane.id)).map(([type]: [string]) => type)).toContain("roles_changed");
    expect(await administer(world, "setRoles", jane.id, [])).toEqual({ ok: true });
    expect((await world.me(refreshed)).json.roles).toEqual([]);
  });

  it.each([undefined, null, "editor", [1], [""], ["Editor"], ["a b"], Array(21).fill("editor"), { 0: "editor" }])(
    "refuses %j as roles",
    async (roles) => {
      const { world, jane } = await createWorldWithJane();

      expect((await administer(world, "setRoles", jane.id, roles)).code).toBe("invalid_request");
      expect((await administer(world, "setRoles", "nobody", ["editor"])).code).toBe("not_found");
    },
  );

  it("is the only way to set a role", async () => {
    const { world, login } = await createWorldWithJane();
    const { access_token: token } = await login();

    expect((await world.call("PATCH", "/users/me", { token, body: { roles: ["admin"] } })).status).toBe(422);
    const body = { email: "john@example.com", password: PASSWORD, roles: ["admin"] };
    expect((await world.post("/auth/register", body)).status).toBe(422);
  });

  it("sends a reset link only to the account's own email address", async () => {
    const { world, jane } = await createWorldWithJane(PROVIDERS);
    const phoneOnly = (await world.post("/auth/register", { phone: "+12025550177", password: PASSWORD })).json;
    world.sent.length = 0;

    expect(await administer(world, "sendResetLink", jane.id)).toEqual({ ok: true });
    expect((await administer(world, "sendResetLink", phoneOnly.id)).code).toBe("not_found");
    await world.flush();
    const mail = await outbox.first();
    expect([mail.to, mail.token.length, (await outbox.all()).length]).toEqual([jane.email, 43, 1]);
    expect(await eventsOf(world, jane.id)).toContainEqual(["reset_link_requested", "back-office"]);
  });

  it("lists users in pages, by a prefix of an identifier", async () => {
    const { world, jane } = await createWorldWithJane();
    for (let n = 0; n < 7; n++) {
      await env.DB.prepare("insert into users (id, email, created_at, updated_at) values (?, ?, 1, 1)")
        .bind(`0000000${n}-0000-4000-8000-000000000000`, `user-${n}@example.com`)
        .run();
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const { value } = await administer(world, "listUsers", { limit: 3, ...(cursor && { cursor }) });
      seen.push(...value.users.map(({ id }: { id: string }) => id));
      cursor = value.next_cursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual([...new Set(seen)].sort());
    expect(seen).toHaveLength(8);

    for (const query of ["JANE.doe@", "janed", "+1202", jane.id.slice(0, 10)]) {
      const { value } = await administer(world, "listUsers", { query });
      expect([query, value.users.map(({ id }: { id: string }) => id)]).toEqual([query, [jane.id]]);
    }
    expect((await administer(world, "listUsers", { query: "user-" })).value.users).toHaveLength(7);
    expect((await administer(world, "listUsers", { query: "%" })).value.users).toEqual([]);
  });

  it("lists events in pages", async () => {
    const { world, jane, login } = await createWorldWithJane();
    for (let n = 0; n < 4; n++) await login();

    const first = (await administer(world, "listEvents", { id: jane.id, limit: 3 })).value;
    const rest = (await administer(world, "listEvents", { id: jane.id, cursor: first.next_cursor })).value;
    expect([first.events.length, rest.events.length, rest.next_cursor]).toEqual([3, 2, null]);
  });

  it("lists every event even if times and ids are in different orders", async () => {
    for (const [id, at] of [
      [1001, 100],
      [1002, 200],
      [1003, 300],
      [1004, 300],
      [1005, 50],
    ]) {
      const insert = "insert into audit_events (id, type, created_at, user_id) values (?, 'logged_in', ?, 'u')";
      await env.DB.prepare(insert).bind(id, at).run();
    }
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const page = { id: "u", limit: 2, ...(cursor && { cursor }) };
      const { events, next_cursor } = (await administer(createWorld(), "listEvents", page)).value;
      seen.push(...events.map(({ id }: { id: number }) => id));
      cursor = next_cursor ?? undefined;
    } while (cursor);

    expect(seen).toEqual([1004, 1003, 1002, 1001, 1005]);
  });

  it("logs each act with the account and the calling Worker", async () => {
    const { world, jane } = await createWorldWithJane();
    const logged = vi.spyOn(console, "info").mockImplementation(() => {});
    for (const method of ["setRoles", ...METHODS.filter((name) => name !== "deleteUser"), "deleteUser"]) {
      await administer(world, method, jane.id, ...(method === "setRoles" ? [["editor"]] : []));
    }

    const lines = logged.mock.calls.map(([line]) => JSON.parse(line)).filter(({ event }) => event === "security");
    const types = ["roles_changed", "account_disabled", "account_enabled", "session_revoked", "password_voided"];
    expect(lines.map(({ type }) => type)).toEqual([...types, "reset_link_requested", "account_deleted"]);
    for (const { user, caller } of lines) expect([user, caller]).toEqual([jane.id, "back-office"]);
  });

  it.each([undefined, null, 1, "", {}, [], "x".repeat(65), "nobody"])(
    "refuses %j as an id, and changes nothing",
    async (id) => {
      await createWorldWithJane();
      const before = await dumpRows();

      for (const method of METHODS) {
        const { ok, code } = await administer(createWorld(), method, id);
        expect([method, ok, code]).toEqual([method, false, id === "nobody" ? "not_found" : "invalid_request"]);
      }
      expect(await dumpRows()).toEqual(before);
    },
  );
});
