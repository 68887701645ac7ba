/** A device that signs in by a code (RFC 8628), in tests. */
import { DEVICE_GRANT } from "../../src/contract/oauth-client.ts";
import { createSignedIn, startDevice } from "./oauth.ts";
import { stopClock } from "./world.ts";

export type World = Awaited<ReturnType<typeof createSignedIn>>["world"];
export type Started = Awaited<ReturnType<typeof startDevice>>;

/** Sends a form from this network. */
export const send = (world: World, path: string, form: Record<string, string>, ip: string) =>
  world.send(path, { method: "POST", headers: { "cf-connecting-ip": ip }, body: new URLSearchParams(form) });

/** Stops the clock now. Returns what moves it. */
export function stoppedClock() {
  let now = Date.now();
  stopClock(now);
  return {
    advance(seconds: number) {
      now += seconds * 1000;
      stopClock(now);
    },
  };
}

let polls = 0;

/** Polls as the device does, of which there are few in one network. */
export const poll = (world: World, { client_id, device_code }: Started, more: Record<string, string> = {}) =>
  send(
    world,
    "/oauth/token",
    { grant_type: DEVICE_GRANT, client_id, device_code, ...more },
    `198.18.20.${polls++ % 10}`,
  );

export const told = ({ status, json }: { status: number; json: { error?: string } }) => [status, json.error];

/** Jane is signed in to a browser, and a device has a code. */
export async function createDevice(settings: Partial<Env> = {}) {
  const signedIn = await createSignedIn(settings);
  const { visitor } = signedIn;
  const device = await startDevice(signedIn.world);
  const type = (code = device.user_code) => visitor.post("/device", { code });
  const answer = (choice = "allow", code = device.user_code) => visitor.post("/device", { code, answer: choice });
  return { ...signedIn, device, type, answer };
}
