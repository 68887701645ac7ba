import { beforeEach, describe, expect, it } from "vitest";
import { NO_COOLDOWN, outbox, PROVIDERS } from "../support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { logIn } from "../support/people.ts";
import { atOnce } from "../support/race.ts";
import { eventCount, rowCount } from "../support/rows.ts";
import { createWorld, createWorldWithJane, stopClock } from "../support/world.ts";

const EMAIL = "jane.doe@example.com";
const PHONE = "+12025550123";

let start: number;

beforeEach(() => {
  start = Date.now();
  stopClock(start);
});

const at = (seconds: number) => stopClock(start + seconds * 1000);
const arrived = async () => (await outbox.all()).length;
const withheld = () => eventCount("message_withheld");

type World = ReturnType<typeof createWorld>;
const forgot = (world: World, identifier = EMAIL) => world.post("/auth/forgot-password", { identifier });
const requestReset = (world: World, identifier = EMAIL) => world.post("/auth/request-reset", { identifier });
const resend = (world: World, identifier = EMAIL) => world.post("/auth/verify/resend", { identifier });

describe("requested messages", () => {
  it.each([
    ["links", forgot],
    ["reset codes", requestReset],
    ["verification codes", resend],
  ])("are sent once per recipient in the cool-down (%s), and always answer 202", async (_, ask) => {
    const { world } = await createWorldWithJane(PROVIDERS);

    for (let n = 0; n < 4; n++) expect((await ask(world)).status).toBe(202);
    await world.flush();
    expect([await arrived(), await withheld()]).toEqual([1, 3]);

    at(29);
    await ask(world);
    await world.flush();
    expect(await arrived()).toBe(1);
    at(30);
    await ask(world);
    await world.flush();
    expect(await arrived()).toBe(2);
  });

  it("have a budget for links, one for reset codes and one for verification codes", async () => {
    const { world } = await createWorldWithJane(NO_COOLDOWN);
    const ask = async (request: typeof forgot, times: number) => {
      for (let n = 0; n < times; n++) await request(world);
      await world.flush();
    };

    await ask(forgot, 6);
    expect([await arrived(), await withheld()]).toEqual([5, 1]);
    await ask(requestReset, 6);
    expect([await arrived(), await withheld()]).toEqual([10, 2]);
    await ask(resend, 6);
    expect([await arrived(), await withheld()]).toEqual([15, 3]);
  });

  it.each([
    ["a link", forgot],
    ["a reset code", requestReset],
  ])("let %s follow the code of a registration within the cool-down", async (_, ask) => {
    const world = createWorld(PROVIDERS);
    await world.post("/auth/register", { email: EMAIL, password: PASSWORD });
    await world.flush();

    at(5);
    expect((await ask(world, EMAIL)).status).toBe(202);
    await world.flush();

    expect((await outbox.exactly(2)).map(({ to }) => to)).toEqual([EMAIL, EMAIL]);
  });

  it("have a budget for each recipient", async () => {
    const { world } = await createWorldWithJane(PROVIDERS);

    await requestReset(world, EMAIL);
    await requestReset(world, PHONE);
    await world.flush();

    expect((await outbox.all()).map(({ to }) => to)).toEqual([EMAIL, PHONE]);
  });

  it("leave the earlier link valid when they are throttled", async () => {
    const { world } = await createWorldWithJane(PROVIDERS);
    await forgot(world);
    await forgot(world);
    await world.flush();
    const { token } = await outbox.first();

    expect((await world.post("/auth/reset-password", { token, new_password: FRESH_PASSWORD })).status).toBe(204);
  });

  it("are sent to one recipient at most five times in half an hour", async () => {
    const { world } = await createWorldWithJane(NO_COOLDOWN);
    const ask = async (seconds: number) => {
      at(seconds);
      await forgot(world);
      await world.flush();
    };

    await ask(0);
    for (const seconds of [1700, 1730, 1760, 1790]) await ask(seconds);
    expect(await arrived()).toBe(5);
    await ask(1799);
    expect(await arrived()).toBe(5);
    await ask(1800);
    expect(await arrived()).toBe(6);
    await ask(3499);
    expect(await arrived()).toBe(6);
    await ask(3500);
    expect(await arrived()).toBe(7);
  });

  it("are counted once each when many are delivered at once", async () => {
    const { world } = await createWorldWithJane(NO_COOLDOWN);

    await atOnce(20, () => forgot(world));
    await world.flush();

    expect([await arrived(), await withheld(), await rowCount("requested_messages")]).toEqual([5, 15, 5]);
  });

  it("of one account are limited to twenty a day over all addresses", async () => {
    const { world, login } = await createWorldWithJane(NO_COOLDOWN);
    const change = async (from: number, to: number) => {
      const { access_token: token } = await login();
      for (let n = from; n < to; n++) {
        await world.call("POST", "/users/me/email", {
          token,
          body: { email: `new-${n}@example.com`, password: PASSWORD },
        });
      }
      await world.flush();
    };

    await change(0, 25);
    expect([await arrived(), await withheld()]).toEqual([20, 5]);
    await forgot(world);
    await world.flush();
    expect(await arrived()).toBe(21);

    at(86_399);
    await change(25, 26);
    expect(await arrived()).toBe(21);
    at(86_400);
    await change(26, 27);
    expect(await arrived()).toBe(22);
  });

  it("as texts have limits per country and in total, which email does not use up", async () => {
    const limits = { SMS_PER_COUNTRY_AND_DAY: "4", SMS_PER_DAY: "6" };
    const world = createWorld({ ...NO_COOLDOWN, ...limits });
    const phones = ["+12025550101", "+12025550102", "+12025550103", "+201001234567", "+201001234568"];

    await world.post("/auth/register", { email: EMAIL, password: PASSWORD });
    await world.flush();
    for (const phone of phones) await world.post("/auth/register", { phone, password: PASSWORD });
    await world.flush();

    const expected = ["+12025550101", "+12025550102", "+201001234567", EMAIL];
    expect((await outbox.all()).map(({ to }) => to).sort()).toEqual(expected.sort());
    at(86_400);
    await resend(world, "+201001234568");
    await world.flush();
    expect((await outbox.last()).to).toBe("+201001234568");
  });

  it("reach a new account at the address of one that was just deleted, within the budget of the address", async () => {
    const world = createWorld(PROVIDERS);
    const codes: string[] = [];
    const registerAndDelete = async () => {
      expect((await world.post("/auth/register", { email: EMAIL, password: PASSWORD })).status).toBe(201);
      await resend(world);
      await world.flush();
      codes.push((await outbox.last()).code);
      const { json } = await logIn(world, EMAIL);
      const { status } = await world.call("DELETE", "/users/me", { token: json.access_token });
      expect(status).toBe(204);
      // The notice of the deletion would be the last message.
      world.sent.length = 0;
    };

    for (let n = 0; n < 5; n++) await registerAndDelete();
    expect([await arrived(), new Set(codes).size, await withheld()]).toEqual([5, 5, 0]);
    await registerAndDelete();
    expect(await arrived()).toBe(5);
    at(1800);
    await registerAndDelete();
    expect(await arrived()).toBe(6);
  });

  it("are purged by the schedule once they no longer count", async () => {
    const { world } = await createWorldWithJane(PROVIDERS);
    await forgot(world);
    await world.flush();

    at(86_400);
    await world.schedule();
    expect([await rowCount("requested_messages"), await rowCount("one_time_secrets")]).toEqual([1, 1]);
    at(86_401);
    await world.schedule();
    expect([await rowCount("requested_messages"), await rowCount("one_time_secrets")]).toEqual([0, 1]);
    at(600 + 86_401);
    await world.schedule();
    expect(await rowCount("one_time_secrets")).toBe(0);
  });
});

it("notices do not use up the message budget", async () => {
  const { world, login } = await createWorldWithJane(PROVIDERS);
  let { access_token: token } = await login();
  const change = async (old_password: string, new_password: string) => {
    const body = { old_password, new_password };
    token = (await world.call("POST", "/auth/change-password", { token, body })).json.access_token;
  };

  // Five notices, as many as the messages that a recipient may get in half an hour.
  for (let n = 0; n < 2; n++) {
    await change(PASSWORD, FRESH_PASSWORD);
    await change(FRESH_PASSWORD, PASSWORD);
  }
  await change(PASSWORD, FRESH_PASSWORD);
  await forgot(world);
  await world.flush();

  expect([await arrived(), await withheld()]).toEqual([6, 0]);
});
