import { afterEach, describe, expect, it, vi } from "vitest";
import { createAuthClient } from "../../src/sdk/client.ts";
import { browser, connect, createSignedIn, JANE, OK } from "../support/sdk-network.ts";
import { createWorld, createWorldWithJane, ISSUER, PASSWORD } from "../support/world.ts";

const SIGNED_OUT = { ok: false, code: "unauthenticated" };

afterEach(() => vi.unstubAllGlobals());

describe("the state of a client", () => {
  it("is reported to the hooks and to each listener once for each change, and is stable in between", async () => {
    const { world, jane } = await createWorldWithJane();
    const john = { email: "john@example.com", password: PASSWORD };
    const { json } = await world.post("/auth/register", john);
    connect(world);
    const seen: string[] = [];
    const client = createAuthClient(ISSUER, {
      onSignedIn: (userId) => seen.push(`in ${userId}`),
      onSignedOut: () => seen.push("out"),
    });
    const listener = vi.fn(() => seen.push(`state ${client.state().userId}`));
    const unsubscribe = client.subscribe(listener);
    expect(client.state()).toEqual({ status: "unknown", userId: null });

    expect(await client.login(JANE)).toEqual(OK);
    const state = client.state();
    await client.me();
    await client.reauthenticate({ password: PASSWORD });
    expect(client.state()).toBe(state);
    expect(state).toEqual({ status: "signed-in", userId: jane.id });
    await client.login(john);
    await client.logout();
    unsubscribe();
    await client.login(JANE);

    const [first, second] = [jane.id, json.id];
    expect(seen).toEqual([
      ...[`in ${first}`, `state ${first}`],
      ...["out", `in ${second}`, `state ${second}`],
      ...["out", "state null"],
      `in ${first}`,
    ]);
    expect(client.state().status).toBe("signed-in");
  });

  it("is not disturbed by a listener that throws", async () => {
    const { client } = await createSignedIn();
    vi.spyOn(console, "error").mockImplementation(() => {});
    const after = vi.fn();
    client.subscribe(() => {
      throw new Error("a bug of the page");
    });
    client.subscribe(after);

    expect(await client.logout()).toEqual(OK);
    expect(after).toHaveBeenCalledTimes(1);
  });

  it("follows the other tabs", async () => {
    const { world, jane } = await createWorldWithJane();
    const { open } = browser(world);
    const [first, second] = [open(), open()];
    const signedIn = vi.fn();
    const other = open({ onSignedIn: signedIn });
    expect([await first.me(), await second.me()]).toEqual([SIGNED_OUT, SIGNED_OUT]);
    const changed = vi.fn();
    second.subscribe(changed);

    expect(await first.login(JANE)).toEqual(OK);
    expect(second.state()).toEqual({ status: "signed-in", userId: jane.id });
    expect(signedIn).toHaveBeenCalledExactlyOnceWith(jane.id);
    expect((await second.me()).ok).toBe(true);
    await other.logout();
    expect(second.state()).toEqual({ status: "signed-out", userId: null });
    expect(changed).toHaveBeenCalledTimes(2);
  });
});

describe("a signed-out page", () => {
  it("asks the service once for five calls, and again when the person comes back", async () => {
    const { world, jane } = await createWorldWithJane();
    const { open, count, cookies, comeBack } = browser(world);
    const client = open();

    for (let n = 0; n < 5; n++) expect(await client.me()).toEqual(SIGNED_OUT);
    expect(count("POST /auth/refresh")).toBe(1);

    // Jane signs in on the hosted page, in another window.
    const { headers } = await world.form("/sign-in", { identifier: "janedoe", password: PASSWORD });
    cookies.keep(headers);
    expect(await client.me()).toEqual(SIGNED_OUT);
    comeBack("focus");
    expect(await client.me()).toMatchObject({ ok: true, value: { id: jane.id } });
    expect(count("POST /auth/refresh")).toBe(2);
  });

  it("asks again after a minute, and not after it is closed", async () => {
    const { open, count, comeBack } = browser(createWorld());
    const client = open();
    await client.me();
    vi.setSystemTime(Date.now() + 61_000);
    await client.me();
    expect(count("POST /auth/refresh")).toBe(2);
    client.close();
    comeBack("focus");
    await client.me();
    expect(count("POST /auth/refresh")).toBe(2);
  });
});

describe("a browser that drops the cookie", () => {
  it.each([
    ["a page of another site learns it at once", "https://app.example.com", 0, 1],
    ["a page of the same site at the next refresh", "https://www.auth.test", 880, 1],
    ["a page whose session was ended elsewhere", "https://www.auth.test", -1, 0],
  ])("is reported with the way to fix it: %s", async (_, origin, seconds, warnings) => {
    const { world } = await createWorldWithJane({ ALLOWED_ORIGINS: origin });
    const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
    const { open, cookies } = browser(world, origin);
    const client = open();
    if (seconds >= 0) cookies.drop();

    expect(await client.login(JANE)).toEqual(OK);
    if (seconds < 0) {
      const token = await client.accessToken();
      await world.call("POST", "/auth/logout", { token: token.ok ? token.value : "", body: { scope: "global" } });
    }
    vi.setSystemTime(Date.now() + Math.max(0, seconds) * 1000);
    await vi.waitFor(async () => {
      await client.me();
      expect(warned).toHaveBeenCalledTimes(warnings);
    });
    await client.me();
    expect(warned).toHaveBeenCalledTimes(warnings);
    if (warnings > 0) expect(warned.mock.calls[0]?.[0]).toMatch(/COOKIE_SAMESITE=None.*transport: "body"/);
  });

  it("is not suspected on another site whose cookie works", async () => {
    const origin = "https://app.example.com";
    const { world } = await createWorldWithJane({ COOKIE_SAMESITE: "None", ALLOWED_ORIGINS: origin });
    const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
    const { open, count } = browser(world, origin);
    const client = open();

    await client.login(JANE);
    await vi.waitFor(() => expect(count("POST /auth/refresh")).toBe(1));
    expect((await client.me()).ok).toBe(true);
    expect(warned).not.toHaveBeenCalled();
  });
});
