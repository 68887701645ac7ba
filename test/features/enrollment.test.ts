import { env } from "cloudflare:workers";
import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { appCode, postTo, wrongAppCode } from "../support/authenticator.ts";
import { failingD1 } from "../support/bindings.ts";
import { ENROLL, FACTORS, KINDS, mustEnroll, REQUIRED } from "../support/enrollment.ts";
import { NO_COOLDOWN, outbox } from "../support/outbox.ts";
import { addPasskey, created } from "../support/passkeys.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { JANE, logIn } from "../support/people.ts";
import { count, race } from "../support/race.ts";
import { disableUsers, eventTypes, replacePasswords, rowCount, rows, verifyEmails } from "../support/rows.ts";
import { call } from "../support/rpc.ts";
import { createPasskey } from "../support/security-key.ts";
import { createWorld, createWorldWithJane, dumpRows, stopClock } from "../support/world.ts";

describe.each(KINDS)("adding a factor at sign-in (%s)", (kind) => {
  it("opens a session of two factors and shows recovery codes, which work", async () => {
    const { world, jane, token } = await mustEnroll();
    await verifyEmails();
    const login_token = await token();
    // The time of the second factor counts.
    const provenAt = Math.floor(Date.now() / 1000) + 40;
    stopClock(provenAt * 1000);
    const { path, body, status } = await FACTORS[kind](world, login_token);

    const answer = await world.post(path, body);

    expect([answer.status, answer.json.recovery_codes.length]).toEqual([status, 10]);
    expect(decodeJwt(answer.json.access_token)["auth_time"]).toBe(provenAt);
    const amr = kind === "totp" ? ["pwd", "otp", "mfa"] : ["pwd", "hwk", "user", "mfa"];
    expect(decodeJwt(answer.json.access_token)).toMatchObject({ sub: jane.id, amr, acr: "aal2" });
    expect((await world.me(answer.json.access_token)).status).toBe(200);
    expect((await eventTypes()).slice(-2)).toEqual(["logged_in", `${kind}_added`]);
    await world.flush();
    expect((await outbox.last()).to).toBe(JANE.email);
    const { json } = await logIn(world);
    expect(json.factors).toEqual([kind, "recovery_code"]);
    const proof = { login_token: json.login_token, code: answer.json.recovery_codes[0] };
    const device_token = answer.json.device_token;
    expect((await world.post("/auth/login/second-factor", { ...proof, device_token })).status).toBe(200);
  });

  it("keeps the refresh token in the cookie if asked", async () => {
    const { world, token } = await mustEnroll();
    const { path, body, status } = await FACTORS[kind](world, await token());
    const answer = await world.post(path, { ...body, transport: "cookie" }, { origin: "https://auth.test" });

    expect([answer.status, answer.json.refresh_token]).toEqual([status, undefined]);
    expect(answer.headers.get("set-cookie")).toContain("__Host-refresh_token=");
  });

  it("works over a service binding", async () => {
    const { world, token } = await mustEnroll();
    const login_token = await token();
    const factor = kind === "totp" ? ["enrollTotp", "confirmTotp"] : ["enrollmentOptions", "enrollPasskey"];
    const started = await call(world, factor[0]!, { login_token });
    const proof =
      kind === "totp"
        ? { code: appCode(started.value.secret) }
        : { credential: created(await createPasskey(), started.value) };

    expect(await call(world, factor[1]!, { login_token, ...proof })).toMatchObject({
      ok: true,
      value: { recovery_codes: expect.any(Array) },
    });
  });

  it("ends the other sessions, and every link that was sent", async () => {
    const { world, login } = await createWorldWithJane(NO_COOLDOWN);
    const other = await login();
    await verifyEmails();
    await world.post("/auth/forgot-password", { email: JANE.email });
    await world.flush();
    const link = (await outbox.last()).token;
    const required = createWorld(REQUIRED);
    const { path, body, status } = await FACTORS[kind](required, (await logIn(required)).json.login_token);

    expect((await required.post(path, body)).status).toBe(status);

    expect((await world.refresh(other.refresh_token)).status).toBe(401);
    const reset = await world.post("/auth/reset-password", { token: link, new_password: FRESH_PASSWORD });
    expect(reset.json.code).toBe("invalid_token");
  });

  it("succeeds once of fifty requests at once, also with two login tokens", async () => {
    const { world, token } = await mustEnroll();
    const [one, two] = [await token(), await token()];
    const { path, body, status } = await FACTORS[kind](world, one);

    const answers = await race(50, (n) =>
      world.post(path, { ...body, login_token: n % 2 ? one : two }, { "cf-connecting-ip": `198.51.100.${n}` }),
    );

    expect([count(answers, status), count(answers, 401)]).toEqual([1, 49]);
    expect([await rowCount("sessions"), await rowCount("recovery_codes")]).toEqual([1, 10]);
    expect((await world.post(path, body)).json.code).toBe("invalid_login_token");
  });

  it.each([1, 2])("is undone by a failure of the database at trip %d", async (trip) => {
    const { world, token } = await mustEnroll();
    const { path, body, status } = await FACTORS[kind](world, await token());
    const before = await dumpRows();

    const broken = createWorld({ ...REQUIRED, DB: failingD1(env.DB, trip, "before") });
    expect((await broken.post(path, body)).status).toBe(503);

    expect(await dumpRows()).toEqual(before);
    expect((await world.post(path, body)).status).toBe(status);
  });

  it.each([
    ["another password", replacePasswords, 401, "invalid_login_token"],
    ["a disabled account", disableUsers, 403, "account_disabled"],
    ["ten minutes", async () => stopClock(Date.now() + 600_000), 401, "invalid_login_token"],
  ] as const)("is refused after %s, and adds nothing", async (_, change, status, code) => {
    stopClock(Date.now());
    const { world, token } = await mustEnroll();
    const { path, body } = await FACTORS[kind](world, await token());
    await change();

    const answer = await world.post(path, body);

    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect([await rowCount("sessions"), await rowCount("passkeys"), await rowCount("recovery_codes")]).toEqual([
      0, 0, 0,
    ]);
    expect((await rows("totps")).filter(({ confirmed_at }) => confirmed_at !== null)).toEqual([]);
  });

  it("is refused while the account is locked, also with a right code", async () => {
    const { world, token } = await mustEnroll();
    const { path, body } = await FACTORS[kind](world, await token());
    for (let n = 0; n < 5; n++) await logIn(world, "janedoe", "wrong-horse-7");

    expect((await world.post(path, body)).status).toBe(429);
    expect(await rowCount("sessions")).toBe(0);
  });
});

it("starts nothing after a change of credentials", async () => {
  const { world, token } = await mustEnroll();
  const login_token = await token();
  await replacePasswords();

  for (const path of ["totp", "passkey/options"]) {
    expect((await world.post(`${ENROLL}/${path}`, { login_token })).json.code).toBe("invalid_login_token");
  }
  expect(await rowCount("totps")).toBe(0);
});

it("voids an app that waits for its first code when the password is reset", async () => {
  const { world, token } = await mustEnroll();
  await verifyEmails();
  const { path, body } = await FACTORS.totp(world, await token());
  await world.post("/auth/forgot-password", { email: JANE.email });
  await world.flush();
  await world.post("/auth/reset-password", { token: (await outbox.last()).token, new_password: FRESH_PASSWORD });
  const { login_token } = (await logIn(world, "janedoe", FRESH_PASSWORD)).json;

  const answer = await world.post(path, { ...body, login_token });

  expect([answer.status, answer.json.code, await rowCount("sessions")]).toEqual([400, "invalid_code", 0]);
});

it("adds one of two different factors that are confirmed at once", async () => {
  const { world, token } = await mustEnroll();
  const login_token = await token();
  const [one, two] = [await FACTORS.passkey(world, login_token), await FACTORS.passkey(world, login_token)];

  const answers = await race(20, (n) => world.post(one.path, n % 2 ? one.body : two.body));

  expect([count(answers, 201), await rowCount("sessions"), await rowCount("passkeys")]).toEqual([1, 1, 1]);
});

describe("a response that is not right", () => {
  it("of an app adds nothing, and can be corrected", async () => {
    const { world, token } = await mustEnroll();
    const { path, body, secret } = await FACTORS.totp(world, await token());
    const before = await dumpRows();

    const { status, json } = await world.post(path, { ...body, code: wrongAppCode(secret) });

    expect([status, json.code, await dumpRows()]).toEqual([400, "invalid_code", before]);
    expect((await world.post(path, body)).status).toBe(200);
  });

  it("of a passkey, for another origin, ceremony or account, adds nothing", async () => {
    const { world, post, token } = await mustEnroll();
    const login_token = await token();
    const { challenge } = await post(`${ENROLL}/passkey/options`, { login_token });
    const free = createWorld();
    await free.post("/auth/register", { email: "john@example.com", password: PASSWORD });
    const john = (await logIn(world, "john@example.com")).json.login_token;
    const johns = await post(`${ENROLL}/passkey/options`, { login_token: john });
    const { access_token } = (await logIn(free)).json;
    const inSession = await postTo(free)("/users/me/passkeys/options", { password: PASSWORD }, access_token);
    const key = await createPasskey();
    const wrong = [
      created(key, { challenge }, { clientData: { challenge, origin: "https://evil.test" } }),
      created(key, johns),
      created(key, inSession),
      created(key, await post("/auth/passkeys/options", {})),
    ];

    for (const credential of wrong) {
      const { status, json } = await world.post(`${ENROLL}/passkey`, { login_token, credential });
      expect([status, json.code]).toEqual([400, "invalid_passkey"]);
    }
    const own = await post("/users/me/passkeys", { credential: created(key, { challenge }) }, access_token);
    expect(own.code).toBe("invalid_passkey");
    expect(await rowCount("passkeys")).toBe(0);
  });

  it("of a passkey that another account has adds nothing", async () => {
    const { post, token } = await mustEnroll();
    const free = createWorld();
    await free.post("/auth/register", { email: "john@example.com", password: PASSWORD });
    const john = (await logIn(free, "john@example.com")).json.access_token;
    const { passkey } = await addPasskey(postTo(free), john);
    const login_token = await token();
    const credential = created(passkey, await post(`${ENROLL}/passkey/options`, { login_token }));

    expect((await post(`${ENROLL}/passkey`, { login_token, credential })).code).toBe("passkey_exists");
    expect(await rowCount("passkeys")).toBe(1);
  });
});
