import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it } from "vitest";
import { addApp, appCode, wrongAppCode } from "../support/authenticator.ts";
import { statuses } from "../support/guesses.ts";
import { outbox, sentBy } from "../support/outbox.ts";
import { asserted } from "../support/passkeys.ts";
import { FRESH_PASSWORD } from "../support/passwords.ts";
import { logIn, people } from "../support/people.ts";
import { atOnce } from "../support/race.ts";
import { eventCount, rows, verifyEmails, verifyPhones } from "../support/rows.ts";
import { administer } from "../support/rpc.ts";
import { stopClock, unlock } from "../support/world.ts";

const { withApp } = people.jane;
const DAY = 86_400_000;

/** Puts this many wrong codes on record, without a lockout. */
const setFailures = (failures: number) =>
  env.DB.prepare("update lockouts set failures = ?, locked_until = 0 where subject like '%/second-factor'")
    .bind(failures)
    .run();

/** The notices of wrong codes that were sent, by their recipients. */
async function alarms(world: { flush(): Promise<void> }): Promise<string[]> {
  await world.flush();
  return (await outbox.all()).filter(({ text }) => /wrong codes/i.test(text)).map(({ to }) => to);
}

describe("wrong codes at the second step", () => {
  it("are reported to every address once they lock it, and again only after a right one", async () => {
    const { world, app, prove, loginToken } = await withApp();
    await verifyPhones();
    await verifyEmails();
    const token = await loginToken();
    for (let n = 0; n < 4; n++) await prove(wrongAppCode(app.secret), token);
    expect(await alarms(world)).toEqual([]);

    await atOnce(20, () => prove(wrongAppCode(app.secret), token));

    expect((await alarms(world)).sort()).toEqual(["+12025550123", "jane.doe@example.com"]);
    expect(await eventCount("second_factor_locked")).toBe(1);
    // The sixth, after the first lockout.
    await setFailures(5);
    await prove(wrongAppCode(app.secret), token);
    expect(await eventCount("second_factor_locked")).toBe(1);

    await unlock();
    expect((await prove(appCode(app.secret, 1), token)).status).toBe(200);
    for (let n = 0; n < 5; n++) await prove(wrongAppCode(app.secret), token);
    expect(await eventCount("second_factor_locked")).toBe(2);
  });

  it("are reported if they are entered inside a session", async () => {
    const { world, app, call } = await withApp();
    for (let n = 0; n < 5; n++) await call("POST", "/users/me/reauthenticate", { code: wrongAppCode(app.secret) });
    expect(await alarms(world)).toEqual(["jane.doe@example.com"]);
  });

  it("do not end their count with the day", async () => {
    const { world, app, prove } = await withApp();
    await prove(wrongAppCode(app.secret));
    await setFailures(98);

    stopClock(Date.now() + 2 * DAY);
    await world.schedule();
    await prove(wrongAppCode(app.secret));

    expect((await rows("lockouts")).map(({ failures }) => failures)).toContain(99);
  });

  it("forget the count of an account that was deleted", async () => {
    const { world, app, prove } = await withApp();
    await prove(wrongAppCode(app.secret));
    await env.DB.exec("delete from users");
    stopClock(Date.now() + 2 * DAY);
    await world.schedule();
    expect(await rows("lockouts")).toEqual([]);
  });
});

describe("a hundred wrong codes", () => {
  async function locked() {
    const jane = await withApp();
    const { app, prove, loginToken, world } = jane;
    await verifyEmails();
    const token = await loginToken();
    await prove(wrongAppCode(app.secret), token);
    await setFailures(99);
    await atOnce(10, () => prove(wrongAppCode(app.secret), token));
    await world.flush();
    return { ...jane, rightCode: (ahead: number) => prove(appCode(app.secret, ahead)), world };
  }

  it("lock the second step for good, at the sign-in and in sessions", async () => {
    const { app, call, rightCode, world } = await locked();

    stopClock(Date.now() + 2 * DAY);
    await world.schedule();
    const answer = await rightCode(0);

    expect([answer.status, answer.json.detail]).toEqual([429, expect.stringContaining("reset")]);
    stopClock(Date.now() - 2 * DAY);
    const inside = await call("POST", "/users/me/reauthenticate", { code: appCode(app.secret, 1) });
    expect(inside.status).toBe(429);
    expect(await alarms(world)).toEqual(["jane.doe@example.com"]);
  });

  it("allow more once the password is reset, after the longest wait", async () => {
    const { world, app, prove } = await locked();
    const sent = await sentBy(world, "/auth/forgot-password", { identifier: "janedoe" });
    const token = sent.map((message) => message.token).find(Boolean);
    await world.post("/auth/reset-password", { token, new_password: FRESH_PASSWORD });
    // The counts of the network, which end sooner.
    await env.DB.exec("delete from lockouts where subject not like '%/second-factor'");
    const signIn = async (code: string) =>
      prove(code, (await logIn(world, "janedoe", FRESH_PASSWORD)).json.login_token);

    expect((await signIn(appCode(app.secret, 1))).status).toBe(429);
    stopClock(Date.now() + 901_000);
    const wrong = await signIn(wrongAppCode(app.secret));
    stopClock(Date.now() + 901_000);
    const right = await signIn(appCode(app.secret, 0));

    expect(statuses([wrong, right])).toEqual([400, 200]);
  });
});

describe("the count of wrong codes", () => {
  it("misses none, also while the guesses of all networks lock the account", async () => {
    const { app, prove, loginToken } = await withApp();
    const token = await loginToken();
    await setFailures(1);
    for (let n = 0; n < 30; n++) {
      await env.DB.exec("update lockouts set locked_until = 0");
      const headers = { "cf-connecting-ip": `198.51.100.${n}` };
      expect((await prove(wrongAppCode(app.secret), token, headers)).status).toBe(400);
    }
    const counts = (await rows("lockouts")).filter(({ subject }) => subject.endsWith("/second-factor"));
    expect(counts.map(({ failures }) => failures)).toEqual([30]);
  });

  it("locks out no passkey, at the sign-in and in a session", async () => {
    const { world, own, post, call } = await people.jane.withPasskey();
    const app = await addApp(post, own.access_token);
    Object.assign(own, { access_token: app.access_token });
    const { login_token } = (await logIn(world)).json;
    const guess = () => world.post("/auth/login/second-factor", { login_token, code: wrongAppCode(app.secret) });
    for (let n = 0; n < 6; n++) await guess();
    await setFailures(99);
    await env.DB.exec("delete from lockouts where subject not like '%/second-factor'");
    await guess();
    await env.DB.exec("delete from lockouts where subject not like '%/second-factor'");

    const options = (await world.post("/auth/login/second-factor/options", { login_token })).json;
    const credential = await asserted(own.passkey, options, own.user_handle);
    expect((await world.post("/auth/login/second-factor", { login_token, credential })).status).toBe(200);
    const inside = (await call("POST", "/users/me/reauthenticate/options")).json;
    const proof = await asserted(own.passkey, inside, own.user_handle);
    expect((await call("POST", "/users/me/reauthenticate", { credential: proof })).status).toBe(200);
  });

  it("ends with the factors that an operator removes", async () => {
    const { world, jane, app, prove } = await withApp();
    await prove(wrongAppCode(app.secret));
    await setFailures(99);
    await prove(wrongAppCode(app.secret));
    await administer(world, "removeFactors", jane.id);
    stopClock(Date.now() + DAY);
    await world.schedule();
    expect((await rows("lockouts")).filter(({ subject }) => subject.endsWith("/second-factor"))).toEqual([]);
  });
});

afterEach(() => stopClock(Date.now()));
