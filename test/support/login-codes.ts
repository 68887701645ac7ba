import { browserOf } from "./login-code-routes.ts";
import { NO_COOLDOWN, outbox } from "./outbox.ts";
import { JANE } from "./people.ts";
import { createWorldWithJane, type World } from "./world.ts";

/** The header of a browser that keeps this nonce. */
export const ownBrowser = (nonce: string) => ({ cookie: `__Host-login_browser=${nonce}` });

/** Requests a code to sign in and returns what was sent, and the nonce of the browser. */
export async function requestCode(world: World, name: object = { email: JANE.email }, headers = {}) {
  const { status, headers: answered } = await world.post("/auth/login/request-code", name, headers);
  if (status !== 202) throw new Error(`the request was answered with ${status}`);
  await world.flush();
  return { ...(await outbox.last()), nonce: browserOf(answered) };
}

/** Signs in by a code. */
export const byCode = (world: World, otp: string, name: object = { email: JANE.email }, more = {}) =>
  world.post("/auth/login/code", { ...name, otp, ...more });

/** Signs in by a link, in the browser with this nonce. */
export const byLink = (world: World, token: string, nonce?: string, more = {}) =>
  world.post("/auth/login/link", { token, ...more }, nonce === undefined ? {} : ownBrowser(nonce));

/** Jane, who has asked for a code to sign in. */
export async function askedForCode(settings: Partial<Env> = {}) {
  const { world, jane, login } = await createWorldWithJane({ ...NO_COOLDOWN, ...settings });
  return { world, jane, login, ...(await requestCode(world)) };
}
