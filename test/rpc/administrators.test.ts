import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { interruptedD1 } from "../support/bindings.ts";
import { rows } from "../support/rows.ts";
import { administer, type Outcome } from "../support/rpc.ts";
import { ACCOUNT_ACTS, ACTS, createClient, createStaff, REASON, setRoles } from "../support/staff.ts";
import { dumpRows } from "../support/world.ts";

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
    ["no administrator", { reason: REASON }, "invalid_request"],
    ["no reason", { administrator: "?" }, "invalid_request"],
    ["an empty reason", { administrator: "?", reason: "" }, "invalid_request"],
    ["a blank reason", { administrator: "?", reason: " \u200b" }, "invalid_request"],
    ["a long reason", { administrator: "?", reason: "x".repeat(501) }, "invalid_request"],
    ["a reason of 100 KB", { administrator: "?", reason: "x".repeat(100_000) }, "body_too_large"],
    ["a NUL in the reason", { administrator: "?", reason: "a\0b" }, "malformed_body"],
    ["a lone surrogate in the reason", { administrator: "?", reason: "a\ud800b" }, "malformed_body"],
    ["two lines of reason", { administrator: "?", reason: "Line one\nline two" }, "invalid_request"],
    ["a list as the reason", { administrator: "?", reason: ["x"] }, "invalid_request"],
    ["a list as the administrator", { administrator: ["?"], reason: REASON }, "invalid_request"],
    ["an unknown field", { administrator: "?", reason: REASON, roles: ["owner"] }, "invalid_request"],
    ["a text", "?", "invalid_request"],
    ["an empty text", "", "invalid_request"],
    ["an empty list", [], "invalid_request"],
    ["zero", 0, "invalid_request"],
    ["false", false, "invalid_request"],
  ])("with %s instead of a name and a reason is refused, and changes nothing", async (_, by, code) => {
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
});
