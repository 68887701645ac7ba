import { afterEach, beforeEach } from "vitest";
import { freePort, type LocalServer, makeClone, removeClone, serveClone } from "../../scripts/clone.ts";

/** The clone of the current test. */
export let clone: string;
let port: number;
let server: LocalServer | undefined;

/** Gives each test of the file a fresh clone that has its dependencies. */
export function eachInItsClone() {
  beforeEach(async () => {
    port = await freePort();
    clone = makeClone();
  });

  afterEach(async () => {
    await stop();
    removeClone(clone);
  });
}

/** Runs `npm start -- …flags` and returns the address once it serves. */
export async function start(...flags: string[]): Promise<string> {
  server = await serveClone(clone, port, ...flags);
  return server.address;
}

export async function stop() {
  await server?.stop();
  server = undefined;
}

export const post = (url: string, body: object, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
