import { describe, expect, it, vi } from "vitest";
import { rows } from "../support/rows.ts";
import { administer } from "../support/rpc.ts";
import { createStaff, REASON } from "../support/staff.ts";
import { createVisitor } from "../support/visitor.ts";

describe("an act of an administrator", () => {
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
