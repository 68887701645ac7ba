import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { appCode } from "../support/authenticator.ts";
import { outbox } from "../support/outbox.ts";
import { JANE, logIn, people } from "../support/people.ts";
import { count, race } from "../support/race.ts";
import { eventTypes, firstRow, rowCount, rows, verifyEmails } from "../support/rows.ts";
import { createWorld, stopClock } from "../support/world.ts";

const { withApp } = people.jane;
const unspent = async () => (await rows("recovery_codes")).filter(({ spent_at }) => spent_at === null).length;

describe("the code of an authenticator app", () => {
  it("opens one session, also in two sign-ins and of fifty requests at once", async () => {
    const { app, loginToken, prove } = await withApp();
    const before = await rowCount("sessions");
    const code = appCode(app.secret, 1);
    const [one, two] = [await loginToken(), await loginToken()];

    const answers = await race(50, (n) => prove(code, n % 2 ? one : two, { "cf-connecting-ip": `198.51.100.${n}` }));

    expect(count(answers, 200)).toBe(1);
    expect(await rowCount("sessions")).toBe(before + 1);
    expect((await prove(code, one, { "cf-connecting-ip": "203.0.113.9" })).json.code).toBe("invalid_code");
  });

  it("that confirmed the app does not sign in", async () => {
    // A step must not end in between.
    stopClock(Date.now());
    const { app, prove } = await withApp();
    expect((await prove(appCode(app.secret))).json.code).toBe("invalid_code");
  });

  it.each([
    ["one step early", -30_000],
    ["one step late", 30_000],
  ])("is right %s", async (_, difference) => {
    const { app, prove } = await withApp();
    const now = Date.now() + 300_000;
    stopClock(now + difference);
    const code = appCode(app.secret);
    stopClock(now);

    expect((await prove(code)).status).toBe(200);
  });

  it.each(["{a} {b}", "{a}-{b}", "G-{a}{b}", "{a}{b} is your code"])("may be typed as %s", async (typed) => {
    const { app, prove } = await withApp();
    const code = appCode(app.secret, 1);
    expect((await prove(typed.replace("{a}", code.slice(0, 3)).replace("{b}", code.slice(3)))).status).toBe(200);
  });

  it("is right after a change of the pepper, which seals the secret anew", async () => {
    const { app, loginToken } = await withApp();
    const [NEW, OLD] = ["bmV3".repeat(10).concat("bmU"), env.PEPPER];
    const { secret } = await firstRow("totps");
    void (await loginToken());
    const rotated = createWorld({ PEPPER: `${NEW},${OLD}` });
    const prove = async (world: typeof rotated, code: string) =>
      world.post("/auth/login/second-factor", { login_token: (await logIn(world)).json.login_token, code });

    expect((await prove(rotated, appCode(app.secret, 1))).status).toBe(200);
    expect((await firstRow("totps")).secret).not.toBe(secret);
    stopClock(Date.now() + 60_000);
    expect((await prove(createWorld({ PEPPER: NEW }), appCode(app.secret))).status).toBe(200);
  });
});

describe("a recovery code", () => {
  it("signs in once, tells the owner, and leaves nine", async () => {
    const { world, app, prove } = await withApp();
    await verifyEmails();
    const [code = ""] = app.recovery_codes;

    expect((await prove(code.toUpperCase().replace("-", " "))).status).toBe(200);

    expect(await unspent()).toBe(9);
    expect((await prove(code)).json.code).toBe("invalid_code");
    await world.flush();
    const notice = { subject: "A recovery code was used", to: JANE.email };
    expect(await outbox.all()).toContainEqual(expect.objectContaining(notice));
    expect(await eventTypes()).toContain("recovery_code_used");
  });

  it("opens one session of fifty requests at once", async () => {
    const { app, loginToken, prove } = await withApp();
    const [code = ""] = app.recovery_codes;
    const before = await rowCount("sessions");
    const token = await loginToken();

    const answers = await race(50, (n) => prove(code, token, { "cf-connecting-ip": `198.51.100.${n}` }));

    expect([count(answers, 200), await rowCount("sessions"), await unspent()]).toEqual([1, before + 1, 9]);
  });

  it("of an earlier set is wrong", async () => {
    const { app, call, prove } = await withApp();
    const [earlier = ""] = app.recovery_codes;
    const { json } = await call("POST", "/users/me/recovery-codes");

    expect((await prove(earlier)).json.code).toBe("invalid_code");
    expect((await prove(json.recovery_codes[0])).status).toBe(200);
    expect(json.recovery_codes).toHaveLength(10);
  });

  it("is right after a change of the pepper", async () => {
    const { app } = await withApp();
    const rotated = createWorld({ PEPPER: `${"bmV3".repeat(10).concat("bmU")},${env.PEPPER}` });
    const login_token = (await logIn(rotated)).json.login_token;
    const body = { login_token, code: app.recovery_codes[0] };
    expect((await rotated.post("/auth/login/second-factor", body)).status).toBe(200);
  });
});
