import { vi } from "vitest";
import { type createWorld, ISSUER } from "../world.ts";

/** Has this world answer what is fetched from the service, and counts what is asked for. */
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
