import { decodeJwt } from "jose";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type AuthClient, type ClientResult, createAuthClient } from "../../src/sdk/client.ts";
import { appCode, wrongAppCode } from "../support/authenticator.ts";
import { plugInAuthenticator, refusal } from "../support/browser-passkeys.ts";
import { REQUIRED } from "../support/enrollment.ts";
import { replacePasswords, verifyAddresses } from "../support/rows.ts";
import { administer } from "../support/rpc.ts";
import { browser, connect, createSignedIn, JANE, OK } from "../support/sdk-network.ts";
import { createWorldWithJane, ISSUER } from "../support/world.ts";

afterEach(() => vi.unstubAllGlobals());

const TRUSTING = { TRUSTED_DEVICE_DAYS: "30" };
const CODES = { ok: true, value: { recovery_codes: expect.any(Array) } };

const pass = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);

function valueIn<T>(result: ClientResult<T>): T {
  if (!result.ok) throw new Error(result.code);
  return result.value;
}

/** The `login_token` of a sign-in that requires a new factor. */
async function tokenToEnroll(client: AuthClient): Promise<string> {
  const first = await client.login(JANE);
  if (first.ok || first.code !== "enrollment_required") throw new Error("no factor has to be added");
  expect(first.factors).toEqual(["totp", "passkey"]);
  return first.login_token;
}

/** A client of Jane, who needs a second factor and has none, and what its storage has. */
async function mustEnroll() {
  vi.useFakeTimers({ toFake: ["Date"] });
  const { world } = await createWorldWithJane({ ...REQUIRED, ...TRUSTING });
  const network = connect(world);
  const values = new Map<string, string>();
  const storage = {
    get: (name: string) => values.get(name),
    set: (name: string, value: string) => values.set(name, value),
    remove: (name: string) => values.delete(name),
  };
  const stored = () => [...values.keys()].map((name) => name.split(".").at(-1)).sort();
  return { ...network, client: createAuthClient(ISSUER, { storage }), stored };
}

describe("a client whose user needs a second factor", () => {
  it("adds an app before the session opens, stores the session, and returns the recovery codes", async () => {
    const { client, stored, count } = await mustEnroll();
    const login_token = await tokenToEnroll(client);
    const { secret, uri } = valueIn(await client.enroll.totp.start({ login_token }));
    expect([uri.startsWith("otpauth://totp/"), stored(), client.state().status]).toEqual([true, [], "unknown"]);
    const wrong = await client.enroll.totp.confirm({ login_token, code: wrongAppCode(secret) });
    expect([wrong, stored()]).toEqual([{ ok: false, code: "invalid_code" }, []]);

    const confirmed = await client.enroll.totp.confirm({ login_token, code: appCode(secret) });

    expect(confirmed).toEqual(CODES);
    expect([stored(), client.state().status]).toEqual([["device_token", "refresh_token"], "signed-in"]);
    expect(decodeJwt(valueIn(await client.accessToken()))).toMatchObject({ acr: "aal2" });
    expect(count("POST /auth/refresh")).toBe(0);
  });

  it("adds a passkey before the session opens, and tells the browser which are left", async () => {
    const authenticator = plugInAuthenticator();
    const { client, stored } = await mustEnroll();
    const login_token = await tokenToEnroll(client);

    expect(await client.enroll.passkey({ login_token, name: "My phone" })).toEqual(CODES);

    expect(stored()).toEqual(["device_token", "refresh_token"]);
    expect(valueIn(await client.passkeys.list()).passkeys).toMatchObject([{ name: "My phone" }]);
    await vi.waitFor(() => expect(authenticator.signaled.length).toBe(2));
    await client.logout();
    expect(await client.passkeys.signIn()).toEqual(OK);
  });

  it("keeps the new session in the cookie, and tells the other tabs", async () => {
    const { world, jane } = await createWorldWithJane(REQUIRED);
    const { open, cookies } = browser(world);
    const [client, other] = [open(), open()];
    const login_token = await tokenToEnroll(client);
    const { secret } = valueIn(await client.enroll.totp.start({ login_token }));

    expect(await client.enroll.totp.confirm({ login_token, code: appCode(secret) })).toEqual(CODES);

    expect(cookies.jar.has("__Host-refresh_token")).toBe(true);
    expect(other.state()).toEqual({ status: "signed-in", userId: jane.id });
    // Waits for the check of the cookie.
    expect(await client.logout()).toEqual(OK);
  });

  it("stays signed out if the user cancels, or if the login token is void, and sends nothing more", async () => {
    const authenticator = plugInAuthenticator();
    const { client, stored, asked } = await mustEnroll();
    const login_token = await tokenToEnroll(client);
    authenticator.create.mockImplementationOnce(refusal("NotAllowedError"));
    expect(await client.enroll.passkey({ login_token })).toMatchObject({ code: "canceled" });
    expect(asked.slice(1)).toEqual(["POST /auth/login/enroll/passkey/options"]);
    await replacePasswords();

    const enroll = client.enroll;
    for (const act of [
      () => enroll.totp.start({ login_token }),
      () => enroll.totp.confirm({ login_token, code: "123456" }),
      () => enroll.passkey({ login_token }),
    ])
      expect(await act()).toEqual({ ok: false, code: "invalid_login_token" });
    expect([stored(), client.state().status, authenticator.kept()]).toEqual([[], "unknown", 0]);
  });
});

describe("a client of a user with an app", () => {
  it("asks for no second factor on a device that it trusted, until the trust ends", async () => {
    const { client } = await mustEnroll();
    const enrolling = await tokenToEnroll(client);
    const { secret } = valueIn(await client.enroll.totp.start({ login_token: enrolling }));
    valueIn(await client.enroll.totp.confirm({ login_token: enrolling, code: appCode(secret) }));
    await client.logout();
    pass(60);
    const first = await client.login(JANE);
    const login_token = "login_token" in first ? first.login_token : "";
    expect(await client.secondFactor({ login_token, code: appCode(secret), trust_device: true })).toEqual(OK);
    await client.logout();

    expect(await client.login(JANE)).toEqual(OK);

    const [device] = valueIn(await client.trustedDevices.list()).trusted_devices;
    expect(await client.trustedDevices.remove("../sessions")).toMatchObject({ code: "not_found" });
    expect(await client.trustedDevices.remove(device?.id ?? "")).toEqual(OK);
    expect(await client.trustedDevices.list()).toEqual({ ok: true, value: { trusted_devices: [] } });
    expect(await client.login(JANE)).toMatchObject({ code: "second_factor_required" });
  });

  it("keeps factors whose removal was requested", async () => {
    const { world, jane, client } = await createSignedIn();
    const { secret } = valueIn(await client.totp.start());
    valueIn(await client.totp.confirm(appCode(secret)));
    await verifyAddresses();
    await administer(world, "removeFactors", jane.id);
    expect(valueIn(await client.factors()).removal_due_at).toEqual(expect.any(String));

    expect(await client.cancelFactorRemoval()).toEqual(OK);

    expect(valueIn(await client.factors()).removal_due_at).toBe(null);
  });
});
