import { describe, expect, it, vi } from "vitest";
import { createAuthClient } from "../../src/sdk/client.ts";
import { outbox, PROVIDERS } from "../support/outbox.ts";
import { connect, createSignedIn, JANE, OK } from "../support/sdk-network.ts";
import { createWorld, ISSUER, PASSWORD } from "../support/world.ts";

const NEW_PASSWORD = "brand-new-horse-8";

/** Moves all clocks forward. */
const pass = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);

const lost = () => Promise.reject(new TypeError("Network connection lost."));

describe("createAuthClient", () => {
  it("registers a user, verifies an address and resets the password", async () => {
    await outbox.clear();
    const world = createWorld({ ...PROVIDERS, OTP_RESEND_COOLDOWN_SECONDS: "0" });
    connect(world);
    const client = createAuthClient(ISSUER);
    const identifier = "john@example.com";
    const registered = await client.register({ email: identifier, password: PASSWORD, first_name: "John" });
    expect(registered).toMatchObject({ ok: true, value: { email: identifier, first_name: "John" } });
    await world.flush();
    expect(await client.verify({ identifier, otp: (await outbox.first()).code })).toEqual(OK);

    expect(await client.resendVerification({ identifier })).toEqual(OK);
    expect(await client.forgotPassword({ identifier })).toEqual(OK);
    await world.flush();
    const { token } = await outbox.last();
    expect(await client.resetPassword({ token, new_password: NEW_PASSWORD })).toEqual(OK);
    expect(await client.requestReset({ identifier })).toEqual(OK);
    await world.flush();
    const { code: otp } = await outbox.last();
    expect(await client.verifyReset({ identifier, otp, new_password: PASSWORD })).toEqual(OK);
    expect(await client.login({ identifier, password: PASSWORD })).toEqual(OK);
  });

  it("reads and changes the account of the signed-in user", async () => {
    await outbox.clear();
    const { world, jane, client } = await createSignedIn(PROVIDERS);

    expect(await client.me()).toEqual({ ok: true, value: jane });
    expect(await client.updateMe({ first_name: "Jane" })).toMatchObject({ ok: true, value: { first_name: "Jane" } });
    expect(await client.changeEmail({ email: "jane@new.example", password: PASSWORD })).toEqual(OK);
    await world.flush();
    expect(await client.confirmEmail((await outbox.last()).code)).toEqual(OK);
    expect(await client.changePhone({ phone: "+12025550199", password: PASSWORD })).toEqual(OK);
    await world.flush();
    const text = (await outbox.all()).find(({ to }) => to === "+12025550199")!;
    expect(await client.confirmPhone(text.code)).toEqual(OK);
    expect(await client.changePassword({ old_password: PASSWORD, new_password: NEW_PASSWORD })).toEqual(OK);

    const listed = await client.sessions();
    const [session] = listed.ok ? listed.value.sessions : [];
    expect(session).toMatchObject({ current: true });
    expect(await client.revokeSession("../me")).toMatchObject({ ok: false, code: "not_found" });
    expect(await client.revokeSession(session!.id)).toEqual(OK);
  });

  it("proves the user again, after which the account can be changed without a password", async () => {
    const { client } = await createSignedIn();
    vi.useFakeTimers({ toFake: ["Date"] });
    pass(600);
    expect(await client.changePassword({ new_password: NEW_PASSWORD })).toMatchObject({
      code: "reauthentication_required",
    });
    expect(await client.reauthenticate({ password: "wrong-horse-7" })).toMatchObject({ code: "invalid_credentials" });

    expect(await client.reauthenticate({ password: PASSWORD })).toEqual(OK);

    expect(await client.changePassword({ new_password: NEW_PASSWORD })).toEqual(OK);
    expect(await client.deleteMe()).toEqual(OK);
    expect(await client.me()).toMatchObject({ code: "unauthenticated" });
  });

  it("takes the address as a URL object, and says what is wrong with another one or with an option", async () => {
    connect(createWorld());
    const create = createAuthClient as (...args: unknown[]) => ReturnType<typeof createAuthClient>;
    for (const address of [new URL(ISSUER), `${ISSUER}/api/v1/`])
      expect(await create(address).me()).toMatchObject({ code: "unauthenticated" });
    for (const address of [undefined, null, "", "auth.example.com", "localhost:8787", "/auth", `${ISSUER}/?a=b`, {}])
      expect(() => create(address)).toThrow(/must be a URL such as https:\/\/auth\.example\.com, not /);
    expect(() => create(ISSUER, { onSignOut() {} })).toThrow("Unknown option: onSignOut.");
  });

  it("returns the code of a failed call", async () => {
    const world = createWorld();
    const { fetched } = connect(world);
    const client = createAuthClient(ISSUER);

    expect(await client.login({ identifier: "nobody", password: PASSWORD })).toEqual({
      ok: false,
      code: "invalid_credentials",
    });
    const errors = [{ path: "email", code: "required", message: "Send an email address or a phone number." }];
    expect(await client.register({ password: PASSWORD })).toEqual({ ok: false, code: "invalid_request", errors });
    expect(await client.me()).toEqual({ ok: false, code: "unauthenticated" });
    expect(await client.accessToken()).toEqual({ ok: false, code: "unauthenticated" });
    const busy = Response.json({ code: "overloaded" }, { status: 503, headers: { "retry-after": "5" } });
    fetched.mockResolvedValueOnce(busy);
    expect(await client.login(JANE)).toEqual({ ok: false, code: "overloaded", retryAfterSeconds: 5 });
    for (const answer of [lost, async () => new Response("<h1>Bad gateway</h1>", { status: 502 })]) {
      fetched.mockImplementationOnce(answer);
      expect(await client.login(JANE)).toEqual({ ok: false, code: "unreachable" });
    }
  });

  it("refreshes once for concurrent calls, shortly before the token expires", async () => {
    const { client, count } = await createSignedIn();
    const first = await client.accessToken();
    pass(860);
    expect(await client.accessToken()).toEqual(first);

    pass(15);
    const asked = await Promise.all([...Array.from({ length: 20 }, () => client.accessToken()), client.me()]);
    expect(asked[0]).not.toEqual(first);
    expect(asked.slice(0, 20)).toEqual(Array(20).fill(asked[0]));
    expect(count("POST /auth/refresh")).toBe(1);
  });

  it("retries a refresh after a lost response", async () => {
    const { client, count, fetched, onSignedOut } = await createSignedIn();
    const through = fetched.getMockImplementation()!;
    pass(880);
    // The service rotates the token, but its response is lost.
    fetched.mockImplementationOnce(async (...args) => {
      await through(...args);
      return lost();
    });

    expect((await client.accessToken()).ok).toBe(true);
    expect(count("POST /auth/refresh")).toBe(2);
    pass(880);
    expect((await client.accessToken()).ok).toBe(true);
    expect(onSignedOut).not.toHaveBeenCalled();
  });

  it("keeps the session while the service is unreachable", { timeout: 20_000 }, async () => {
    const { client, fetched, onSignedOut } = await createSignedIn();
    const through = fetched.getMockImplementation()!;
    pass(880);
    fetched.mockImplementation(lost);
    const before = fetched.mock.calls.length;

    expect(await client.me()).toEqual({ ok: false, code: "unreachable" });
    expect(fetched.mock.calls.length - before).toBe(3);
    fetched.mockImplementation(async (input) =>
      (input as Request).url === "https://notes.test/" ? new Response() : lost(),
    );
    await expect(client.fetch("https://notes.test/")).rejects.toThrow("unreachable");
    fetched.mockImplementation(through);
    expect((await client.me()).ok).toBe(true);
    expect(onSignedOut).not.toHaveBeenCalled();
  });

  it("calls onSignedOut once when the session has ended", async () => {
    const { world, client, onSignedOut, count } = await createSignedIn();
    const token = await client.accessToken();
    await world.send("/auth/logout", {
      method: "POST",
      headers: { authorization: `Bearer ${token.ok ? token.value : ""}`, "content-type": "application/json" },
      body: "{}",
    });

    const outcomes = await Promise.all([client.me(), client.sessions(), client.me()]);
    expect(outcomes.map(({ ok }) => ok)).toEqual([false, false, false]);
    expect(await client.me()).toEqual({ ok: false, code: "unauthenticated" });
    expect(onSignedOut).toHaveBeenCalledTimes(1);
    expect(count("POST /auth/refresh")).toBe(1);
  });

  it.each([
    ["a logout", (client: ReturnType<typeof createAuthClient>) => client.logout()],
    ["a global logout", (client: ReturnType<typeof createAuthClient>) => client.logout("global")],
    ["the deletion of the account", (client: ReturnType<typeof createAuthClient>) => client.deleteMe(PASSWORD)],
  ])("drops its tokens after %s", async (_, leave) => {
    const { client, onSignedOut } = await createSignedIn();
    expect(await leave(client)).toEqual(OK);
    expect(await client.accessToken()).toEqual({ ok: false, code: "unauthenticated" });
    expect(onSignedOut).toHaveBeenCalledTimes(1);
  });

  it("stays signed in after a logout of other sessions or a failed logout", async () => {
    const { client, fetched, onSignedOut } = await createSignedIn();

    expect(await client.logout("others")).toEqual(OK);
    fetched.mockImplementationOnce(lost);
    expect(await client.logout()).toEqual({ ok: false, code: "unreachable" });
    expect((await client.me()).ok).toBe(true);
    expect(onSignedOut).not.toHaveBeenCalled();
  });

  it("delays login and logout until a pending refresh is done", async () => {
    const { client, fetched, asked } = await createSignedIn();
    const through = fetched.getMockImplementation()!;
    pass(880);
    let release: (() => void) | undefined;
    fetched.mockImplementationOnce(async (...args) => {
      const answer = await through(...args);
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return answer;
    });
    const refreshed = client.accessToken();
    await vi.waitFor(() => expect(release).toBeDefined());
    const loggedIn = client.login(JANE);
    const loggedOut = client.logout();
    asked.length = 0;
    release?.();

    expect([(await refreshed).ok, await loggedIn, await loggedOut]).toEqual([true, OK, OK]);
    expect(asked).toEqual(["POST /auth/login", "POST /auth/logout"]);
    expect(await client.accessToken()).toEqual({ ok: false, code: "unauthenticated" });
  });

  it("signs out the previous user when another user logs in", async () => {
    const { world, client, onSignedOut } = await createSignedIn();
    const john = { email: "john@example.com", password: PASSWORD };
    await world.post("/auth/register", john);
    expect(await client.login(JANE)).toEqual(OK);
    expect(onSignedOut).not.toHaveBeenCalled();

    expect(await client.login(john)).toEqual(OK);
    expect(onSignedOut).toHaveBeenCalledTimes(1);
    expect(await client.me()).toMatchObject({ ok: true, value: { email: "john@example.com" } });
  });

  it("treats a response of another server as unreachable", async () => {
    const { client, fetched, onSignedOut } = await createSignedIn();
    fetched.mockImplementation(
      async () => new Response("<h1>Welcome</h1>", { headers: { "content-type": "text/html" } }),
    );

    const unreachable = { ok: false, code: "unreachable" };
    expect(await client.login(JANE)).toEqual(unreachable);
    expect(await client.me()).toEqual(unreachable);
    expect(await client.logout()).toEqual(unreachable);
    expect(onSignedOut).not.toHaveBeenCalled();
  });

  it("ends the session if the service does not know the refresh token", async () => {
    const { client, fetched, onSignedOut } = await createSignedIn();
    const unknown = async () => Response.json({ code: "invalid_refresh_token" }, { status: 401 });
    fetched.mockImplementationOnce(unknown);

    expect(await client.logout()).toEqual(OK);
    expect(onSignedOut).toHaveBeenCalledTimes(1);
  });
});
