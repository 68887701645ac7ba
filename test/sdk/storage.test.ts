import { describe, expect, it, vi } from "vitest";
import { createAuthClient, type TokenStorage } from "../../src/sdk/client.ts";
import { NO_COOLDOWN, outbox } from "../support/outbox.ts";
import { connect, JANE, OK } from "../support/sdk-network.ts";
import { createWorldWithJane, ISSUER, PASSWORD, type World } from "../support/world.ts";

const NEW_PASSWORD = "brand-new-horse-8";
const REFRESH = "gatehouse.auth.test.refresh_token";
const DEVICE = "gatehouse.auth.test.device_token";
const SIGNED_OUT = { ok: false, code: "unauthenticated" };

/** The keychain of a phone. It can fail, as one does while the phone is locked. */
function createKeychain() {
  const values = new Map<string, string>();
  const broken = new Set<"get" | "set" | "remove">();
  const use = async <T>(name: "get" | "set" | "remove", act: () => T): Promise<T> => {
    if (broken.has(name)) throw new Error("The keychain is locked.");
    return act();
  };
  const storage: TokenStorage = {
    get: (name) => use("get", () => values.get(name) ?? null),
    set: (name, value) => use("set", () => void values.set(name, value)),
    remove: (name) => use("remove", () => void values.delete(name)),
  };
  return { values, broken, storage };
}

/** An app that is signed in, and a way to start it again. */
async function signedInApp(overrides: Partial<Env> = {}) {
  const { world, jane } = await createWorldWithJane(overrides);
  const network = connect(world);
  vi.useFakeTimers({ toFake: ["Date"] });
  const keychain = createKeychain();
  const failures: unknown[] = [];
  const start = () =>
    createAuthClient(ISSUER, { storage: keychain.storage, onStorageError: (error) => failures.push(error) });
  const app = start();
  expect(await app.login(JANE)).toEqual(OK);
  return { world, jane, app, start, failures, ...keychain, ...network };
}

/** Long enough that the access token has to be replaced, and an older refresh token is a theft. */
const pass = () => vi.setSystemTime(Date.now() + 880_000);

describe("a native app with a storage", () => {
  it("is still signed in after a restart, and signed out after a logout", async () => {
    const { jane, start, values } = await signedInApp();
    expect([...values.keys()].sort()).toEqual([DEVICE, REFRESH]);

    for (let n = 0; n < 3; n++) {
      pass();
      expect(await start().me()).toEqual({ ok: true, value: jane });
    }
    expect(await start().logout()).toEqual(OK);
    expect([...values.keys()]).toEqual([DEVICE]);
    expect(await start().me()).toEqual(SIGNED_OUT);
  });

  it("refreshes in two programs at once and in turns", async () => {
    const { app, start } = await signedInApp();
    const widget = start();

    for (let n = 0; n < 3; n++) {
      pass();
      const tokens = await Promise.all([app.accessToken(), widget.accessToken()]);
      expect(tokens.map(({ ok }) => ok)).toEqual([true, true]);
      pass();
      expect((await (n % 2 ? app : widget).accessToken()).ok).toBe(true);
    }
    expect((await start().me()).ok).toBe(true);
  });

  it("follows a program that changes the password while it refreshes itself", async () => {
    const { app, start, fetched, values } = await signedInApp();
    const widget = start();
    pass();
    const through = fetched.getMockImplementation()!;
    fetched.mockImplementationOnce(async (...args) => {
      expect(await widget.changePassword({ old_password: PASSWORD, new_password: NEW_PASSWORD })).toEqual(OK);
      return through(...args);
    });

    expect((await app.me()).ok).toBe(true);
    expect(values.get(REFRESH)).toBeDefined();
    expect((await start().me()).ok).toBe(true);
  });

  it("reads a token that its storage returns with a line break", async () => {
    const { start, values } = await signedInApp();
    for (const [name, value] of values) values.set(name, `${value}\n`);

    expect((await start().me()).ok).toBe(true);
  });

  it("does not share a token of https with a service of the same host without https", async () => {
    const { storage, values } = await signedInApp();
    const fetch = vi.fn(async () => new Response());

    expect(await createAuthClient("http://auth.test", { storage, fetch }).me()).toEqual(SIGNED_OUT);
    expect([fetch.mock.calls.length, [...values.keys()].sort()]).toEqual([0, [DEVICE, REFRESH]]);
  });

  it("takes turns with other programs if the storage has a lock, and goes on without one that fails", async () => {
    const { storage, start } = await signedInApp();
    const events: string[] = [];
    storage.lock = async (act) => {
      events.push("locked");
      await act();
      events.push("released");
    };
    expect((await start().me()).ok).toBe(true);
    expect(events).toEqual(["locked", "released"]);

    storage.lock = () => Promise.reject(new Error("no lock file"));
    expect((await start().me()).ok).toBe(true);
  });
});

describe("a storage that fails", () => {
  it("while it reads: calls say so, nothing is refreshed, and the session goes on afterwards", async () => {
    const { start, broken, failures, count } = await signedInApp();
    const onSignedOut = vi.fn();
    const app = start();
    app.subscribe(onSignedOut);
    broken.add("get");

    const failed = { ok: false, code: "storage_failed", cause: new Error("The keychain is locked.") };
    expect([await app.me(), await app.logout()]).toEqual([failed, failed]);
    await expect(app.fetch(`${ISSUER}/users/me`)).rejects.toThrow("storage_failed");
    expect([count("POST /auth/refresh"), onSignedOut.mock.calls.length]).toEqual([0, 0]);
    expect(failures.length).toBeGreaterThan(0);
    broken.clear();
    expect((await app.me()).ok).toBe(true);
  });

  it("while it writes: the app goes on and writes the new token as soon as it can", async () => {
    const { app, start, broken, failures } = await signedInApp();
    broken.add("set");
    pass();
    expect((await app.me()).ok).toBe(true);
    pass();
    expect((await app.me()).ok).toBe(true);
    expect(failures).toContainEqual(new Error("The keychain is locked."));

    broken.clear();
    expect((await app.accessToken()).ok).toBe(true);
    pass();
    expect((await start().me()).ok).toBe(true);
  });

  it("while it removes: the session is over, and the leftover token opens nothing", async () => {
    const { app, start, broken, values } = await signedInApp();
    broken.add("remove");
    expect(await app.logout()).toEqual(OK);
    expect(await app.me()).toEqual(SIGNED_OUT);
    broken.clear();

    expect(await start().me()).toEqual(SIGNED_OUT);
    expect(values.has(REFRESH)).toBe(false);
  });

  it("while it removes: the token of a program that signs in meanwhile stays", async () => {
    const { app, start, broken } = await signedInApp();
    broken.add("remove");
    expect(await app.logout()).toEqual(OK);
    broken.clear();
    expect(await start().login(JANE)).toEqual(OK);

    expect((await app.me()).ok).toBe(true);
    expect((await start().me()).ok).toBe(true);
  });

  it("while it writes: the token of a program that signs in meanwhile stays", async () => {
    const { app, start, broken, values } = await signedInApp();
    broken.add("set");
    pass();
    expect((await app.me()).ok).toBe(true);
    broken.clear();
    expect(await start().login(JANE)).toEqual(OK);
    const latest = values.get(REFRESH);

    expect((await app.accessToken()).ok).toBe(true);
    expect(values.get(REFRESH)).toBe(latest);
    expect((await start().me()).ok).toBe(true);
  });

  it("is named on the console by default, and cannot be combined with cookies", async () => {
    const { storage, broken } = await signedInApp();
    broken.add("get");
    const shown = vi.spyOn(console, "error").mockImplementation(() => {});

    expect(await createAuthClient(ISSUER, { storage }).me()).toMatchObject({ code: "storage_failed" });
    expect(shown).toHaveBeenCalledWith(expect.stringContaining("storage"), new Error("The keychain is locked."));
    expect(() => createAuthClient(ISSUER, { storage, transport: "cookie" })).toThrow(TypeError);
  });
});

describe("the device token of an app", () => {
  /** Strangers guess until only a known device may still try. */
  async function lockOut(world: World) {
    for (let n = 0; n < 24; n++) {
      const headers = { "cf-connecting-ip": `198.18.${n >> 2}.7` };
      await world.post("/auth/login", { identifier: "janedoe", password: `wrong-horse-${n}` }, headers);
    }
  }

  it("outlives the logout and a reset by code or link, so that strangers cannot lock the user out", async () => {
    const { world, app, start } = await signedInApp(NO_COOLDOWN);
    await app.logout();
    await lockOut(world);
    expect(await createAuthClient(ISSUER).login(JANE)).toMatchObject({ code: "too_many_attempts" });
    expect(await start().login(JANE)).toEqual(OK);

    const identifier = "janedoe";
    await outbox.clear();
    expect(await app.requestReset({ identifier })).toEqual(OK);
    await world.flush();
    const { code: otp } = await outbox.last();
    expect(await app.verifyReset({ identifier, otp, new_password: NEW_PASSWORD })).toEqual(OK);
    await lockOut(world);
    expect(await start().login({ identifier, password: NEW_PASSWORD })).toEqual(OK);
    expect(await app.forgotPassword({ identifier })).toEqual(OK);
    await world.flush();
    expect(await app.resetPassword({ token: (await outbox.last()).token, new_password: PASSWORD })).toEqual(OK);
    await lockOut(world);
    expect(await start().login(JANE)).toEqual(OK);
  });

  it("is kept in memory by a client without a storage", async () => {
    const { world } = await createWorldWithJane();
    connect(world);
    const client = createAuthClient(ISSUER);
    await client.login(JANE);
    await client.logout();
    await lockOut(world);

    expect(await client.login(JANE)).toEqual(OK);
  });
});
