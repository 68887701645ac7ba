import { expect, vi } from "vitest";
import { type AuthClientOptions, createAuthClient } from "../../src/sdk/client.ts";
import { createWorldWithJane, ISSUER, PASSWORD, type World } from "./world.ts";

/** Routes fetches from the service to this world, and counts them. */
export function connect(world: World, cookies?: Cookies) {
  const asked: string[] = [];
  const real = globalThis.fetch;
  const fetched = vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input as string, init);
    const { origin, pathname, search } = new URL(request.url);
    if (origin !== ISSUER) return real(input, init);
    asked.push(`${request.method} ${pathname}`);
    const body = request.body ? await request.text() : null;
    if (cookies) cookies.send(request.headers);
    const { status, headers, text } = await world.send(pathname + search, {
      method: request.method,
      headers: request.headers,
      body,
    });
    cookies?.keep(headers);
    return new Response(text === "" ? null : text, { status, headers });
  });
  return { fetched, asked, count: (what: string) => asked.filter((item) => item === what).length };
}

export const JANE = { identifier: "janedoe", password: PASSWORD };
/** The result of an act without a value. */
export const OK = { ok: true, value: undefined };

/** Jane's client, logged in. It sends tokens to the service and to https://notes.test. */
export async function createSignedIn(overrides: Partial<Env> = {}) {
  const { world, jane } = await createWorldWithJane(overrides);
  const network = connect(world);
  const onSignedOut = vi.fn();
  const client = createAuthClient(`${ISSUER}/`, { onSignedOut, tokenOrigins: ["https://notes.test"] });
  expect(await client.login(JANE)).toEqual(OK);
  return { world, jane, client, onSignedOut, ...network };
}

/** The cookies that a browser keeps of the service. */
export function createCookies(origin: string) {
  const jar = new Map<string, string>();
  let isDropping = false;
  return {
    jar,
    send(headers: Headers) {
      headers.set("origin", origin);
      if (jar.size > 0) headers.set("cookie", [...jar].map((pair) => pair.join("=")).join("; "));
    },
    keep(headers: Headers) {
      for (const cookie of isDropping ? [] : headers.getSetCookie()) {
        const [name = "", value = ""] = cookie.split(";")[0]?.split("=") ?? [];
        if (cookie.includes("Max-Age=0")) jar.delete(name);
        else jar.set(name, value);
      }
    },
    drop() {
      isDropping = true;
    },
  };
}
type Cookies = ReturnType<typeof createCookies>;

/**
 * The parts of a page that workerd lacks, for this origin: a document, tabs that hear each other,
 * and cookies. The service must allow the origin.
 */
export function browser(world: World, origin = "https://app.test") {
  vi.useFakeTimers({ toFake: ["Date"] });
  const cookies = createCookies(origin);
  const network = connect(world, cookies);
  const page = new EventTarget();
  const channels: { onmessage: ((event: { data: unknown }) => void) | null }[] = [];
  class BroadcastChannel {
    onmessage: ((event: { data: unknown }) => void) | null = null;
    constructor() {
      channels.push(this);
    }
    postMessage(data: unknown) {
      for (const channel of channels) if (channel !== this) channel.onmessage?.({ data });
    }
    close() {}
  }
  const { hostname } = new URL(origin);
  vi.stubGlobal("document", {});
  vi.stubGlobal("location", { origin, hostname });
  vi.stubGlobal("BroadcastChannel", BroadcastChannel);
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  return {
    ...network,
    cookies,
    open: (options: AuthClientOptions = {}) => createAuthClient(ISSUER, options),
    comeBack: (type: string) => page.dispatchEvent(new Event(type)),
  };
}
