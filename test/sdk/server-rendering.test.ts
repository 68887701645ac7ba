import { afterEach, describe, expect, it, vi } from "vitest";
import { createAuthClient, type SessionState } from "../../src/sdk/client.ts";
import { browser, connect, createCookies, JANE } from "../support/sdk-network.ts";
import { createWorld, createWorldWithJane, ISSUER, PASSWORD, type World } from "../support/world.ts";

const APP = "https://app.test";
const JOHN = { email: "john@example.com", password: PASSWORD };

/** The recipe of docs/sdk.md: a client for one request to a server that renders pages. */
function createRequestClient(request: Request) {
  const cookies: string[] = [];
  const auth = createAuthClient(ISSUER, {
    transport: "cookie",
    async fetch(input, init) {
      const outgoing = new Request(input, init);
      outgoing.headers.set("Origin", APP);
      outgoing.headers.set("Cookie", request.headers.get("Cookie") ?? "");
      const response = await fetch(outgoing);
      cookies.push(...response.headers.getSetCookie());
      return response;
    },
  });
  return { auth, cookies };
}

/** Renders a page on the server: the user's name, and the state for the browser. */
async function render(request: Request): Promise<Response> {
  const { auth, cookies } = createRequestClient(request);
  const me = await auth.me();
  const page = { name: me.ok ? me.value.email : me.code, state: auth.state() };
  const headers = new Headers({ "Cache-Control": "private, no-store" });
  for (const cookie of cookies) headers.append("Set-Cookie", cookie);
  return Response.json(page, { headers });
}

/** A browser that has signed in and opens pages of the server. */
async function visitor(world: World, credentials: object) {
  const cookies = createCookies(APP);
  const { headers } = await world.post("/auth/login", { ...credentials, transport: "cookie" }, { origin: APP });
  cookies.keep(headers);
  return {
    cookies,
    async open() {
      const request = new Request(APP);
      cookies.send(request.headers);
      const response = await render(request);
      cookies.keep(response.headers);
      return (await response.json()) as { name: string; state: SessionState };
    },
  };
}

afterEach(() => vi.unstubAllGlobals());

describe("rendering on a server", () => {
  it("shows each of many concurrent users their own page, and nobody's to a visitor without cookies", async () => {
    const { world } = await createWorldWithJane();
    await world.post("/auth/register", JOHN);
    connect(world);
    // Node has one. Through it, the clients of two users would share a session.
    const BroadcastChannel = vi.fn();
    vi.stubGlobal("BroadcastChannel", BroadcastChannel);
    const [jane, john] = [await visitor(world, JANE), await visitor(world, JOHN)];

    const openings = Array.from({ length: 10 }, (_, n) => (n % 2 ? john : jane).open());
    const names = (await Promise.all(openings)).map(({ name }) => name);

    expect(names).toEqual(Array.from({ length: 10 }, (_, n) => (n % 2 ? JOHN.email : "jane.doe@example.com")));
    expect(await (await render(new Request(APP))).json()).toEqual({
      name: "unauthenticated",
      state: { status: "signed-out", userId: null },
    });
    expect(BroadcastChannel).not.toHaveBeenCalled();
  });

  it("keeps the session of the browser through many pages, long after the first", async () => {
    const { world } = await createWorldWithJane();
    connect(world);
    const jane = await visitor(world, JANE);
    vi.useFakeTimers({ toFake: ["Date"] });

    for (let n = 0; n < 3; n++) {
      expect((await jane.open()).state.status).toBe("signed-in");
      vi.setSystemTime(Date.now() + 3_600_000);
    }
  });

  it("hands the state to the browser, whose client takes over without being signed out in between", async () => {
    const { world, jane } = await createWorldWithJane();
    connect(world);
    const visit = await visitor(world, JANE);
    const { state } = await visit.open();
    vi.restoreAllMocks();
    const { open, cookies, count } = browser(world);
    for (const [name, value] of visit.cookies.jar) cookies.jar.set(name, value);
    const changed = vi.fn();
    const hooks = { onSignedIn: vi.fn(), onSignedOut: vi.fn() };

    const client = open({ initialState: state, ...hooks });
    client.subscribe(changed);
    expect(client.state()).toBe(state);
    expect(count("POST /auth/refresh")).toBe(0);
    expect(await client.me()).toMatchObject({ ok: true, value: { id: jane.id } });

    for (const called of [changed, hooks.onSignedIn, hooks.onSignedOut]) expect(called).not.toHaveBeenCalled();
    await client.logout();
    expect(hooks.onSignedOut).toHaveBeenCalledTimes(1);
  });

  it("that found nobody does not keep the browser from asking itself", async () => {
    const { world } = await createWorldWithJane();
    const { open, cookies } = browser(world);
    const login = await world.post("/auth/login", { ...JANE, transport: "cookie" }, { origin: APP });
    cookies.keep(login.headers);

    const client = open({ initialState: { status: "signed-out", userId: null } });
    expect((await client.me()).ok).toBe(true);
    expect(client.state().status).toBe("signed-in");
  });

  it("calls the service through what the app gives as fetch, such as a binding", async () => {
    const { fetched } = connect(createWorld());
    const asked: string[] = [];
    const bound = async (input: Request | string) => {
      asked.push(typeof input === "string" ? input : input.url);
      return Response.json({ code: "overloaded" }, { status: 503 });
    };

    const client = createAuthClient(ISSUER, { fetch: bound });
    expect(await client.login(JANE)).toMatchObject({ code: "overloaded" });
    await client.fetch(`${ISSUER}/users/me`);
    expect(asked).toEqual([`${ISSUER}/auth/login`, `${ISSUER}/users/me`]);
    expect(fetched).not.toHaveBeenCalled();
  });
});
