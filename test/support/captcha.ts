import { env } from "cloudflare:workers";

const { PROVIDER } = env as Env & { PROVIDER: string };

/** Turnstile's test keys. The provider on loopback stands in for its API. */
export const TURNSTILE = {
  TURNSTILE_SITE_KEY: "1x00000000000000000000AA",
  TURNSTILE_SECRET_KEY: "1x0000000000000000000000000000000AA",
  TURNSTILE_BASE_URL: PROVIDER,
};
export const TOKEN = "XXXX.DUMMY.TOKEN.XXXX";

/** Turnstile's answer to a valid token of our sign-up page, or of one that differs so. */
export function passed(difference: object) {
  const verdict = { success: true, "error-codes": [], hostname: "auth.test", action: "register", ...difference };
  return { status: 200, body: JSON.stringify(verdict) };
}
