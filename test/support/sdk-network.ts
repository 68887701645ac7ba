import { expect, vi } from "vitest";
import { createAuthClient } from "../../src/sdk/client.ts";
import { type createWorld, createWorldWithJane, ISSUER, PASSWORD } from "./world.ts";

/** Routes fetches from the service to this world, and counts them. */
export function connect(world: ReturnType<typeof createWorld>) {
  const asked: string[] = [];
  const real = globalThis.fetch;
  const fetched = vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input as string, init);
    const { origin, pathname } = new URL(request.url);
    if (origin !== ISSUER) return real(input, init);
    asked.push(`${request.method} ${pathname}`);
    const body = request.body ? await request.text() : null;
    const { status, headers, text } = await world.send(pathname, {
      method: request.method,
      headers: request.headers,
      body,
    });
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
