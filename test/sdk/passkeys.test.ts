import { afterEach, describe, expect, it, vi } from "vitest";
import { type AuthClient, type ClientResult, createAuthClient } from "../../src/sdk/client.ts";
import { plugInAuthenticator, refusal } from "../support/browser-passkeys.ts";
import { browser, connect, createSignedIn, JANE, OK } from "../support/sdk-network.ts";
import { createWorld, createWorldWithJane, ISSUER, PASSWORD } from "../support/world.ts";

afterEach(() => vi.unstubAllGlobals());

const pass = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);

function valueIn<T>(result: ClientResult<T>): T {
  if (!result.ok) throw new Error(result.code);
  return result.value;
}

/** Jane's client, which has just added a passkey. */
async function createWithPasskey() {
  vi.useFakeTimers({ toFake: ["Date"] });
  const authenticator = plugInAuthenticator();
  const signedIn = await createSignedIn();
  const { passkey, recovery_codes } = valueIn(await signedIn.client.passkeys.register({ name: "My phone" }));
  return { ...signedIn, authenticator, passkey, codes: recovery_codes ?? [] };
}

/** A client that asks for a passkey as the second step, and for nothing else. */
async function loginWithPasskey(client: AuthClient) {
  const first = await client.login(JANE);
  if (first.ok || first.code !== "second_factor_required") throw new Error("no second factor was asked for");
  return {
    factors: first.factors,
    second: await client.secondFactor({ login_token: first.login_token, passkey: true }),
  };
}

async function registerAndLogIn(client: AuthClient) {
  const john = { email: "john@example.com", password: PASSWORD };
  await client.register(john);
  expect(await client.login(john)).toEqual(OK);
}

describe("passkeys of the client", () => {
  it("are added with recovery codes, sign in alone, and are a second factor", async () => {
    const { client, passkey, codes, count, authenticator } = await createWithPasskey();
    expect([passkey.name, codes.length, await client.factors()]).toMatchObject([
      "My phone",
      10,
      { value: { passkeys: 1 } },
    ]);
    // The tokens of the registration have replaced those from before.
    expect(count("POST /auth/refresh")).toBe(0);
    const values = new Map<string, string>();
    const storage = {
      get: (name: string) => values.get(name),
      set: (name: string, value: string) => values.set(name, value),
      remove: (name: string) => values.delete(name),
    };
    const other = createAuthClient(ISSUER, { storage });

    expect(await other.passkeys.signIn()).toEqual(OK);

    expect([...values.keys()].map((name) => name.split(".").at(-1)).sort()).toEqual(["device_token", "refresh_token"]);
    const token = valueIn(await other.accessToken());
    expect(JSON.parse(atob(token.split(".")[1] ?? ""))).toMatchObject({ acr: "aal2" });
    expect(await loginWithPasskey(createAuthClient(ISSUER))).toEqual({
      factors: ["passkey", "recovery_code"],
      second: OK,
    });
    const allowCredentials = [{ type: "public-key", transports: ["usb"] }];
    expect(authenticator.get.mock.calls.at(-1)).toMatchObject([{ publicKey: { allowCredentials } }]);
  });

  it("keep the session in the cookie, and tell the other tabs", async () => {
    const { world, jane } = await createWorldWithJane();
    const page = browser(world);
    plugInAuthenticator();
    const client = page.open();
    await client.login(JANE);
    valueIn(await client.passkeys.register());
    await client.logout();
    const other = page.open();

    expect(await client.passkeys.signIn()).toEqual(OK);

    expect(page.cookies.jar.has("__Host-refresh_token")).toBe(true);
    expect(other.state()).toEqual({ status: "signed-in", userId: jane.id });
    // Waits for the check of the cookie.
    expect(await client.logout()).toEqual(OK);
  });

  it("are listed, renamed and removed, and the browser learns which are left", async () => {
    const { client, passkey, authenticator } = await createWithPasskey();
    await vi.waitFor(() => expect(authenticator.signaled.length).toBe(1));
    expect(await client.passkeys.rename("../totp", "Mine")).toMatchObject({ code: "not_found" });
    expect(await client.passkeys.rename(passkey.id, "Mine")).toMatchObject({ value: { id: passkey.id, name: "Mine" } });
    const { passkeys, user_handle } = valueIn(await client.passkeys.list());
    expect(passkeys).toMatchObject([{ id: passkey.id, name: "Mine" }]);
    expect(authenticator.signaled.at(-1)).toEqual({
      rpId: "auth.test",
      userId: user_handle,
      allAcceptedCredentialIds: [passkey.id],
    });
    expect(authenticator.kept()).toBe(1);

    expect(await client.passkeys.remove(passkey.id)).toEqual(OK);

    await vi.waitFor(() => expect(authenticator.kept()).toBe(0));
    expect([await client.login(JANE), (await client.me()).ok]).toEqual([OK, true]);
  });

  it("the service refuses are removed from the authenticator, unless no response arrived", async () => {
    const { client, authenticator, fetched } = await createWithPasskey();
    valueIn(await client.passkeys.remove(valueIn(await client.passkeys.list()).passkeys[0]?.id ?? ""));
    await vi.waitFor(() => expect(authenticator.kept()).toBe(0));
    const through = fetched.getMockImplementation()!;
    const losing = (answer: () => Promise<Response>) =>
      fetched.mockImplementation(async (input, init) =>
        String(input).endsWith("/users/me/passkeys") && init?.method === "POST" ? answer() : through(input, init),
      );

    losing(() => Promise.reject(new TypeError("Network connection lost.")));
    expect(await client.passkeys.register()).toMatchObject({ code: "unreachable" });
    fetched.mockImplementation(through);
    await client.me();
    expect(authenticator.kept()).toBe(1);
    expect(await client.passkeys.register({ name: "x".repeat(61) })).toMatchObject({ errors: [{ path: "name" }] });
    await vi.waitFor(() => expect(authenticator.kept()).toBe(0));
  });

  it("prove the user again, where the password is not enough", async () => {
    const { client, passkey } = await createWithPasskey();
    pass(600);
    expect(await client.passkeys.remove(passkey.id, { password: PASSWORD })).toMatchObject({ stepUp: { acr: "aal2" } });

    expect(await client.reauthenticate({ passkey: true })).toEqual(OK);

    expect(await client.removePassword()).toEqual(OK);
    expect(await client.factors()).toMatchObject({ value: { password: false, passkeys: 1 } });
    expect(await client.passkeys.remove(passkey.id)).toMatchObject({ code: "last_credential" });
    expect(valueIn(await client.events({ group: "changes", limit: 1 })).events).toMatchObject([
      { type: "password_removed" },
    ]);
  });

  it("fail with a code for each error of the browser, and send nothing", async () => {
    const { client, authenticator, count } = await createWithPasskey();
    const codes = {
      NotAllowedError: ["canceled", "canceled"],
      AbortError: ["canceled", "canceled"],
      NotSupportedError: ["passkeys_unsupported", "passkeys_unsupported"],
      SecurityError: ["passkey_failed", "passkey_failed"],
      // From a sign-in, it says that the page has been left.
      InvalidStateError: ["passkey_exists", "passkey_failed"],
    };
    for (const [name, [created, used]] of Object.entries(codes)) {
      authenticator.create.mockImplementationOnce(refusal(name));
      expect(await client.passkeys.register()).toMatchObject({ ok: false, code: created, cause: { name } });
      authenticator.get.mockImplementationOnce(refusal(name));
      expect(await client.passkeys.signIn()).toMatchObject({ ok: false, code: used, cause: { name } });
    }
    expect([count("POST /users/me/passkeys"), count("POST /auth/passkeys/login")]).toEqual([1, 0]);
    expect((await client.me()).ok).toBe(true);
  });

  it("are not asked for without WebAuthn, nor by a call with an aborted signal", async () => {
    const { asked } = connect(createWorld());
    const client = createAuthClient(ISSUER);
    expect([client.passkeys.supported(), await client.passkeys.autofillSupported()]).toEqual([false, false]);
    for (const autofill of [false, true])
      expect(await client.passkeys.signIn({ autofill })).toEqual({ ok: false, code: "passkeys_unsupported" });
    plugInAuthenticator();
    expect([client.passkeys.supported(), await client.passkeys.autofillSupported()]).toEqual([true, true]);
    for (const autofill of [false, true])
      expect(await client.passkeys.signIn({ autofill, signal: AbortSignal.abort() })).toMatchObject({
        code: "canceled",
      });
    expect(asked).toEqual([]);
  });

  it("are not asked for if the service refuses or is not reached, or the app aborts the call before", async () => {
    const { client, authenticator, fetched } = await createWithPasskey();
    const calls = authenticator.get.mock.calls.length;
    expect(await client.secondFactor({ login_token: "a.b.c", passkey: true })).toMatchObject({
      code: "invalid_login_token",
    });
    fetched.mockImplementationOnce(() => Promise.reject(new TypeError("Network connection lost.")));
    expect(await client.passkeys.signIn()).toEqual({ ok: false, code: "unreachable" });
    const controller = new AbortController();
    const signedIn = client.passkeys.signIn({ signal: controller.signal });
    controller.abort();
    expect(await signedIn).toEqual({ ok: false, code: "canceled" });
    expect(authenticator.get.mock.calls.length).toBe(calls);
  });
});

describe("passkeys in a field", () => {
  it("sign in when the user chooses one", async () => {
    const { client, authenticator } = await createWithPasskey();
    await client.logout();
    const signedIn = client.passkeys.signIn({ autofill: true });
    await vi.waitFor(() => expect(authenticator.isOffering()).toBe(true));
    authenticator.choose();

    expect([await signedIn, (await client.me()).ok]).toEqual([OK, true]);
  });

  it.each<[string, (client: AuthClient, abort: () => void) => unknown]>([
    ["a click on a button", (client) => client.passkeys.signIn()],
    ["a sign-in by password", (client) => registerAndLogIn(client)],
    ["the signal of the app", (_, abort) => abort()],
    ["the end of the client", (client) => client.close()],
  ])("are no longer offered after %s", async (_, act) => {
    const { client, authenticator } = await createWithPasskey();
    await client.logout();
    const controller = new AbortController();
    const offered = client.passkeys.signIn({ autofill: true, signal: controller.signal });
    await vi.waitFor(() => expect(authenticator.isOffering()).toBe(true));

    await act(client, () => controller.abort());

    expect(await offered).toMatchObject({ ok: false, code: "canceled" });
    expect(authenticator.isOffering()).toBe(false);
  });

  it("are offered with fresh options before those expire", async () => {
    const { client, authenticator, count } = await createWithPasskey();
    await client.logout();
    vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] });
    const signedIn = client.passkeys.signIn({ autofill: true });
    await vi.waitFor(() => expect(authenticator.isOffering()).toBe(true));
    const asked = count("POST /auth/passkeys/options");

    for (const renewals of [1, 2]) {
      await vi.advanceTimersByTimeAsync(240_000);
      await vi.waitFor(() =>
        expect([count("POST /auth/passkeys/options") - asked, authenticator.isOffering()]).toEqual([renewals, true]),
      );
    }
    authenticator.choose();
    expect(await signedIn).toEqual(OK);
    await vi.advanceTimersByTimeAsync(300_000);
    expect(count("POST /auth/passkeys/options") - asked).toBe(2);
  });
});
