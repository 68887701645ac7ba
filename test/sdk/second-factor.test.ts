import { afterEach, describe, expect, it, vi } from "vitest";
import { createAuthClient } from "../../src/sdk/client.ts";
import { appCode, wrongAppCode } from "../support/authenticator.ts";
import { browser, createSignedIn, JANE, OK } from "../support/sdk-network.ts";
import { createWorldWithJane, ISSUER, PASSWORD } from "../support/world.ts";

afterEach(() => vi.unstubAllGlobals());

const pass = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);

const storageOf = (values: Map<string, string>) => ({
  get: (name: string) => values.get(name),
  set: (name: string, value: string) => values.set(name, value),
  remove: (name: string) => values.delete(name),
});

/** Jane's client, which has just added an authenticator app. */
async function createWithApp() {
  vi.useFakeTimers({ toFake: ["Date"] });
  const signedIn = await createSignedIn();
  const { client } = signedIn;
  const started = await client.totp.start({ password: PASSWORD });
  if (!started.ok) throw new Error(started.code);
  const { secret } = started.value;
  const confirmed = await client.totp.confirm(appCode(secret));
  if (!confirmed.ok) throw new Error(confirmed.code);
  return { ...signedIn, started: started.value, secret, codes: confirmed.value.recovery_codes ?? [] };
}

describe("the client", () => {
  it("signs in in two steps, and stores the session after the second one", async () => {
    const { secret } = await createWithApp();
    const values = new Map<string, string>();
    const client = createAuthClient(ISSUER, { storage: storageOf(values) });
    pass(60);

    const first = await client.login(JANE);

    if (first.ok || first.code !== "second_factor_required") throw new Error("no second factor was asked for");
    expect([first.factors, values.size, client.state().status]).toEqual([["totp", "recovery_code"], 0, "unknown"]);
    const { login_token } = first;
    expect(await client.secondFactor({ login_token, code: wrongAppCode(secret) })).toEqual({
      ok: false,
      code: "invalid_code",
    });
    expect(await client.secondFactor({ login_token, code: appCode(secret) })).toEqual(OK);
    expect([...values.keys()].map((name) => name.split(".").at(-1)).sort()).toEqual(["device_token", "refresh_token"]);
    expect((await client.me()).ok).toBe(true);
  });

  it("stores the session of the second step in the cookie, and tells the other tabs", async () => {
    const { world, jane } = await createWorldWithJane();
    const { open, cookies } = browser(world);
    const client = open();
    await client.login(JANE);
    const started = await client.totp.start();
    const secret = started.ok ? started.value.secret : "";
    await client.totp.confirm(appCode(secret));
    await client.logout();
    const other = open();
    pass(60);

    const first = await client.login(JANE);
    const login_token = "login_token" in first ? first.login_token : "";
    expect(cookies.jar.has("__Host-refresh_token")).toBe(false);
    expect(await client.secondFactor({ login_token, code: appCode(secret) })).toEqual(OK);

    expect(cookies.jar.has("__Host-refresh_token")).toBe(true);
    expect(other.state()).toEqual({ status: "signed-in", userId: jane.id });
  });

  it("adds an app with recovery codes, keeps the new session, renews the codes and removes the app", async () => {
    const { client, started, codes, count } = await createWithApp();
    expect([started.expires_in, started.uri.startsWith("otpauth://totp/"), codes.length]).toEqual([600, true, 10]);
    const factors = { password: true, passkeys: 0, recovery_codes_left: 10 };
    expect(await client.factors()).toMatchObject({ ok: true, value: { ...factors, totp: {} } });

    const renewed = await client.recoveryCodes.create();
    expect(renewed).toMatchObject({ ok: true });
    expect(Object.keys(renewed.ok ? renewed.value : {})).toEqual(["recovery_codes"]);
    expect(renewed.ok && renewed.value.recovery_codes.some((code) => codes.includes(code))).toBe(false);
    expect(await client.totp.remove()).toEqual(OK);
    expect(await client.factors()).toMatchObject({ value: { totp: null, recovery_codes_left: 0 } });
    expect([await client.login(JANE), count("POST /auth/refresh")]).toEqual([OK, 0]);
  });

  it("says what a change of the factors requires, which a code then proves", async () => {
    const { client, secret } = await createWithApp();
    pass(600);
    expect(await client.totp.remove({ password: PASSWORD })).toEqual({
      ok: false,
      code: "reauthentication_required",
      stepUp: { acr: "aal2", maxAge: 300 },
    });

    expect(await client.reauthenticate({ code: appCode(secret) })).toEqual(OK);

    expect(await client.totp.remove()).toEqual(OK);
  });
});
