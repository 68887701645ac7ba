import { env } from "cloudflare:workers";
import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { appCode, wrongAppCode } from "../support/authenticator.ts";
import { failingD1 } from "../support/bindings.ts";
import { statuses } from "../support/guesses.ts";
import { outbox } from "../support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { JANE, logIn, people } from "../support/people.ts";
import { atOnce, count } from "../support/race.ts";
import { disableUsers, eventTypes, firstRow, replacePasswords, rowCount, rows, verifyEmails } from "../support/rows.ts";
import { call } from "../support/rpc.ts";
import { createWorld, dumpRows, stopClock } from "../support/world.ts";

const { withApp } = people.jane;
const _unspent = async () => (await rows("recovery_codes")).filter(({ spent_at }) => spent_at === null).length;

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

  it("removes a factor that was added before anybody proved an address, and no later one", async () => {
    const { world } = await withApp();
    const sent = async (path: string) => {
      await world.post(path, { email: JANE.email });
      await world.flush();
      return outbox.last();
    };
    stopClock(Date.now() + 60_000);
    const { code } = await sent("/auth/verify/resend");
    expect((await world.post("/auth/verify", { email: JANE.email, otp: code })).status).toBe(204);
    expect((await logIn(world)).json.code).toBe("second_factor_required");

    const { token } = await sent("/auth/forgot-password");
    await world.post("/auth/reset-password", { token, new_password: FRESH_PASSWORD });

    expect([await rowCount("totps"), await rowCount("recovery_codes")]).toEqual([0, 0]);
    expect((await logIn(world, JANE.email, FRESH_PASSWORD)).status).toBe(200);
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
