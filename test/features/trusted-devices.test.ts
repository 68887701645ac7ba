import { env } from "cloudflare:workers";
import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { appCode } from "../support/authenticator.ts";
import { failingD1, interruptedD1 } from "../support/bindings.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { logIn, people } from "../support/people.ts";
import { atOnce } from "../support/race.ts";
import { eventTypes, firstRow, rowCount, rows } from "../support/rows.ts";
import { administer } from "../support/rpc.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorld, dumpRows, stopClock, unlock } from "../support/world.ts";

const TRUSTING = { TRUSTED_DEVICE_DAYS: "30" };
const DAYS = 86_400_000;

/** Jane has an app, and has asked to trust a device at the second step of a sign-in. */
async function trusting(settings: Partial<Env> = TRUSTING, trust_device: unknown = true) {
  stopClock(Date.now());
  const jane = await people.jane.withApp(settings);
  const { world, app, loginToken } = jane;
  const proof = { login_token: await loginToken(), code: appCode(app.secret, 1), trust_device };
  const { json } = await world.post("/auth/login/second-factor", proof);
  const signIn = (device_token: string = json.device_token, where = world) =>
    where.post("/auth/login", { identifier: "janedoe", password: PASSWORD, device_token });
  const list = async () => (await jane.call("GET", "/users/me/trusted-devices")).json.trusted_devices;
  return { ...jane, own: json, signIn, list };
}

describe("a trusted device", () => {
  it("signs in with the password alone, at the level of one factor", async () => {
    const { world, signIn, call, list } = await trusting();
    stopClock(Date.now() + 60_000);

    const { status, json } = await signIn();

    expect(status).toBe(200);
    expect(decodeJwt(json.access_token)).toMatchObject({ amr: ["pwd"], acr: "aal1" });
    const [device] = await list();
    expect(device).toMatchObject({ last_used_at: new Date().toISOString() });
    // What needs two factors still asks for them.
    const refused = await world.call("DELETE", "/users/me/totp", { token: json.access_token });
    expect([refused.status, refused.json.code]).toEqual([401, "reauthentication_required"]);
    expect((await call("GET", "/users/me/factors")).status).toBe(200);
    expect((await signIn(json.device_token)).status).toBe(200);
  });

  it("is trusted in a browser by its cookie", async () => {
    const { world, app } = await people.jane.withApp(TRUSTING);
    const visitor = createVisitor(world);
    const { json } = await logIn(world);
    const proof = { login_token: json.login_token, code: appCode(app.secret, 1), trust_device: true };
    const body = JSON.stringify({ ...proof, transport: "cookie" });
    const headers = { "content-type": "application/json", origin: "https://auth.test" };
    await visitor.send("/auth/login/second-factor", { method: "POST", body, headers });

    visitor.cookies.clear();
    await visitor.signIn();

    expect(visitor.cookies.has("__Host-refresh_token")).toBe(true);
  });

  it("adds no trip to a sign-in", async () => {
    const { world, signIn } = await trusting();
    expect((await world.cost(() => signIn())).d1).toBe(2);
  });

  it.each([
    ["did not ask", TRUSTING, false],
    ["asked, but the service trusts none", {}, true],
  ] as const)("is none if it %s", async (_, settings, trust_device) => {
    const { signIn } = await trusting(settings, trust_device);
    expect([(await signIn()).json.code, await rowCount("trusted_devices")]).toEqual(["second_factor_required", 0]);
  });

  it.each(["yes", 1, {}])("is none if it asks with %j", async (trust_device) => {
    const { status } = await createWorld(TRUSTING).post("/auth/login/second-factor", {
      login_token: "x",
      code: "123456",
      trust_device,
    });
    expect(status).toBe(422);
  });

  it("is asked for the second factor once the setting is off", async () => {
    const { own, signIn } = await trusting();
    expect((await signIn(own.device_token, createWorld())).json.code).toBe("second_factor_required");
  });

  it("is asked for the second factor after thirty days, and its row is purged", async () => {
    const { world, signIn } = await trusting();
    stopClock(Date.now() + 30 * DAYS - 1);
    expect((await signIn()).status).toBe(200);
    stopClock(Date.now() + 1);
    expect((await signIn()).json.code).toBe("second_factor_required");
    await world.schedule();
    expect(await rowCount("trusted_devices")).toBe(0);
  });

  it("is asked for the second factor without its token, with a false one, and with one of another account", async () => {
    const { world, own } = await trusting();
    await world.post("/auth/register", { email: "john@example.com", password: PASSWORD });
    const john = (await logIn(world, "john@example.com")).json.device_token;
    const [payload, mac = ""] = own.device_token.split(".");
    const damaged = `${payload}.${mac.replace(/^./, (first: string) => (first === "A" ? "B" : "A"))}`;

    for (const token of [undefined, john, damaged, "x", own.access_token]) {
      const body = { identifier: "janedoe", password: PASSWORD, device_token: token };
      expect((await world.post("/auth/login", body)).json.code).toBe("second_factor_required");
    }
  });

  it("of one account is none of another", async () => {
    const { world, signIn } = await trusting();
    await world.post("/auth/register", { email: "john@example.com", password: PASSWORD });
    await env.DB.exec("update trusted_devices set user_id = (select id from users where email = 'john@example.com')");
    expect((await signIn()).json.code).toBe("second_factor_required");
  });

  it("needs the right password", async () => {
    const { world, own } = await trusting();
    const body = { identifier: "janedoe", password: "wrong-horse-7", device_token: own.device_token };
    expect((await world.post("/auth/login", body)).json.code).toBe("invalid_credentials");
  });

  it("is none after a change of credentials, also for the browser that made the change", async () => {
    const { world, own, app, signIn, list } = await trusting();
    const body = { old_password: PASSWORD, new_password: FRESH_PASSWORD };
    const headers = { cookie: `__Host-device_token=${own.device_token}` };
    const changed = await world.call("POST", "/users/me/password", { token: own.access_token, body, headers });
    expect(changed.status).toBe(200);
    Object.assign(app, { access_token: changed.json.access_token });

    for (const device_token of [own.device_token, changed.json.device_token]) {
      const again = { identifier: "janedoe", password: FRESH_PASSWORD, device_token };
      expect((await world.post("/auth/login", again)).json.code).toBe("second_factor_required");
    }
    expect(await list()).toEqual([]);
    expect((await signIn()).status).toBe(401);
  });
});

describe("the trust in every device", () => {
  it.each(["global logout", "endSessions", "disableUser"])("ends by %s", async (how) => {
    const { world, jane, own, signIn } = await trusting();
    if (how === "global logout") await world.logout({ refresh_token: own.refresh_token, scope: "global" });
    else await administer(world, how as "endSessions", jane.id);
    if (how === "disableUser") await administer(world, "enableUser", jane.id);

    expect([(await signIn()).json.code, await rowCount("trusted_devices")]).toEqual(["second_factor_required", 0]);
  });

  it("is recorded, and so is its end", async () => {
    const { call } = await trusting();
    expect(await eventTypes()).toContain("device_trusted");
    const { id } = await firstRow("trusted_devices");
    await call("DELETE", `/users/me/trusted-devices/${id}`);
    expect((await eventTypes()).at(-1)).toBe("device_untrusted");
  });
});

describe("the list of trusted devices", () => {
  it("shows each with its browser, and ends the trust in one", async () => {
    const { call, signIn, list } = await trusting();
    const [device] = await list();
    expect(device).toMatchObject({ id: expect.any(String), device: expect.any(Object) });
    expect(Date.parse(device.expires_at) - Date.parse(device.created_at)).toBe(30 * DAYS);

    expect((await call("DELETE", `/users/me/trusted-devices/${device.id}`)).status).toBe(204);

    expect([await list(), (await signIn()).json.code]).toEqual([[], "second_factor_required"]);
    expect((await call("DELETE", `/users/me/trusted-devices/${device.id}`)).status).toBe(404);
  });

  it("is closed to others", async () => {
    const { world } = await trusting();
    await world.post("/auth/register", { email: "john@example.com", password: PASSWORD });
    const { access_token: token } = (await logIn(world, "john@example.com")).json;
    const { id } = await firstRow("trusted_devices");

    expect((await world.call("GET", "/users/me/trusted-devices", { token })).json.trusted_devices).toEqual([]);
    expect((await world.call("DELETE", `/users/me/trusted-devices/${id}`, { token })).status).toBe(404);
    expect(await rowCount("trusted_devices")).toBe(1);
  });

  it("has at most ten: one more replaces the oldest", async () => {
    const { world, app, loginToken } = await trusting();
    const first = (await firstRow("trusted_devices")).id;
    for (const code of app.recovery_codes) {
      stopClock(Date.now() + 1000);
      const proof = { login_token: await loginToken(), code, trust_device: true };
      expect((await world.post("/auth/login/second-factor", proof)).status).toBe(200);
    }
    const ids = (await rows("trusted_devices")).map(({ id }) => id);
    expect([ids.length, ids.includes(first)]).toEqual([10, false]);
  });
});

describe("trust that ends while a sign-in uses it", () => {
  it("leads to the second factor", async () => {
    const { own, signIn } = await trusting();
    const before = await rowCount("sessions");
    const late = createWorld({
      ...TRUSTING,
      DB: interruptedD1(env.DB, 2, () => env.DB.exec("delete from trusted_devices")),
    });

    expect((await signIn(own.device_token, late)).json.code).toBe("second_factor_required");

    expect(await rowCount("sessions")).toBe(before);
  });

  it("at any time of fifty sign-ins at once lets in only those from before", async () => {
    const { call, signIn } = await trusting();
    const { id } = await firstRow("trusted_devices");
    await unlock();

    await atOnce(50, (n) => (n === 20 ? call("DELETE", `/users/me/trusted-devices/${id}`) : signIn()));

    expect((await signIn()).json.code).toBe("second_factor_required");
    expect(await rowCount("lockouts")).toBe(0);
  });
});

it.each([1, 2])("a failure of the database at trip %d trusts nothing and spends no code", async (trip) => {
  const { world, app, loginToken } = await people.jane.withApp(TRUSTING);
  const proof = { login_token: await loginToken(), code: app.recovery_codes[0], trust_device: true };
  const before = await dumpRows();
  const broken = createWorld({ ...TRUSTING, DB: failingD1(env.DB, trip, "before") });

  expect((await broken.post("/auth/login/second-factor", proof)).status).toBe(503);

  expect(await dumpRows()).toEqual(before);
  expect((await world.post("/auth/login/second-factor", proof)).status).toBe(200);
  expect(await rowCount("trusted_devices")).toBe(1);
});
