import { env } from "cloudflare:workers";
import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { appCode, wrongAppCode } from "../support/authenticator.ts";
import { failingD1 } from "../support/bindings.ts";
import { statuses } from "../support/guesses.ts";
import { outbox } from "../support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { JANE, logIn, people } from "../support/people.ts";
import { atOnce, count, race } from "../support/race.ts";
import { disableUsers, eventTypes, firstRow, replacePasswords, rowCount, rows, verifyEmails } from "../support/rows.ts";
import { call } from "../support/rpc.ts";
import { createWorld, dumpRows, stopClock } from "../support/world.ts";

const { withApp } = people.jane;
const unspent = async () => (await rows("recovery_codes")).filter(({ spent_at }) => spent_at === null).length;

describe("a sign-in with a second factor", () => {
  it("takes the password, then a code, and says so in the tokens", async () => {
    const { world, app, prove } = await withApp();
    const sessions = await rowCount("sessions");

    const first = await logIn(world);
    expect([first.status, first.json.code, first.json.factors]).toEqual([
      403,
      "second_factor_required",
      ["totp", "recovery_code"],
    ]);
    expect(await rowCount("sessions")).toBe(sessions);

    const second = await prove(appCode(app.secret, 1), first.json.login_token);
    expect(second.status).toBe(200);
    expect(decodeJwt(second.json.access_token)).toMatchObject({ amr: ["pwd", "otp", "mfa"], acr: "aal2" });
    expect((await world.me(second.json.access_token)).status).toBe(200);
    const refreshed = await world.refresh(second.json.refresh_token);
    expect(decodeJwt(refreshed.json.access_token)).toMatchObject({ acr: "aal2" });
  });

  it("by form gets an error of OAuth's dialect with the token", async () => {
    const { world, app, prove } = await withApp();

    const { status, json } = await world.form("/auth/login", { username: "janedoe", password: PASSWORD });

    expect([status, json.error, json.code]).toEqual([403, "mfa_required", "second_factor_required"]);
    expect((await prove(appCode(app.secret, 1), json.login_token)).status).toBe(200);
  });

  it("over a service binding gets the token in the failure", async () => {
    const { world, app } = await withApp();

    const first = await call(world, "login", { identifier: "janedoe", password: PASSWORD });
    const { login_token, factors } = first.secondFactor;
    const second = await call(world, "secondFactor", { login_token, code: appCode(app.secret, 1) });

    expect([first.code, factors, second.ok]).toEqual(["second_factor_required", ["totp", "recovery_code"], true]);
  });

  it("keeps the refresh token in the cookie if asked", async () => {
    const { world, app, loginToken } = await withApp();
    const body = { login_token: await loginToken(), code: appCode(app.secret, 1), transport: "cookie" };
    const { status, headers, json } = await world.post("/auth/login/second-factor", body, {
      origin: "https://auth.test",
    });

    expect([status, json.refresh_token]).toEqual([200, undefined]);
    expect(headers.get("set-cookie")).toContain("__Host-refresh_token=");
  });

  it("does not open by the login token alone", async () => {
    const { world, loginToken } = await withApp();
    const login_token = await loginToken();

    expect((await world.me(login_token)).status).toBe(401);
    expect((await world.refresh(login_token)).status).toBe(401);
    expect((await world.post("/auth/login/second-factor", { login_token })).status).toBe(422);
  });

  it.each([
    ["another password", replacePasswords, 401, "invalid_login_token"],
    ["a disabled account", disableUsers, 403, "account_disabled"],
  ] as const)("is refused after %s, although the code is right", async (_, change, status, code) => {
    const { app, loginToken, prove } = await withApp();
    const token = await loginToken();
    await change();

    const answer = await prove(appCode(app.secret, 1), token);

    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect(await firstRow("totps")).toMatchObject({ used_by: null });
  });

  it("is refused five minutes after the password", async () => {
    const { app, loginToken, prove } = await withApp();
    stopClock(Date.now());
    const token = await loginToken();
    stopClock(Date.now() + 300_000);

    expect((await prove(appCode(app.secret), token)).json.code).toBe("invalid_login_token");
  });

  it.each(["", "x", "a.b.c", "x".repeat(5000)])("is refused with the login token %j", async (login_token) => {
    const { world } = await withApp();
    const { status } = await world.post("/auth/login/second-factor", { login_token, code: "123456" });
    expect([401, 422]).toContain(status);
  });

  it.each(["1", "12345", "1234567", "<script>", "abcde-fghi", "x".repeat(65)])(
    "takes %j for no code at all",
    async (code) => {
      const { world, prove } = await withApp();
      const before = await dumpRows();
      const { status, json } = await prove(code, "x");
      expect([status, json.errors[0].path]).toEqual([422, "code"]);
      expect([await dumpRows(), world.sent]).toEqual([before, world.sent]);
    },
  );
});

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
    expect(await outbox.last()).toMatchObject({ subject: "A recovery code was used", to: JANE.email });
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

describe("guesses at a second factor", () => {
  it("lock the account out like wrong passwords, and a right password does not clear them", async () => {
    const { world, app, prove, loginToken } = await withApp();
    const token = await loginToken();
    for (let n = 0; n < 4; n++) expect((await prove(wrongAppCode(app.secret, n), token)).status).toBe(400);
    expect((await logIn(world)).status).toBe(403);
    expect((await prove(wrongAppCode(app.secret, 0), token)).status).toBe(400);

    expect((await prove(appCode(app.secret, 1), token)).status).toBe(429);
    expect((await logIn(world)).status).toBe(429);
    expect((await eventTypes()).filter((type) => type === "second_factor_failed")).toHaveLength(5);
  });

  it("of fifty at once are compared only five times", async () => {
    const { app, prove, loginToken } = await withApp();
    const token = await loginToken();

    const answers = await atOnce(50, (n) => prove(wrongAppCode(app.secret, n % 5), token));

    expect(count(statuses(answers), 400)).toBe(5);
    expect(count(statuses(answers), 429)).toBe(45);
  });

  it("do not open the account although the right code comes after the lockout", async () => {
    const { app, prove, loginToken } = await withApp();
    const token = await loginToken();
    const before = await rowCount("sessions");
    const answers = await atOnce(20, (n) =>
      prove(n < 19 ? wrongAppCode(app.secret, n % 5) : appCode(app.secret, 1), token),
    );

    expect(statuses(answers).filter((status) => status === 200).length).toBe((await rowCount("sessions")) - before);
  });

  it("cost the same whether the account has an app or not", async () => {
    const { world, app, loginToken } = await withApp();
    const token = await loginToken();
    const spent = () =>
      world.cost(() => world.post("/auth/login/second-factor", { login_token: token, code: wrongAppCode(app.secret) }));
    const withTotp = await spent();
    await env.DB.exec("delete from totps");

    expect(await spent()).toEqual(withTotp);
  });
});

describe("a failure of the database", () => {
  it.each([1, 2])("at trip %d spends no code and opens no session", async (trip) => {
    const { app, prove, loginToken } = await withApp();
    const [token, code] = [await loginToken(), app.recovery_codes[0] ?? ""];
    const before = await dumpRows();
    const broken = createWorld({ DB: failingD1(env.DB, trip, "before") });

    const { status } = await broken.post("/auth/login/second-factor", { login_token: token, code });

    expect(status).toBe(503);
    expect(await dumpRows()).toEqual(before);
    expect((await prove(code, token)).status).toBe(200);
  });
});

describe("recovery of the password", () => {
  it("opens no session and leaves the second factor on", async () => {
    const { world, app, prove } = await withApp();
    await verifyEmails();
    await world.post("/auth/forgot-password", { email: JANE.email });
    await world.flush();
    const { token } = await outbox.last();

    expect((await world.post("/auth/reset-password", { token, new_password: FRESH_PASSWORD })).status).toBe(204);

    const { status, json } = await logIn(world, "janedoe", FRESH_PASSWORD);
    expect([status, json.code]).toEqual([403, "second_factor_required"]);
    expect((await prove(appCode(app.secret, 1), json.login_token)).status).toBe(200);
  });

  it("of an account that nobody has proven takes it clean of factors", async () => {
    const { world } = await withApp();
    await world.post("/auth/forgot-password", { email: JANE.email });
    await world.flush();
    const { token } = await outbox.last();

    await world.post("/auth/reset-password", { token, new_password: FRESH_PASSWORD });

    expect([await rowCount("totps"), await rowCount("recovery_codes")]).toEqual([0, 0]);
    expect((await logIn(world, JANE.email, FRESH_PASSWORD)).status).toBe(200);
  });
});
