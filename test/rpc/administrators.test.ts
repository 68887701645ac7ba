import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { interruptedD1, type Settings } from "../support/bindings.ts";
import { NO_COOLDOWN } from "../support/outbox.ts";
import { disableUsers, enableUsers, insertIdentity, rows } from "../support/rows.ts";
import { administer, type Outcome } from "../support/rpc.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorldWithJane, dumpRows, type World } from "../support/world.ts";

const REASON = "Ticket 4711: the user asked for it.";

/** Jane, an administrator and an owner. Jane has everything that administrators act on. */
async function createStaff(settings: Settings = {}) {
  const { world, jane, login } = await createWorldWithJane({ ...NO_COOLDOWN, ...settings });
  const add = async (name: string, ...roles: string[]): Promise<string> =>
    (await administer(world, "createUser", { email: `${name}@example.com`, roles })).value.id;
  const [admin, owner] = [await add("admin", "admin"), await add("owner", "owner")];
  const by = (administrator: string) => ({ administrator, reason: REASON });
  return { world, jane, login, add, admin, owner, by };
}

const setRoles = (id: string, ...roles: string[]) =>
  env.DB.prepare("update users set roles = ? where id = ?").bind(JSON.stringify(roles), id).run();

/** A code to it is another way in. */
async function verifyEmail(id: string): Promise<string> {
  await env.DB.prepare("update users set email_verified_at = 1 where id = ?").bind(id).run();
  return id;
}

const insertTotp = (id: string) =>
  env.DB.prepare("insert into totps (user_id, secret, created_at, confirmed_at) values (?, 'x', 1, 1)").bind(id).run();

const createClient = async (world: World, first_party: boolean) =>
  (await administer(world, "createClient", { client_name: "Notes", grant_types: ["client_credentials"], first_party }))
    .value.client_id;

type Act = [method: string, prepare: (id: string, world: World) => Promise<unknown[]>];

const onUser = (method: string, ...args: unknown[]): Act => [method, async (id) => [id, ...args]];

/** The acts on an account. Each changes something of an account that is prepared so. */
const ACCOUNT_ACTS: Act[] = [
  onUser("updateUser", { first_name: "Jane" }),
  [
    "setVerified",
    async (id, world) => [id, (await administer(world, "listUsers", { query: id })).value.users[0].email, true],
  ],
  onUser("setRoles", ["editor"]),
  onUser("disableUser"),
  ["enableUser", async (id, world) => [id, await administer(world, "disableUser", id)].slice(0, 1)],
  onUser("deleteUser"),
  ["endSessions", async (id) => [id, await insertSession(id)].slice(0, 1)],
  onUser("voidPassword"),
  ["removeFactors", async (id) => [id, await insertTotp(id)].slice(0, 1)],
  [
    "cancelFactorRemoval",
    async (id, world) => [id, await insertTotp(id), await administer(world, "removeFactors", id)].slice(0, 1),
  ],
  ["unlinkIdentity", async (id) => [await verifyEmail(id), await insertIdentity(id)]],
  onUser("sendResetLink"),
  ["revokeApiKey", async (id) => [await insertApiKey(id)]],
];

const insertSession = (id: string) =>
  env.DB.prepare(
    "insert into sessions (id, user_id, amr, generation, created_at, authenticated_at, rotated_at, last_used_at, expires_at) values (?, ?, '[]', 0, 1, 1, 1, 1, 9e15)",
  )
    .bind(crypto.randomUUID(), id)
    .run();

async function insertApiKey(id: string): Promise<string> {
  const key = crypto.randomUUID();
  const insert = "insert into api_keys (id, digest, user_id, name, scopes, created_at) values (?, ?, ?, 'x', '[]', 1)";
  await env.DB.prepare(insert).bind(key, key, id).run();
  return key;
}

/** The other acts. */
const ACTS: Act[] = [
  ...ACCOUNT_ACTS,
  ["createUser", async () => [{ email: "new@example.com" }]],
  [
    "sendDeadMessage",
    async (id, world) => {
      const link = { kind: "password-reset-link", identifier: { kind: "id", value: id } };
      await world.deliver([link], { queue: "gatehouse-messages-dead" });
      return [(await rows("dead_messages"))[0].id];
    },
  ],
  ["createClient", async () => [{ client_name: "Notes", redirect_uris: ["https://notes.example.com/callback"] }]],
  ["updateClient", async (_, world) => [await createClient(world, false), { client_name: "Todos" }]],
  ["rotateClientSecret", async (_, world) => [await createClient(world, false)]],
  ["deleteClient", async (_, world) => [await createClient(world, false)]],
  [
    "createApiKey",
    async (_, world) => [{ client_id: await createClient(world, false), name: "CI", scopes: ["notes:read"] }],
  ],
];

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
});

const lastEventId = async () => Math.max(0, ...(await rows("audit_events")).map(({ id }) => id));

describe("an act of an administrator", () => {
  it.each(ACTS)(
    "%s takes the trips of an act without one, and its events name the administrator",
    async (method, prepare) => {
      const { world, jane, admin, by } = await createStaff();
      const args = await prepare(jane.id, world);
      const [last, messages] = [await lastEventId(), world.sent.length];
      let outcome: Outcome;

      const cost = await world.cost(async () => (outcome = await administer(world, method, ...args, by(admin))));

      expect(outcome).toMatchObject({ ok: true });
      expect(cost.d1).toBe({ sendResetLink: 2, sendDeadMessage: 2 }[method] ?? 1);
      const events = (await rows("audit_events")).filter(({ id }) => id > last);
      const isSilent = /Client|createApiKey/.test(method);
      expect([events.length > 0, world.sent.length >= messages]).toEqual([!isSilent, true]);
      for (const { actor_id, reason, caller } of events)
        expect([actor_id, reason, caller]).toEqual([admin, REASON, "back-office"]);
    },
  );

  it.each(ACTS)(
    "%s changes nothing for a user without the role, or who was disabled or deleted",
    async (method, prepare) => {
      const { world, jane, admin, add, by } = await createStaff();
      const [user, disabled] = [await add("user", "administrator", "editor"), await add("disabled", "admin")];
      await administer(world, "disableUser", disabled);
      const args = await prepare(jane.id, world);
      await setRoles(admin);
      const [before, messages] = [await dumpRows(), world.sent.length];

      for (const id of [user, disabled, admin, jane.id, "nobody"])
        expect(await administer(world, method, ...args, by(id))).toEqual({ ok: false, code: "forbidden" });

      expect([await dumpRows(), world.sent.length]).toEqual([before, messages]);
    },
  );

  it.each(ACTS)(
    "%s is refused to an administrator who was demoted a moment before the change",
    async (method, prepare) => {
      const { world, jane, admin, by } = await createStaff();
      const args = await prepare(jane.id, world);
      const before = await dumpRows();
      // The first trip of this act only reads.
      const trip = method === "sendResetLink" ? 2 : 1;
      const late = { env: { ...world.env, DB: interruptedD1(env.DB, trip, () => setRoles(admin)) } };

      expect(await administer(late, method, ...args, by(admin))).toEqual({ ok: false, code: "forbidden" });

      await setRoles(admin, "admin");
      expect(await dumpRows()).toEqual(before);
    },
  );

  it.each(ACCOUNT_ACTS)("%s on an administrator or an owner needs an owner", async (method, prepare) => {
    const { world, admin, owner, add, by } = await createStaff();
    for (const role of ["admin", "owner"]) {
      const target = await add(`target-${role}`, role);
      const args = await prepare(target, world);
      const before = await dumpRows();
      expect(await administer(world, method, ...args, by(admin))).toEqual({ ok: false, code: "forbidden" });
      expect(await dumpRows()).toEqual(before);
      expect(await administer(world, method, ...args, by(owner))).toMatchObject({ ok: true });
    }
  });

  it("never changes one's own roles, and never disables or deletes oneself", async () => {
    const { world, owner, by } = await createStaff();
    const before = await dumpRows();
    for (const [method, ...args] of [["setRoles", ["owner", "editor"]], ["disableUser"], ["deleteUser"]] as const)
      expect(await administer(world, method, owner, ...args, by(owner))).toMatchObject({ code: "forbidden" });
    expect(await dumpRows()).toEqual(before);
    expect(await administer(world, "endSessions", owner, by(owner))).toEqual({ ok: true });
  });

  it("grants the roles of administrators only as an owner", async () => {
    const { world, jane, admin, owner, by } = await createStaff();
    const before = await dumpRows();
    for (const role of ["admin", "owner"]) {
      const account = { email: `${role}-2@example.com`, roles: ["editor", role] };
      expect(await administer(world, "setRoles", jane.id, [role], by(admin))).toMatchObject({ code: "forbidden" });
      expect(await administer(world, "createUser", account, by(admin))).toMatchObject({ code: "forbidden" });
    }
    expect(await dumpRows()).toEqual(before);
    expect(await administer(world, "setRoles", jane.id, ["admin"], by(owner))).toEqual({ ok: true });
    expect(await administer(world, "setRoles", jane.id, [], by(owner))).toEqual({ ok: true });
    expect(
      await administer(world, "createUser", { email: "o@example.com", roles: ["owner"] }, by(owner)),
    ).toMatchObject({
      ok: true,
    });
  });

  it("on a first-party client, which needs no consent, needs an owner", async () => {
    const { world, admin, owner, by } = await createStaff();
    const [own, other] = [await createClient(world, true), await createClient(world, false)];
    const acts = [
      ["createClient", { client_name: "Notes", redirect_uris: ["https://notes.example.com/"], first_party: true }],
      ["updateClient", other, { first_party: true }],
      ["updateClient", own, { redirect_uris: ["https://notes.example.com/"] }],
      ["updateClient", own, { first_party: false }],
      ["createApiKey", { client_id: own, name: "CI", scopes: ["notes:read"] }],
      ["rotateClientSecret", own],
      ["deleteClient", own],
    ] as [string, ...unknown[]][];
    const before = await dumpRows();
    for (const [method, ...args] of acts)
      expect([method, await administer(world, method, ...args, by(admin))]).toMatchObject([
        method,
        { code: "forbidden" },
      ]);
    expect(await dumpRows()).toEqual(before);
    for (const [method, ...args] of acts)
      expect([method, await administer(world, method, ...args, by(owner))]).toMatchObject([method, { ok: true }]);
  });

  it("leaves one of two owners who demote each other at once", async () => {
    for (let n = 0; n < 10; n++) {
      const { world, owner, add, by } = await createStaff();
      const other = await add(`owner-${n}`, "owner");
      const outcomes = await Promise.all([
        administer(world, "setRoles", owner, [], by(other)),
        administer(world, "setRoles", other, [], by(owner)),
      ]);
      expect(outcomes.map(({ ok }) => ok).sort()).toEqual([false, true]);
      expect((await rows("users")).filter(({ roles }) => roles.includes("owner"))).toHaveLength(1);
      await env.DB.exec("delete from users");
    }
  });

  it.each([
    [{ reason: REASON }, "invalid_request"],
    [{ administrator: "?" }, "invalid_request"],
    [{ administrator: "?", reason: "" }, "invalid_request"],
    [{ administrator: "?", reason: " \u200b" }, "invalid_request"],
    [{ administrator: "?", reason: "x".repeat(501) }, "invalid_request"],
    [{ administrator: "?", reason: "x".repeat(100_000) }, "body_too_large"],
    [{ administrator: "?", reason: "a\0b" }, "malformed_body"],
    [{ administrator: "?", reason: "a\ud800b" }, "malformed_body"],
    [{ administrator: "?", reason: "Line one\nline two" }, "invalid_request"],
    [{ administrator: "?", reason: ["x"] }, "invalid_request"],
    [{ administrator: ["?"], reason: REASON }, "invalid_request"],
    [{ administrator: "?", reason: REASON, roles: ["owner"] }, "invalid_request"],
    ["?", "invalid_request"],
    ["", "invalid_request"],
    [[], "invalid_request"],
    [0, "invalid_request"],
    [false, "invalid_request"],
  ])("by %j is refused with %s, and changes nothing", async (by, code) => {
    const { world, jane, admin } = await createStaff();
    const given =
      typeof by === "object" && "administrator" in by && by.administrator === "?"
        ? { ...by, administrator: admin }
        : by;
    const before = await dumpRows();
    expect(await administer(world, "disableUser", jane.id, given)).toMatchObject({ ok: false, code });
    expect(await dumpRows()).toEqual(before);
  });

  it("without an administrator is one of the calling Worker", async () => {
    const { world, jane } = await createStaff();
    for (const by of [undefined, null]) {
      expect(await administer(world, "disableUser", jane.id, by)).toEqual({ ok: true });
      const { events } = (await administer(world, "listEvents", { id: jane.id })).value;
      expect(events[0]).toMatchObject({ caller: "back-office", administrator: null, reason: null });
      await administer(world, "enableUser", jane.id);
    }
  });

  it("is one of users with the role that ADMIN_ROLE names", async () => {
    const { world, jane, admin, add, by } = await createStaff({ ADMIN_ROLE: "support" });
    const support = await add("support", "support");
    expect(await administer(world, "disableUser", jane.id, by(admin))).toMatchObject({ code: "forbidden" });
    expect(await administer(world, "disableUser", jane.id, by(support))).toEqual({ ok: true });
    // To this service, the other one is a user.
    expect(await administer(world, "disableUser", admin, by(support))).toEqual({ ok: true });
  });

  it("is shown with its reason to administrators and to the user, and its administrator to the former", async () => {
    const { world, jane, login, admin, by } = await createStaff();
    const { access_token } = await login();
    await administer(world, "updateUser", jane.id, { username: "jane2" }, by(admin));

    const { events } = (await administer(world, "listEvents", { id: jane.id })).value;
    for (const event of events.slice(0, 2)) expect(event).toMatchObject({ administrator: admin, reason: REASON });
    expect(events[2]).toMatchObject({ type: "logged_in", administrator: null, reason: null });
    const { json, text } = await world.call("GET", "/users/me/events", { token: access_token });
    expect(json.events[0]).toMatchObject({ by_administrator: true, reason: REASON });
    expect(json.events[2]).toMatchObject({ type: "logged_in", by_administrator: false, reason: null });
    expect(text).not.toContain(admin);
  });

  it("shows its reason on the activity page as text", async () => {
    const { world, jane, admin } = await createStaff();
    const visitor = createVisitor(world);
    await visitor.signIn();
    for (const [reason, shown] of [
      [`<b onclick='x'>"You" & {reason}</b>`, "&lt;b onclick=&#39;x&#39;&gt;&quot;You&quot; &amp; {reason}&lt;/b&gt;"],
      ["  Ticket\u202e 4711 ", "Ticket 4711"],
      ["\u{1f600}".repeat(500), "\u{1f600}".repeat(500)],
    ] as const) {
      await administer(world, "updateUser", jane.id, { first_name: "Jane" }, { administrator: admin, reason });
      const { text } = await visitor.get("/account/activity");
      expect(text).toContain(`By an administrator: ${shown}</p>`);
    }
  });

  it("replaces the oldest event of its type with its own name and reason", async () => {
    const { world, jane, admin, by } = await createStaff();
    for (let n = 0; n < 50; n++) await administer(world, "updateUser", jane.id, { first_name: `${n}` }, by(admin));
    await administer(world, "updateUser", jane.id, { first_name: "Jane" });
    const changes = (await rows("audit_events")).filter(({ type }) => type === "account_changed");
    expect(changes).toHaveLength(50);
    expect(changes.filter(({ actor_id, reason }) => actor_id === null && reason === null)).toHaveLength(1);
  });

  it("is logged with the id of the administrator, and without the reason", async () => {
    const { world, jane, admin, by } = await createStaff();
    const logged = vi.spyOn(console, "info").mockImplementation(() => {});
    await administer(world, "disableUser", jane.id, by(admin));
    const lines = logged.mock.calls.map(([line]) => line as string);
    const line = lines.map((text) => JSON.parse(text)).find(({ event }) => event === "security");
    expect(line).toMatchObject({
      type: "account_disabled",
      user: jane.id,
      caller: "back-office",
      administrator: admin,
    });
    expect(lines.join("")).not.toContain(REASON);
  });
});

describe("identifyAdministrator", () => {
  /** Jane, signed in to the pages, with these roles. */
  async function createPageUser(roles = ["admin"], settings: Settings = {}) {
    const { world, jane } = await createWorldWithJane(settings);
    await setRoles(jane.id, ...roles);
    const visitor = createVisitor(world);
    await visitor.signIn();
    const identify = () => administer(world, "identifyAdministrator", headersOf(visitor));
    return { world, jane, visitor, identify };
  }

  const headersOf = ({ cookies }: { cookies: Map<string, string> }) =>
    new Headers({ cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") });

  it.each(["admin", "owner"])("finds the user with the role %s in one trip", async (role) => {
    const { world, jane, identify } = await createPageUser(["editor", role]);
    let found: Outcome;
    const cost = await world.cost(async () => (found = await identify()));
    expect(found).toEqual({
      ok: true,
      value: {
        id: jane.id,
        username: jane.username,
        display_name: jane.username,
        email: jane.email,
        roles: ["editor", role],
        aal: "aal1",
        has_factor: false,
        authenticated_at: expect.stringMatching(/^20\d\d-.*Z$/),
        fresh: true,
        locale: null,
      },
    });
    expect(cost).toEqual({ d1: 1, kv: 0, queue: 0 });
  });

  it("refuses a user without the role, also one who had it a moment ago", async () => {
    const { jane, identify } = await createPageUser(["administrator", "editor"]);
    expect(await identify()).toEqual({ ok: false, code: "forbidden" });
    await setRoles(jane.id, "admin");
    expect(await identify()).toMatchObject({ ok: true });
    await setRoles(jane.id);
    expect(await identify()).toEqual({ ok: false, code: "forbidden" });
  });

  it("refuses a session that has ended, and a disabled account", async () => {
    const { world, jane, identify } = await createPageUser();
    await disableUsers();
    expect(await identify()).toEqual({ ok: false, code: "unauthenticated" });
    await enableUsers();
    expect(await identify()).toMatchObject({ ok: true });
    await administer(world, "endSessions", jane.id);
    expect(await identify()).toEqual({ ok: false, code: "unauthenticated" });
  });

  it("asks an account with a second factor for it", async () => {
    const { jane, identify } = await createPageUser();
    await insertTotp(jane.id);
    expect(await identify()).toEqual({ ok: false, code: "reauthentication_required", acr: "aal2" });
    await env.DB.exec(`update sessions set amr = '["pwd","otp","mfa"]'`);
    expect(await identify()).toMatchObject({ value: { aal: "aal2", has_factor: true, fresh: true } });
  });

  it("tells a proof that is too old for an act", async () => {
    const { identify } = await createPageUser(["admin"], { REAUTHENTICATION_SECONDS: "120" });
    await env.DB.exec("update sessions set authenticated_at = authenticated_at - 119000");
    expect(await identify()).toMatchObject({ value: { fresh: true } });
    await env.DB.exec("update sessions set authenticated_at = authenticated_at - 2000");
    expect(await identify()).toMatchObject({ value: { fresh: false } });
  });

  it("takes the cookies of the pages, and nothing else", async () => {
    const { world, visitor } = await createPageUser();
    const identify = (...args: unknown[]) => administer(world, "identifyAdministrator", ...args);
    const [access = "", refresh = ""] = ["access_token", "refresh_token"].map((name) =>
      visitor.cookies.get(`__Host-${name}`),
    );
    const bearer = new Headers({ authorization: `Bearer ${access}` });
    const alone = headersOf({ cookies: new Map([["__Host-access_token", access]]) });
    const plain = headersOf({ cookies: new Map(Object.entries({ access_token: access, refresh_token: refresh })) });
    const broken = headersOf({ cookies: new Map([...visitor.cookies, ["__Host-access_token", "x.y.z"]]) });
    const plainObject = { cookie: headersOf(visitor).get("cookie") };
    for (const headers of [undefined, null, {}, [], "x", new Headers(), plainObject, bearer, alone, plain, broken])
      expect(await identify(headers)).toEqual({ ok: false, code: "unauthenticated" });
  });
});
