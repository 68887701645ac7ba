import { beforeEach, describe, expect, it, vi } from "vitest";
import { NO_COOLDOWN, outbox, PROVIDERS, received, script } from "../support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import type { Scripted } from "../support/provider-server.ts";
import { eventCount, rows, verifyAddresses } from "../support/rows.ts";
import { createWorld, createWorldWithJane, stopClock } from "../support/world.ts";

const EMAIL = "jane.doe@example.com";
const PHONE = "+12025550123";

let logged: string[];
let dead: unknown[];
const DEAD_MESSAGES = { send: async (body: unknown) => void dead.push(body) } as unknown as Queue;

beforeEach(() => {
  [logged, dead] = [[], []];
  vi.spyOn(console, "error").mockImplementation((line: string) => logged.push(line));
});

/** Jane, whose request at this path waits in the queue. */
async function requested(path: string, identifier: string) {
  const { world } = await createWorldWithJane({ ...PROVIDERS, DEAD_MESSAGES });
  await verifyAddresses();
  const { status } = await world.post(path, { identifier });
  const timestamp = new Date();
  const deliver = (attempts: number, w = world) => w.deliver(world.sent, { attempts, id: "m-", timestamp });
  return { world, status, deliver };
}

/** Sets the new password by the message. */
const use = (
  world: ReturnType<typeof createWorld>,
  identifier: string,
  { token, code }: { token: string; code: string },
) =>
  token
    ? world.post("/auth/reset-password", { token, new_password: FRESH_PASSWORD })
    : world.post("/auth/verify-reset", { identifier, otp: code, new_password: FRESH_PASSWORD });

const FAILURES: [string, Scripted][] = [
  ["500", { status: 500, body: "{}" }],
  ["429", { status: 429, headers: { "retry-after": "7" }, body: '{"name":"rate_limit_exceeded","statusCode":429}' }],
  ["502 that is no JSON", { status: 502, body: "<html>" }],
];

describe.each([
  ["a link", "/auth/forgot-password", EMAIL],
  ["a code by mail", "/auth/request-reset", EMAIL],
  ["a code by text", "/auth/request-reset", PHONE],
])("%s", (_, path, identifier) => {
  it.each(FAILURES)("arrives once and works after its provider answered %s for a while", async (_, failure) => {
    const { world, status, deliver } = await requested(path, identifier);
    expect(status).toBe(202);

    await script(failure, failure);
    expect((await deliver(1)).retried).toEqual([failure.status === 429 ? 7 : 5]);
    expect((await deliver(2)).retried).toEqual([10]);
    await outbox.clear();
    expect((await deliver(3)).acked).toHaveLength(1);

    const message = await outbox.only();
    expect(message.to).toBe(identifier);
    expect((await use(world, identifier, message)).status).toBe(204);
    expect(logged.join()).not.toMatch(/jane|2025550123|canary/);
  });

  it("is sent again if its provider hangs or does not listen", async () => {
    const { world, deliver } = await requested(path, identifier);
    const { timeout } = AbortSignal;
    vi.spyOn(AbortSignal, "timeout").mockImplementation(() => timeout.call(AbortSignal, 200));

    await script({ status: 200, hangs: true });
    expect((await deliver(1)).retried).toEqual([5]);
    const nowhere = { RESEND_BASE_URL: "http://127.0.0.1:1", TWILIO_BASE_URL: "http://127.0.0.1:1" };
    const gone = createWorld({ ...world.env, ...nowhere });
    expect((await deliver(2, gone)).retried).toEqual([10]);
    await outbox.clear();
    expect((await deliver(3)).acked).toHaveLength(1);
    expect(await outbox.all()).toHaveLength(1);
  });

  it("arrives with a valid secret if its provider was down longer than its lifetime", async () => {
    const start = Date.now();
    stopClock(start);
    const { world, deliver } = await requested(path, identifier);
    await script({ status: 500, body: "{}" });
    await deliver(1);
    stopClock(start + 2_400_000);
    await deliver(2);

    expect((await use(world, identifier, await outbox.last())).status).toBe(204);
  });

  it("arrives with a valid secret if the pepper was replaced while its provider was down", async () => {
    const { world, deliver } = await requested(path, identifier);
    await script({ status: 500, body: "{}" });
    await deliver(1);
    const rotated = createWorld({ ...world.env, PEPPER: `${"x".repeat(43)},${world.env.PEPPER}` });
    await deliver(2, rotated);

    expect((await use(rotated, identifier, await outbox.last())).status).toBe(204);
  });

  it("is sent with equal content and one idempotency key if it is delivered twice", async () => {
    const { deliver } = await requested(path, identifier);

    await deliver(1);
    await deliver(1);

    const [first, second] = await received();
    if (first?.path === "/emails") expect(first.headers["idempotency-key"]).toBe("m-0");
    expect(second?.body).toBe(first?.body);
    expect(second?.headers["idempotency-key"]).toBe(first?.headers["idempotency-key"]);
    expect(await eventCount("secret_sent")).toBe(1);
  });

  it("becomes a dead letter, logged without an address, if its provider refuses it", async () => {
    const { world, deliver } = await requested(path, identifier);
    await script({ status: 422, body: `{"name":"validation_error","statusCode":422,"message":"${identifier}"}` });

    expect((await deliver(1)).acked).toHaveLength(1);

    const reason = expect.stringMatching(/^[a-z]+_422\w*$/);
    expect(dead).toEqual(world.sent.map((message) => ({ ...(message as object), reason })));
    expect(logged.map((line) => JSON.parse(line))).toMatchObject([{ event: "message_not_sent", outcome: "refused" }]);
    expect(logged.join()).not.toMatch(/jane|2025550123/);
  });

  it("sends and revives nothing if it is redelivered after a newer request", async () => {
    const { world } = await createWorldWithJane(NO_COOLDOWN);
    await world.post(path, { identifier });
    const timestamp = new Date(Date.now() - 1000);
    await script({ status: 500, body: "{}" });
    await world.deliver(world.sent, { id: "old-", timestamp });
    await world.deliver(world.sent, { id: "new-" });
    await outbox.clear();

    expect((await world.deliver(world.sent, { id: "old-", timestamp, attempts: 2 })).acked).toEqual(["old-0"]);
    expect((await world.deliver(world.sent, { id: "older-", timestamp })).acked).toEqual(["older-0"]);

    expect(await outbox.all()).toEqual([]);
    const open = (await rows("one_time_secrets")).filter(({ spent_at }) => spent_at === null);
    expect(open.map(({ id }) => id)).toEqual(["new-0"]);
  });

  it("is not sent to the new owner of its identifier if it is redelivered", async () => {
    const { world, login } = await createWorldWithJane(NO_COOLDOWN);
    await world.post(path, { identifier: "janedoe" });
    const message = { id: "m-", timestamp: new Date() };
    await script({ status: 500, body: "{}" });
    await world.deliver(world.sent, message);
    const body = { username: "jane" };
    await world.call("PATCH", "/users/me", { token: (await login()).access_token, body });
    const mallory = { email: "mallory@example.com", phone: "+12025550166", username: "janedoe", password: PASSWORD };
    expect((await world.post("/auth/register", mallory)).status).toBe(201);
    await outbox.clear();

    await world.deliver(world.sent.slice(0, 1), { ...message, attempts: 2 });

    expect(await outbox.all()).toEqual([]);
  });

  it("sends nothing if it is redelivered after its secret was used", async () => {
    const { world, deliver } = await requested(path, identifier);
    await deliver(1);
    await use(world, identifier, await outbox.first());
    world.sent.pop();
    await outbox.clear();

    await deliver(2);

    expect(await outbox.all()).toEqual([]);
  });
});
