import { describe, expect, it } from "vitest";
import { NO_COOLDOWN, outbox, script } from "../support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { people } from "../support/people.ts";
import { rowCount, verifyAddresses } from "../support/rows.ts";
import { administer } from "../support/rpc.ts";
import { createWorld, createWorldWithJane, stopClock, type World } from "../support/world.ts";

const EMAIL = "jane.doe@example.com";
const PHONE = "+12025550123";

/** Requests a secret for this identifier and returns the message. */
async function requested(world: World, path: string, identifier: string) {
  await world.post(path, { identifier });
  await world.flush();
  return outbox.last();
}

describe("a notice", () => {
  it("of a reset goes to every verified address, not only to the one that did it", async () => {
    const { world } = await createWorldWithJane(NO_COOLDOWN);
    await verifyAddresses();
    const { code: otp } = await requested(world, "/auth/request-reset", PHONE);
    await outbox.clear();
    const body = { identifier: PHONE, otp, new_password: FRESH_PASSWORD };
    expect((await world.post("/auth/verify-reset", body)).status).toBe(204);

    // The first delivery fails for one of the two: only that one is repeated.
    await script({ status: 500, body: "{}" });
    const { retried } = await world.deliver(world.sent);
    expect([retried.length, await rowCount("notices")]).toEqual([1, 1]);
    await world.flush();

    const told = (await outbox.all()).map(({ to }) => to);
    expect(new Set(told)).toEqual(new Set([EMAIL, PHONE]));
    expect(await rowCount("notices")).toBe(0);
  });

  it("is retried for one address even if the other one cannot be reached", async () => {
    const { world } = await createWorldWithJane(NO_COOLDOWN);
    await verifyAddresses();
    const { token } = await requested(world, "/auth/forgot-password", EMAIL);
    const noTexts = createWorld({ ...NO_COOLDOWN, SMS_COUNTRIES: "" });
    await noTexts.post("/auth/reset-password", { token, new_password: FRESH_PASSWORD });

    await script({ status: 500, body: "{}" });
    const { retried } = await noTexts.deliver(noTexts.sent);
    expect([retried.length, await rowCount("notices")]).toEqual([1, 1]);
    await noTexts.deliver(noTexts.sent, { attempts: 2 });

    expect((await outbox.all()).map(({ to }) => to)).toEqual([EMAIL, EMAIL]);
    expect(await rowCount("notices")).toBe(0);
  });

  it("of a deletion goes to verified addresses only: an owner who proved none may have mistyped", async () => {
    const { world, login } = await createWorldWithJane(NO_COOLDOWN);
    const { access_token: token } = await login();
    await world.call("DELETE", "/users/me", { token, body: { password: PASSWORD } });
    await world.flush();

    expect([await outbox.all(), await rowCount("notices")]).toEqual([[], 0]);
  });

  it("of a deletion or a new username by an administrator goes to the owner as well", async () => {
    const { world, jane } = await createWorldWithJane(NO_COOLDOWN);
    await verifyAddresses();
    await administer(world, "updateUser", jane.id, { username: "renamed" });
    await world.flush();
    await administer(world, "deleteUser", jane.id);
    await world.flush();

    const told = (await outbox.all()).map(({ to, subject, text }) => [to, subject || text.split(".")[0]]);
    expect(told[0]).toEqual([EMAIL, "Your username was changed"]);
    expect(new Set(told.slice(1).map(([to]) => to))).toEqual(new Set([EMAIL, PHONE]));
  });

  it("is sent five times a day for one kind of act, so that repeating it floods no mailbox", async () => {
    stopClock(Date.UTC(2026, 0, 1));
    const { world, login } = await createWorldWithJane(NO_COOLDOWN);
    const { access_token: token, refresh_token } = await login();
    const rename = async (from: number, bearer = token) => {
      for (let n = from; n < from + 7; n++)
        await world.call("PATCH", "/users/me", { token: bearer, body: { username: `jane.${n}`, password: PASSWORD } });
      await world.flush();
      return (await outbox.all()).length;
    };

    expect(await rename(1)).toBe(5);
    const change = { old_password: PASSWORD, new_password: FRESH_PASSWORD };
    stopClock(Date.UTC(2026, 0, 2) + 1);
    const { access_token: renewed } = (await world.refresh(refresh_token)).json;
    expect(await rename(10, renewed)).toBe(10);
    await world.call("POST", "/users/me/password", { token: renewed, body: change });
    await world.flush();
    expect(await outbox.all()).toHaveLength(11);
  });
});

it("the notice of a removal of second factors is written each time, unlike other notices", async () => {
  const { world, jane } = await people.jane.withApp();
  await world.flush();
  await outbox.clear();
  for (let n = 0; n < 6; n++) {
    stopClock(Date.now() + 1000);
    await administer(world, "removeFactors", jane.id);
    await administer(world, "cancelFactorRemoval", jane.id);
  }
  await world.flush();
  expect(await outbox.all()).toHaveLength(6);
});
