import { describe, expect, it } from "vitest";
import { addApp, postTo } from "../support/authenticator.ts";
import { createConsole, REASON } from "../support/console.ts";
import { logIn } from "../support/people.ts";
import { insertIdentity, rowCount, rows } from "../support/rows.ts";
import { administer } from "../support/rpc.ts";
import { mainOf } from "../support/visitor.ts";
import { dumpRows, type World } from "../support/world.ts";

type Console = Awaited<ReturnType<typeof createConsole>>;

const accountOf = async (world: World, id: string) =>
  (await administer(world, "listUsers", { query: id })).value.users.find((user: { id: string }) => user.id === id);

const lastEvent = async (userId: string) => (await rows("audit_events")).filter((row) => row.user_id === userId).at(-1);

const JANE_EMAIL = encodeURIComponent("jane.doe@example.com");

interface Case {
  /** After the page of Jane. */
  path: string;
  fields?: Record<string, string>;
  prepare?: (console: Console) => Promise<unknown>;
  event: string;
  check: (console: Console) => Promise<unknown>;
}

const CASES: Record<string, Case> = {
  disable: {
    path: "/disable",
    event: "account_disabled",
    check: async ({ world }) => expect((await logIn(world)).json.code).toBe("account_disabled"),
  },
  enable: {
    path: "/enable",
    prepare: ({ world, jane }) => administer(world, "disableUser", jane.id),
    event: "account_enabled",
    check: async ({ world }) => expect((await logIn(world)).status).toBe(200),
  },
  "end sessions": {
    path: "/end-sessions",
    prepare: ({ login }) => login(),
    event: "session_revoked",
    check: async ({ jane }) =>
      expect((await rows("sessions")).filter((s) => s.user_id === jane.id && s.revoked_at === null)).toEqual([]),
  },
  "send a reset link": {
    path: "/reset-link",
    prepare: ({ world, jane }) => administer(world, "setVerified", jane.id, "jane.doe@example.com", true),
    event: "reset_link_requested",
    check: async ({ world }) => expect(world.sent).toMatchObject([{ kind: "password-reset-link" }]),
  },
  "void the password": {
    path: "/void-password",
    event: "password_voided",
    check: async ({ world }) => expect((await logIn(world)).status).toBe(401),
  },
  "remove second factors": {
    path: "/remove-factors",
    prepare: async ({ world, login }) => addApp(postTo(world), (await login()).access_token),
    event: "factor_removal_requested",
    check: async () => expect(await rowCount("factor_removals")).toBe(1),
  },
  "cancel the removal of second factors": {
    path: "/keep-factors",
    async prepare({ world, login, jane }) {
      await addApp(postTo(world), (await login()).access_token);
      await administer(world, "removeFactors", jane.id);
    },
    event: "factor_removal_canceled",
    check: async () => expect(await rowCount("factor_removals")).toBe(0),
  },
  "change roles": {
    path: "/roles",
    fields: { roles: " editor, support " },
    event: "roles_changed",
    check: async ({ world, jane }) => expect((await accountOf(world, jane.id)).roles).toEqual(["editor", "support"]),
  },
  "mark an address as verified": {
    path: `/verify?address=${JANE_EMAIL}`,
    event: "email_verified",
    check: async ({ world, jane }) => expect((await accountOf(world, jane.id)).email_verified).toBe(true),
  },
  "mark an address as not verified": {
    path: `/unverify?address=${JANE_EMAIL}`,
    prepare: ({ world, jane }) => administer(world, "setVerified", jane.id, "jane.doe@example.com", true),
    event: "email_unverified",
    check: async ({ world, jane }) => expect((await accountOf(world, jane.id)).email_verified).toBe(false),
  },
  edit: {
    path: "/edit",
    fields: { first_name: "Janet", email: "janet@example.com", phone: "", username: "janedoe" },
    event: "account_changed",
    check: async ({ world, jane }) =>
      expect(await accountOf(world, jane.id)).toMatchObject({
        first_name: "Janet",
        email: "janet@example.com",
        phone: null,
      }),
  },
  delete: {
    path: "/delete",
    event: "account_deleted",
    check: async ({ world, jane }) => expect(await accountOf(world, jane.id)).toBeUndefined(),
  },
};

describe("an administrator can", () => {
  it.each(Object.entries(CASES))("%s, after a question, with a reason that the event keeps", async (_, given) => {
    const { path, fields = {}, prepare, event, check } = given;
    const console = await createConsole();
    const { visitor, act, page, jane, ada, world } = console;
    await prepare?.(console);
    world.sent.length = 0;
    const before = await dumpRows();
    const question = await visitor.get(page + path);
    expect([question.status, mainOf(question.text)]).toEqual([200, expect.stringContaining('name="reason"')]);
    expect(await dumpRows()).toEqual(before);

    const done = await act(page + path, fields);
    expect([done.status, done.location]).toEqual([303, expect.stringMatching(/^\/admin\/users.*\?notice=[a-z-]+$/)]);
    const after = await visitor.get(done.location ?? "");
    expect([after.status, mainOf(after.text)]).toEqual([200, expect.stringContaining('role="status"')]);
    const events = (await rows("audit_events")).filter((row) => row.user_id === jane.id && row.type === event);
    expect(events.at(-1)).toMatchObject({ actor_id: ada.id, reason: REASON.reason });
    await check(console);
  });

  it("add a user, who appears in the list and in a search", async () => {
    const { visitor, act } = await createConsole();
    const refused = await act("/admin/users/create", { email: "not an email", first_name: "Bo" });
    expect([refused.status, mainOf(refused.text)]).toEqual([422, expect.stringContaining("Enter an email address")]);
    expect(mainOf(refused.text)).toContain('value="Bo"');

    const done = await act("/admin/users/create", { email: "bo@example.com", username: "" });
    expect(mainOf((await visitor.get(done.location ?? "")).text)).toContain("The user was added.");
    const found = mainOf((await visitor.get("/admin/users?query=bo%40")).text);
    expect([found.includes("bo@example.com"), found.includes("janedoe")]).toEqual([true, false]);
    expect(mainOf((await visitor.get("/admin/users?query=nobody%40")).text)).toContain("No users found.");
    expect(mainOf((await visitor.get(`/admin/users?query=${"x".repeat(300)}`)).text)).toContain("No users found.");
  });

  it("unlink an identity, but not the only way to sign in", async () => {
    const { visitor, act, page, jane } = await createConsole();
    await insertIdentity(jane.id);
    const [{ id }] = await rows("identities");
    expect(mainOf((await visitor.get(page)).text)).toContain(`/unlink?identity=${id}`);

    expect((await act(`${page}/unlink?identity=${id}&name=x`)).location).toBe(`${page}?notice=unlink`);
    expect(await rowCount("identities")).toBe(0);
    expect((await act(`${page}/unlink?identity=${id}&name=x`)).status).toBe(404);
  });

  it("revoke an API key of a user", async () => {
    const { world, visitor, act, page, login } = await createConsole();
    const body = { name: "Backup", scopes: ["notes:read"], expires_in: 86_400 };
    await world.call("POST", "/users/me/api-keys", { token: (await login()).access_token, body });
    const [{ id }] = await rows("api_keys");
    expect(mainOf((await visitor.get(page)).text)).toMatch(/Backup.*notes:read/s);

    expect((await act(`${page}/revoke-key?key=${id}&name=Backup`)).location).toBe(`${page}?notice=revoke-key`);
    expect(mainOf((await visitor.get(page)).text)).not.toContain("notes:read");
  });

  it("read who acted and why, page by page", async () => {
    const { visitor, act, page, ada, world, login } = await createConsole();
    await act(`${page}/roles`, { roles: "editor", reason: "New job" });
    const shown = mainOf((await visitor.get(page)).text);
    expect(shown).toContain(`href="/admin/users/${ada.id}"`);
    expect(shown).toContain("Reason: New job");

    for (let n = 0; n < 26; n++)
      await world.call("POST", "/auth/logout", { body: { refresh_token: (await login()).refresh_token } });
    const older = /<a class="button secondary small" href="([^"]+)">Older/.exec((await visitor.get(page)).text)?.[1];
    const second = await visitor.get(older?.replaceAll("&amp;", "&") ?? "");
    expect(mainOf(second.text)).toContain("Reason: New job");
    expect(second.text).toContain(">Newer<");
  });
});

describe("an act is refused", () => {
  it.each([
    ["no reason", {}],
    ["an empty reason", { reason: "  " }],
    ["a long reason", { reason: "x".repeat(501) }],
    ["two lines", { reason: "a\nb" }],
  ])("with %s: the form says so and keeps what was typed", async (_, fields) => {
    const { act, page, jane } = await createConsole();
    const typed = { roles: "editor", reason: "", ...fields };

    const { status, text } = await act(`${page}/roles`, typed);
    expect([status, mainOf(text)]).toEqual([422, expect.stringContaining('id="reason-error"')]);
    expect(mainOf(text)).toContain('value="editor"');
    expect((await lastEvent(jane.id)).type).toBe("registered");
  });

  it("on owners and administrators, on oneself, and with a role that only an owner grants", async () => {
    const { world, visitor, act, page, jane, ada } = await createConsole();
    for (const [path, fields] of [
      [`/admin/users/${ada.id}/disable`, {}],
      [`/admin/users/${ada.id}/roles`, { roles: "owner" }],
      [`${page}/roles`, { roles: "admin" }],
    ] as const) {
      const { status, text } = await act(path, fields);
      expect([path, status, mainOf(text)]).toEqual([path, 403, expect.stringContaining("You may not do this.")]);
    }
    await administer(world, "setRoles", jane.id, ["owner"]);
    expect((await act(`${page}/void-password`)).status).toBe(403);
    expect((await logIn(world)).status).toBe(200);
    expect(mainOf((await visitor.get(`/admin/users/${ada.id}`)).text)).not.toContain("Danger zone");
  });

  it("on an unknown user, and an unknown act", async () => {
    const { visitor, act, page } = await createConsole();
    for (const path of ["/admin/users/nobody", "/admin/users/%00", `${page}/constructor`, `${page}/nothing`])
      expect([path, (await visitor.get(path)).status]).toEqual([path, 404]);
    expect((await act("/admin/users/nobody/disable")).status).toBe(404);
  });

  it("if it does not apply anymore", async () => {
    const { act, page } = await createConsole();

    const { status, text } = await act(`${page}/keep-factors`);
    expect([status, mainOf(text)]).toEqual([404, expect.stringContaining("Nothing was changed.")]);
  });
});

it("shows a user and a client without API_KEYS", async () => {
  const { world, visitor, page } = await createConsole({ API_KEYS: "off" });
  const { value } = await administer(world, "createClient", {
    client_name: "Notes",
    redirect_uris: ["https://notes.example.com/callback"],
  });

  expect((await visitor.get(page)).status).toBe(200);
  expect((await visitor.get(`/admin/clients/${value.client_id}`)).status).toBe(200);
});
