import { stepAt, totpCode } from "../../src/crypto/totp.ts";
import type { PreparedJane } from "./route.ts";
import type { World } from "./world.ts";

/** The code that an authenticator app shows, `later` steps from now. */
export const appCode = (secret: string, later = 0) => totpCode(secret, stepAt(Date.now()) + later);

/** A code that the app shows in no step of the window. */
export function wrongAppCode(secret: string, n = 0): string {
  const shown = [-1, 0, 1, 2].map((later) => appCode(secret, later));
  return (["000000", "111111", "222222", "333333", "444444", "555555"].filter((code) => !shown.includes(code)).at(n) ??
    "666666") as string;
}

export interface EnrolledApp {
  secret: string;
  recovery_codes: string[];
  access_token: string;
  refresh_token: string;
  device_token: string;
}

/** Posts in this world, for `addApp`. */
export const postTo =
  (world: Pick<World, "call">): PreparedJane["post"] =>
  async (path, body, token) =>
    (await world.call("POST", path, { body, ...(token !== undefined && { token }) })).json;

/** Adds an authenticator app in this session, with the current code of the app. */
export async function addApp(post: PreparedJane["post"], token: string): Promise<EnrolledApp> {
  const { secret } = await post("/users/me/totp", {}, token);
  const confirmed = await post("/users/me/totp/confirm", { code: appCode(secret) }, token);
  if (!confirmed.access_token) throw new Error(`the app was not confirmed: ${JSON.stringify(confirmed)}`);
  return { secret, ...confirmed };
}
