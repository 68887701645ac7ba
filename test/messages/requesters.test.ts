import { beforeEach, describe, expect, it } from "vitest";
import { NO_COOLDOWN, outbox, PROVIDERS } from "../support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { JANE, NEW } from "../support/people.ts";
import { eventCount, rows } from "../support/rows.ts";
import { administer } from "../support/rpc.ts";
import { createWorld, createWorldWithJane, stopClock, type World } from "../support/world.ts";

const PATHS = { link: "/auth/forgot-password", code: "/auth/request-reset", verification: "/auth/verify/resend" };
const KINDS = [
  ["password-reset-link", PATHS.link],
  ["password-reset-code", PATHS.code],
  ["verification", PATHS.verification],
] as const;

let start: number;

beforeEach(() => {
  start = Date.now();
  stopClock(start);
});

const at = (seconds: number) => stopClock(start + seconds * 1000);
const arrived = async () => (await outbox.all()).length;

/** Requests a message from this address. */
const ask = (world: World, path: string, ip = "203.0.113.1") =>
  world.post(path, { identifier: JANE.email }, { "cf-connecting-ip": ip });

/** Requests messages from networks all over the world until none is sent any more. */
async function flood(world: World, path: string) {
  for (let n = 0; n < 25; n++) {
    at(n * 1800);
    await ask(world, path, `198.51.${n}.1`);
    await world.flush();
  }
  expect(await eventCount("message_withheld")).toBe(5);
  await outbox.clear();
}

/** Delivers a message to Jane that came with a device token. */
const askAsOwner = (world: World, kind: string, user_id: string, credential_version = 0) =>
  world.deliver(
    [{ kind, identifier: { kind: "email", value: JANE.email }, trusted: { user_id, credential_version } }],
    { id: crypto.randomUUID(), timestamp: new Date() },
  );

const reset = async (world: World, token: string) =>
  (await world.post("/auth/reset-password", { token, new_password: FRESH_PASSWORD })).status;

describe.each(KINDS)("a %s", (kind, path) => {
  it("that the owner requests is sent although strangers have used up their budget", async () => {
    const { world, jane } = await createWorldWithJane(PROVIDERS);
    await flood(world, path);
    await ask(world, path, "192.0.2.1");
    await world.flush();
    expect(await arrived()).toBe(0);

    await askAsOwner(world, kind, jane.id);

    expect((await outbox.only()).to).toBe(JANE.email);
  });

  it("counts as a stranger's with a device token of another account or of older credentials", async () => {
    const { world, jane } = await createWorldWithJane(PROVIDERS);
    await flood(world, path);

    await askAsOwner(world, kind, crypto.randomUUID());
    await askAsOwner(world, kind, jane.id, 1);

    expect(await arrived()).toBe(0);
  });

  it("that the owner requests has a budget too", async () => {
    const { world, jane } = await createWorldWithJane(NO_COOLDOWN);

    for (let n = 0; n < 6; n++) await askAsOwner(world, kind, jane.id);

    expect(await arrived()).toBe(5);
  });

  it("that one network requests leaves a part of the budget to others", async () => {
    const { world } = await createWorldWithJane(NO_COOLDOWN);

    for (let n = 1; n < 10; n++) await ask(world, path, `203.0.113.${n}`);
    await world.flush();
    expect(await arrived()).toBe(3);
    for (let n = 1; n < 10; n++) await ask(world, path, `2001:db8:1:${n}::1`);
    await world.flush();
    expect(await arrived()).toBe(5);
    expect((await rows("requested_messages")).map(({ network }) => network).sort()).toEqual([
      "2001:db8:1::/48",
      "2001:db8:1::/48",
      "203.0.113.0/24",
      "203.0.113.0/24",
      "203.0.113.0/24",
    ]);
  });
});

it("an owner's link stays valid when strangers request newer ones", async () => {
  const { world, jane } = await createWorldWithJane(NO_COOLDOWN);
  await askAsOwner(world, "password-reset-link", jane.id);
  const { token } = await outbox.only();

  at(1);
  for (const path of Object.values(PATHS)) await ask(world, path);
  await world.flush();

  expect(await arrived()).toBe(4);
  expect(await reset(world, token)).toBe(204);
});

it("an owner's link is sent although a stranger has requested a newer one", async () => {
  const { world, jane } = await createWorldWithJane(NO_COOLDOWN);
  at(1);
  await ask(world, PATHS.link);
  await world.flush();

  at(0);
  await askAsOwner(world, "password-reset-link", jane.id);

  const [, own] = await outbox.exactly(2);
  expect(await reset(world, own.token)).toBe(204);
});

it("an owner's newer link voids a stranger's", async () => {
  const { world, jane } = await createWorldWithJane(NO_COOLDOWN);
  await ask(world, PATHS.link);
  await world.flush();
  at(1);
  await askAsOwner(world, "password-reset-link", jane.id);

  const [first, second] = await outbox.exactly(2);
  expect([await reset(world, first.token), await reset(world, second.token)]).toEqual([400, 204]);
});

describe("an administrator's link", () => {
  it("is sent whatever strangers and the owner have requested", async () => {
    const { world, jane } = await createWorldWithJane(PROVIDERS);
    await flood(world, PATHS.link);
    await askAsOwner(world, "password-reset-link", jane.id);
    await outbox.clear();

    for (let n = 0; n < 30; n++) expect(await administer(world, "sendResetLink", jane.id)).toEqual({ ok: true });
    await world.flush();

    expect(await arrived()).toBe(30);
    expect(await reset(world, (await outbox.last()).token)).toBe(204);
  });

  it("uses up no budget", async () => {
    const { world, jane } = await createWorldWithJane(PROVIDERS);
    await administer(world, "sendResetLink", jane.id);
    await ask(world, PATHS.link);
    await world.flush();
    await askAsOwner(world, "password-reset-link", jane.id);

    expect(await arrived()).toBe(3);
  });

  it("stays valid when strangers or the owner request newer ones", async () => {
    const { world, jane } = await createWorldWithJane(NO_COOLDOWN);
    await administer(world, "sendResetLink", jane.id);
    await world.flush();
    const { token } = await outbox.only();

    at(1);
    await ask(world, PATHS.link);
    await world.flush();
    await askAsOwner(world, "password-reset-link", jane.id);

    expect(await arrived()).toBe(3);
    expect(await reset(world, token)).toBe(204);
  });

  it("goes to the address that the account has when it is sent", async () => {
    const { world, jane } = await createWorldWithJane(PROVIDERS);
    await administer(world, "sendResetLink", jane.id);
    const changed = await administer(world, "updateUser", jane.id, { email: NEW.email });
    expect(changed.ok).toBe(true);
    const taken = await world.post("/auth/register", { email: JANE.email, password: PASSWORD });
    expect(taken.status).toBe(201);
    world.sent.splice(1);
    await world.flush();

    expect((await outbox.only()).to).toBe(NEW.email);
  });
});

it("registrations with a taken address do not use up the address changes of its owner", async () => {
  const { world, login } = await createWorldWithJane({ ...NO_COOLDOWN, REQUIRE_VERIFICATION: "true" });
  await administer(world, "setVerified", (await rows("users"))[0].id, JANE.email, true);
  const { access_token: token } = await login();
  for (let n = 0; n < 25; n++) {
    at(n * 1800);
    await world.post("/auth/register", { email: JANE.email, password: PASSWORD });
    await world.flush();
  }
  expect(await arrived()).toBe(20);
  await outbox.clear();

  at(0);
  await world.call("POST", "/users/me/email", { token, body: { email: NEW.email, password: PASSWORD } });
  await world.flush();

  expect((await outbox.only()).to).toBe(NEW.email);
});

it("a request from loopback is counted without a network", async () => {
  const { world } = await createWorldWithJane(NO_COOLDOWN);

  for (const ip of ["127.0.0.1", "::1"]) await ask(world, PATHS.link, ip);
  await world.flush();

  expect((await rows("requested_messages")).map(({ network }) => network)).toEqual([null, null]);
});

it("a message that is queued by an older version, without a network, is sent", async () => {
  const { world } = await createWorldWithJane(PROVIDERS);

  await createWorld(world.env).deliver([
    { kind: "password-reset-link", identifier: { kind: "email", value: JANE.email } },
  ]);

  expect((await outbox.only()).to).toBe(JANE.email);
});
