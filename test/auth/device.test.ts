import { beforeEach, describe, expect, it } from "vitest";
import { statuses, told } from "../support/guesses.ts";
import { NO_COOLDOWN, outbox } from "../support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD, WRONG_PASSWORD } from "../support/passwords.ts";
import { JANE, people } from "../support/people.ts";
import { times } from "../support/race.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorldWithJane, type World } from "../support/world.ts";

/** The rate limiters are real: each test has networks of its own. */
let test = 0;
beforeEach(() => {
  test++;
});
const network = (n: number) => ({ "cf-connecting-ip": `198.51.${test}.${n}` });
const home = () => network(200);

const logInWith = (world: World, fields: object, headers: Record<string, string> = home()) =>
  world.post("/auth/login", { identifier: "janedoe", password: PASSWORD, ...fields }, headers);

/** Guesses from many networks until each new one is locked out too. */
async function lockOut(world: World, identifier = "janedoe") {
  for (let n = 10; n < 16; n++) await times(4, () => guessFrom(world, n, identifier));
  expect((await guessFrom(world, 20, identifier)).status).toBe(429);
}

const guessFrom = (world: World, n: number, identifier = "janedoe") =>
  world.post("/auth/login", { identifier, password: WRONG_PASSWORD }, network(n));

describe("strangers on other networks", () => {
  it("do not lock out a network until they have failed twenty times", async () => {
    const { world } = await createWorldWithJane();
    for (let n = 0; n < 4; n++) expect(statuses(await times(5, () => guessFrom(world, n)))).toEqual(Array(5).fill(401));
    expect((await guessFrom(world, 3)).status).toBe(429);

    expect((await logInWith(world, {})).status).toBe(200);
    await guessFrom(world, 5);
    expect((await logInWith(world, {})).status).toBe(429);
  });

  it("cannot lock an owner out of a device on which they signed in before", async () => {
    const { world } = await createWorldWithJane();
    const { device_token } = (await logInWith(world, {})).json;
    await lockOut(world);

    expect((await logInWith(world, {})).status).toBe(429);
    expect((await logInWith(world, { device_token })).status).toBe(200);
    expect((await logInWith(world, {}, { cookie: `__Host-device_token=${device_token}` })).status).toBe(200);
    const form = { username: "janedoe", password: PASSWORD, device_token };
    expect((await world.form("/auth/login", form)).status).toBe(200);
  });

  it("cannot lock an owner out of a browser that used the pages, even after signing out", async () => {
    const { world } = await createWorldWithJane();
    const visitor = createVisitor(world);
    await visitor.signIn();
    await visitor.post("/sign-out", {});
    expect([...visitor.cookies]).toEqual([]);
    await lockOut(world);

    expect((await createVisitor(world).signIn()).status).toBe(429);
    expect((await visitor.signIn()).status).toBe(303);
  });

  it("cannot keep the owner of a session from changing the password", async () => {
    const { world, call } = await people.jane.signedIn();
    await lockOut(world);

    const change = { old_password: PASSWORD, new_password: FRESH_PASSWORD };
    expect((await call("POST", "/users/me/password", change)).status).toBe(200);
  });

  it("cannot keep out an owner who resets the password by a link", async () => {
    const { world } = await createWorldWithJane(NO_COOLDOWN);
    await lockOut(world);
    await world.post("/auth/forgot-password", { identifier: "janedoe" });
    await world.flush();
    const { token } = await outbox.last();

    const reset = await world.post("/auth/reset-password", { token, new_password: FRESH_PASSWORD }, home());
    await times(4, () => guessFrom(world, 21));

    const cookie = reset.headers.get("set-cookie")!.split(";")[0]!;
    expect(cookie).toMatch(/^__Host-device_token=/);
    expect((await logInWith(world, { password: FRESH_PASSWORD }, { ...home(), cookie })).status).toBe(200);
  });

  it("cannot keep out an owner whose app has no cookies and resets the password", async () => {
    const { world } = await createWorldWithJane(NO_COOLDOWN);
    await lockOut(world);
    const requested = async (path: string) => {
      await world.post(path, { identifier: "janedoe" });
      await world.flush();
      return outbox.last();
    };
    const { token } = await requested("/auth/forgot-password");
    const password = { new_password: FRESH_PASSWORD, transport: "body" };

    const byLink = await world.post("/auth/reset-password", { token, ...password }, home());
    const { device_token } = byLink.json;
    expect([byLink.status, byLink.headers.get("set-cookie")]).toEqual([200, null]);
    expect((await logInWith(world, { password: FRESH_PASSWORD, device_token })).status).toBe(200);

    const { code: otp } = await requested("/auth/request-reset");
    const reset = { identifier: "janedoe", otp, device_token, ...password, new_password: PASSWORD };
    const byCode = await world.post("/auth/verify-reset", reset, home());
    expect([byCode.status, byCode.json]).toEqual([200, { device_token: expect.any(String) }]);
    expect((await logInWith(world, { device_token: byCode.json.device_token })).status).toBe(200);
  });

  it("cannot keep out an owner who resets the password on the pages", async () => {
    const { world } = await createWorldWithJane(NO_COOLDOWN);
    await lockOut(world);
    await world.post("/auth/forgot-password", { identifier: "janedoe" });
    await world.flush();
    const { token } = await outbox.last();
    const visitor = createVisitor(world);

    await visitor.post("/reset-password", { token, new_password: FRESH_PASSWORD, confirm_password: FRESH_PASSWORD });

    const credentials = { identifier: "janedoe", password: FRESH_PASSWORD };
    expect((await visitor.post("/sign-in", credentials)).status).toBe(303);
  });

  it("do not learn from the lockout whether the owner signed in", async () => {
    const { world } = await createWorldWithJane();
    const { device_token } = (await logInWith(world, {})).json;
    for (const identifier of ["janedoe", "nobody"]) await times(4, () => guessFrom(world, 1, identifier));

    for (const fields of [{}, { device_token }]) expect((await logInWith(world, fields)).status).toBe(200);

    for (const identifier of ["janedoe", "nobody"]) {
      expect(told(await guessFrom(world, 1, identifier))).toEqual([401, "invalid_credentials", null]);
      expect(told(await guessFrom(world, 1, identifier))).toEqual([429, "too_many_attempts", "30"]);
    }
  });
});

describe("a device token", () => {
  it("gives its device five guesses, then locks out the device and nobody else", async () => {
    const { world } = await createWorldWithJane();
    const { device_token } = (await logInWith(world, {})).json;

    const guesses = await times(6, () => logInWith(world, { device_token, password: WRONG_PASSWORD }));

    expect(statuses(guesses)).toEqual([...Array(5).fill(401), 429]);
    expect((await logInWith(world, { device_token })).status).toBe(429);
    expect((await logInWith(world, {})).status).toBe(200);
  });

  it("keeps its count when it is renewed, so that signing in again gives no more guesses elsewhere", async () => {
    const { world } = await createWorldWithJane();
    const first = (await logInWith(world, {})).json.device_token;
    const second = (await logInWith(world, { device_token: first })).json.device_token;
    await times(5, () => logInWith(world, { device_token: first, password: WRONG_PASSWORD }));

    expect((await logInWith(world, { device_token: second })).status).toBe(429);
  });

  it("does not count for another account, nor after the password has changed", async () => {
    const { world } = await createWorldWithJane();
    const { device_token, access_token } = (await logInWith(world, {})).json;
    const john = { email: "john@example.com", password: PASSWORD };
    await world.post("/auth/register", john);
    const johns = (await world.post("/auth/login", john)).json.device_token;
    const body = { old_password: PASSWORD, new_password: FRESH_PASSWORD };
    const changed = await world.call("POST", "/users/me/password", { token: access_token, body });
    await lockOut(world);

    const password = FRESH_PASSWORD;
    for (const token of [johns, device_token, `${device_token}x`, "a.b"]) {
      expect((await logInWith(world, { device_token: token, password })).status).toBe(429);
    }
    expect((await logInWith(world, { device_token: changed.json.device_token, password })).status).toBe(200);
  });

  it("opens nothing by itself", async () => {
    const { world } = await createWorldWithJane();
    const { device_token } = (await logInWith(world, {})).json;

    expect((await world.me(device_token)).status).toBe(401);
    expect((await world.refresh(device_token)).status).toBe(401);
    expect((await world.post("/auth/login", { identifier: JANE.email, password: "x", device_token })).status).toBe(401);
  });

  it("keeps a message budget for its owner that strangers cannot use up", async () => {
    const { world } = await createWorldWithJane(NO_COOLDOWN);
    const { device_token } = (await logInWith(world, {})).json;
    const forgot = async (fields: object) => {
      await outbox.clear();
      await world.post("/auth/forgot-password", { identifier: "janedoe", ...fields }, home());
      await world.flush();
      return (await outbox.all()).length;
    };
    for (let n = 0; n < 6; n++) await forgot({});

    expect([await forgot({}), await forgot({ device_token })]).toEqual([0, 1]);
  });
});
