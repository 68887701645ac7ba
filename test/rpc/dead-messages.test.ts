import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { failingD1, interruptedD1 } from "../support/bindings.ts";
import { NO_COOLDOWN, outbox } from "../support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { JANE } from "../support/people.ts";
import { atOnce } from "../support/race.ts";
import { eventTypes, rows } from "../support/rows.ts";
import { administer } from "../support/rpc.ts";
import { createWorld, createWorldWithJane, stopClock } from "../support/world.ts";

const queue = "gatehouse-messages-dead";
const link = (kind: string, value: string) => ({ kind: "password-reset-link", identifier: { kind, value } });
const LINK = link("username", JANE.username);
const UNKNOWN_ACCOUNT = "00000000-0000-4000-8000-000000000000";

interface Listed {
  id: string;
  kind: string;
  reason: string | null;
  user_id: string | null;
  created_at: string;
}

const list = async (world: { env: Env }, page = {}): Promise<Listed[]> =>
  (await administer(world, "listDeadMessages", page)).value.dead_messages;
const send = (world: { env: Env }, id: string) => administer(world, "sendDeadMessage", id);
const ids = async () => (await rows("dead_messages")).map(({ id }) => id);

/** Jane, and messages to her that were given up. */
async function withDead(bodies: unknown[] = [LINK], settings: Partial<Env> = {}) {
  const { world, jane, login } = await createWorldWithJane({ ...NO_COOLDOWN, ...settings });
  await world.deliver(bodies, { queue });
  return { world, jane, login };
}

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
});

describe("listDeadMessages", () => {
  it("has the kind, the account and the time of each message, newest first, and no address", async () => {
    const { world, jane, login } = await createWorldWithJane(NO_COOLDOWN);
    const body = { old_password: PASSWORD, new_password: FRESH_PASSWORD };
    await world.call("POST", "/auth/change-password", { token: (await login()).access_token, body });
    const [notice] = world.sent.splice(0);
    const bodies = [
      link("id", jane.id),
      link("email", JANE.email.toUpperCase()),
      link("phone", JANE.phone),
      LINK,
      link("email", "nobody@example.com"),
      { kind: "email-change", user_id: jane.id, address: "new@example.com" },
      notice,
      { kind: "notice", id: UNKNOWN_ACCOUNT },
      { kind: "A canary" },
      "canary",
      null,
    ];

    await world.deliver(bodies, { queue });

    const listed = await list(world);
    expect(listed.map(({ kind, user_id }) => [kind, user_id]).reverse()).toEqual([
      ...Array(4).fill(["password-reset-link", jane.id]),
      ["password-reset-link", null],
      ["email-change", jane.id],
      ["password-changed", jane.id],
      ["notice", null],
      ...Array(3).fill(["unknown", null]),
    ]);
    expect(listed.map(({ id }) => id)).toEqual((await ids()).reverse());
    expect(listed[0]?.created_at).toMatch(/^\d{4}-.+Z$/);
    expect(JSON.stringify(listed)).not.toMatch(/@|canary|\+1202|janedoe/);
  });

  it("has the reason of each message, unless another Worker made it up", async () => {
    const reasons = ["resend_422_validation_error", "canary@example.com", 7, undefined];
    const { world } = await withDead(reasons.map((reason) => ({ ...LINK, reason })));

    const listed = await list(world);
    expect(listed.map(({ reason }) => reason).reverse()).toEqual([reasons[0], null, null, null]);
    expect(await send(world, listed.at(-1)?.id ?? "")).toEqual({ ok: true });
    await world.flush();
    expect(await outbox.all()).toHaveLength(1);
  });

  it("lists in pages", async () => {
    const { world } = await withDead([LINK, LINK, LINK]);
    const [newest, middle, oldest] = (await ids()).reverse();

    const { value } = await administer(world, "listDeadMessages", { limit: 2 });
    const next = await administer(world, "listDeadMessages", { limit: 2, cursor: value.next_cursor });

    expect(value.dead_messages.map(({ id }: Listed) => id)).toEqual([newest, middle]);
    expect(next.value).toMatchObject({ dead_messages: [{ id: oldest }], next_cursor: null });
  });

  it.each([{ limit: 0 }, { limit: 101 }, { limit: "1" }, { cursor: "x" }, { cursor: "-1" }, { all: true }, 7])(
    "refuses %j",
    async (page) => {
      expect((await administer(createWorld(), "listDeadMessages", page)).code).toBe("invalid_request");
    },
  );
});

describe("sendDeadMessage", () => {
  it("queues the message, which gets a new link, deletes it and leaves an event", async () => {
    const { world, jane } = await withDead();
    const [id = ""] = await ids();

    expect(await send(world, id)).toEqual({ ok: true });

    expect(world.sent).toEqual([LINK]);
    expect(await ids()).toEqual([]);
    expect((await administer(world, "listEvents", { id: jane.id })).value.events[0]).toMatchObject({
      type: "message_resent",
      caller: "back-office",
    });
    await world.flush();
    const { token } = await outbox.only();
    const reset = await world.post("/auth/reset-password", { token, new_password: FRESH_PASSWORD });
    expect(reset.status).toBe(204);
  });

  it("counts what it sends against the budgets of the recipient", async () => {
    const { world } = await withDead(Array(7).fill(LINK));

    for (const id of await ids()) expect(await send(world, id)).toEqual({ ok: true });
    await world.flush();

    expect(await outbox.all()).toHaveLength(5);
    expect(await eventTypes()).toContain("message_withheld");
  });

  it("drops a message whose account is gone, and leaves no event", async () => {
    const { world, jane } = await withDead([
      { kind: "email-change", user_id: UNKNOWN_ACCOUNT, address: "a@example.com" },
    ]);
    const [id = ""] = await ids();

    expect(await send(world, id)).toEqual({ ok: true });
    await world.flush();

    expect(await outbox.all()).toEqual([]);
    expect((await rows("audit_events")).every(({ user_id }) => user_id === jane.id)).toBe(true);
  });

  it("sends once if several ask at the same time", async () => {
    const { world } = await withDead();
    const [id = ""] = await ids();

    const answers = await atOnce(5, () => send(world, id));

    expect(answers.map(({ ok, code }) => code ?? ok).sort()).toEqual([...Array(4).fill("not_found"), true].sort());
    expect(world.sent).toEqual([LINK]);
    expect((await eventTypes()).filter((type) => type === "message_resent")).toHaveLength(1);
  });

  it("sends once if another lists and sends it in the meantime", async () => {
    const { world } = await withDead();
    const [id = ""] = await ids();
    const meanwhile = async () => {
      const [claimed] = await list(world);
      expect((await send(world, claimed?.id ?? "")).code).toBe("not_found");
    };

    // Between the claim and the deletion.
    const slow = createWorld({ DB: interruptedD1(env.DB, 2, meanwhile) });
    expect(await send(slow, id)).toEqual({ ok: true });

    expect([...slow.sent, ...world.sent]).toEqual([LINK]);
    expect(await ids()).toEqual([]);
  });

  it("keeps the message under its id if the queue does not take it", async () => {
    const { world } = await withDead();
    const [id = ""] = await ids();
    const MESSAGES = { send: () => Promise.reject(new Error("queue down")) } as unknown as Queue;

    expect((await send(createWorld({ MESSAGES }), id)).code).toBe("messages_unavailable");

    expect(await ids()).toEqual([id]);
    expect(await eventTypes()).not.toContain("message_resent");
    expect(await send(world, id)).toEqual({ ok: true });
  });

  it.each([
    [1, "before"],
    [1, "after"],
    [2, "before"],
    [2, "after"],
  ] as const)("loses nothing if trip %i to the database fails %s its commit", async (n, when) => {
    const { world } = await withDead();
    const [id = ""] = await ids();
    const broken = createWorld({ DB: failingD1(env.DB, n, when) });

    expect((await send(broken, id)).code).toBe("storage_unavailable");

    const [kept] = await ids();
    expect(broken.sent.length > 0 || kept !== undefined).toBe(true);
    if (kept === undefined) return;
    stopClock(Date.now() + 60_000);
    expect(await send(world, kept)).toEqual({ ok: true });
    expect(world.sent).toEqual([LINK]);
    expect(await ids()).toEqual([]);
  });

  it.each(["x", "", "claimed-x", "claimed-0-x"])("answers not_found for %j", async (id) => {
    const { world } = await withDead();

    expect((await send(world, id)).code).toBe("not_found");
    expect([world.sent, (await ids()).length]).toEqual([[], 1]);
  });
});
