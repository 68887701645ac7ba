import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { failingD1 } from "./support/bindings.ts";
import { MAIL, received, script } from "./support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD } from "./support/passwords.ts";
import { rows } from "./support/rows.ts";
import { createWorld, createWorldWithJane } from "./support/world.ts";

let logged: string[];
let dead: unknown[];
const DEAD_MESSAGES = { send: async (body: unknown) => void dead.push(body) } as unknown as Queue;

beforeEach(() => {
  [logged, dead] = [[], []];
  vi.spyOn(console, "error").mockImplementation((line: string) => logged.push(line));
});

/** The notice of a change of Jane's password. */
async function changedPassword() {
  const { world, jane, login } = await createWorldWithJane();
  const body = { old_password: PASSWORD, new_password: FRESH_PASSWORD };
  const { status } = await world.call("POST", "/auth/change-password", { token: (await login()).access_token, body });
  expect(status).toBe(200);
  return { jane, messages: world.sent };
}

describe("the queue", () => {
  it.each([
    [1, 5],
    [2, 10],
    [5, 80],
    [10, 2560],
  ])("retries a message that failed %i times after %i seconds", async (attempts, delay) => {
    const { messages } = await changedPassword();
    await script({ status: 500, body: "{}" });

    const { acked, retried } = await createWorld(MAIL).deliver(messages, { attempts });

    expect([acked, retried]).toEqual([[], [delay]]);
    expect(dead).toEqual([]);
  });

  it("waits as long as the provider asks, up to an hour", async () => {
    const { messages } = await changedPassword();
    await script({
      status: 429,
      headers: { "retry-after": "120" },
      body: '{"name":"rate_limit_exceeded","statusCode":429}',
    });

    expect((await createWorld(MAIL).deliver(messages)).retried).toEqual([120]);
    await script({ status: 429, headers: { "retry-after": "99999999" }, body: "{}" });
    expect((await createWorld(MAIL).deliver(messages)).retried).toEqual([3600]);
  });

  it("retries if the database fails", async () => {
    const { messages } = await changedPassword();

    const world = createWorld({ ...MAIL, DB: failingD1(env.DB, 1, "before") });

    expect((await world.deliver(messages)).retried).toEqual([5]);
    expect(await received()).toEqual([]);
  });

  it("moves a message that the provider refuses to the dead letters, and logs no address", async () => {
    const { jane, messages } = await changedPassword();
    await script({ status: 422, body: `{"name":"validation_error","statusCode":422,"message":"${jane.email}"}` });

    const { acked } = await createWorld({ ...MAIL, DEAD_MESSAGES }).deliver(messages);

    const reason = "resend_422_validation_error";
    expect([acked, dead]).toEqual([["message-0"], [{ ...(messages[0] as object), reason }]]);
    expect(logged.map((line) => JSON.parse(line))).toEqual([
      {
        level: "error",
        event: "message_not_sent",
        kind: "notice",
        outcome: "refused",
        reason,
        attempts: 1,
      },
    ]);
  });

  it("gives a message up after ten retries, as wrangler.toml has it, with the reason of the last one", async () => {
    const { messages } = await changedPassword();
    const world = createWorld({ ...MAIL, DEAD_MESSAGES });
    const unpaid = { status: 429, body: '{"name":"daily_quota_exceeded","statusCode":429}' };

    await script(unpaid, unpaid);
    expect(await world.deliver(messages, { attempts: 10 })).toMatchObject({ acked: [], retried: [2560] });
    expect(await world.deliver(messages, { attempts: 11 })).toMatchObject({
      acked: ["message-0"],
      retried: [],
    });

    expect(dead).toEqual([{ ...(messages[0] as object), reason: "resend_429_daily_quota_exceeded" }]);
  });

  it("sends a message that the provider refused with 403 at first, because its domain was new", async () => {
    const { jane, messages } = await changedPassword();
    const world = createWorld({ ...MAIL, MAIL_REPLY_TO: "Help <help@example.com>", DEAD_MESSAGES });
    await script({ status: 403, body: `{"name":"validation_error","statusCode":403,"message":"${jane.email}"}` });

    expect(await world.deliver(messages)).toMatchObject({ acked: [], retried: [5] });
    expect(await world.deliver(messages, { attempts: 2 })).toMatchObject({ acked: ["message-0"], retried: [] });

    const sent = (await received()).map(({ body }) => JSON.parse(body));
    expect(sent).toMatchObject(Array(2).fill({ to: jane.email, reply_to: "Help <help@example.com>" }));
    expect(dead).toEqual([]);
    expect(logged.map((line) => JSON.parse(line).reason)).toEqual(["resend_403_validation_error"]);
  });

  it("moves unreadable messages to the dead letters and handles the rest", async () => {
    const { messages } = await changedPassword();
    const poison = [null, "x", 7, {}, { kind: "canary secret" }, { kind: "notice" }];

    const { acked } = await createWorld({ ...MAIL, DEAD_MESSAGES }).deliver([...poison, ...messages]);

    expect(acked).toHaveLength(poison.length + 1);
    expect(dead).toEqual(
      poison.map((body) => (Object(body) === body ? { ...(body as object), reason: "malformed" } : body)),
    );
    expect(await received()).toHaveLength(1);
    expect(logged.join()).not.toContain("canary");
  });

  it("retries a message that the dead-letter queue rejects", async () => {
    const broken = { send: () => Promise.reject(new Error("queue down")) } as unknown as Queue;

    const { acked, retried } = await createWorld({ DEAD_MESSAGES: broken }).deliver([{ kind: "x" }]);

    expect([acked, retried]).toEqual([[], [5]]);
  });

  it("retries the batch while settings are missing", async () => {
    const { retryBatch } = await createWorld({ ISSUER: "" }).deliver([{ kind: "x" }]);

    expect(retryBatch.retry).toBe(true);
    expect(logged.join()).toContain("ISSUER");
  });

  it("moves messages to the dead letters without a provider outside development", async () => {
    const { messages } = await changedPassword();

    await createWorld({ DEAD_MESSAGES }).deliver(messages);

    expect(dead).toEqual([{ ...(messages[0] as object), reason: "no_provider" }]);
  });
});

describe("the dead-letter queue", () => {
  const queue = "gatehouse-messages-dead";
  const kept = () => rows("dead_messages");

  it("stores each message once, and logs only its kind", async () => {
    const bodies = [{ kind: "password-changed", user_id: "canary", at: 0 }, null, "canary"];
    const world = createWorld();

    const { acked } = await world.deliver(bodies, { queue });
    await world.deliver(bodies, { queue });

    expect(acked).toHaveLength(3);
    expect((await kept()).map(({ body }) => JSON.parse(body))).toEqual(bodies);
    expect(JSON.parse(logged[0]!)).toMatchObject({
      event: "message_not_sent",
      kind: "password-changed",
      outcome: "dead",
    });
    expect(logged.join()).not.toContain("canary");
  });

  it("stores no network of a requester", async () => {
    const kept = { kind: "password-reset-link", identifier: { kind: "username", value: "janedoe" } };

    await createWorld().deliver([{ ...kept, network: "203.0.113.0/24" }], { queue });

    expect((await rows("dead_messages")).map(({ body }) => JSON.parse(body))).toEqual([kept]);
  });

  it("retries if the database fails", async () => {
    const world = createWorld({ DB: failingD1(env.DB, 1, "before") });

    expect(await world.deliver([{ kind: "x" }], { queue })).toMatchObject({ acked: [], retried: [5] });
    expect(await kept()).toEqual([]);
  });
});
