import type { Deps } from "../deps.ts";
import { logError, OwnError } from "../log.ts";
import { type Err, err } from "../result.ts";

const BASE_URL = "https://challenges.cloudflare.com";
const TIMEOUT_MILLISECONDS = 3000;
const BAD_SECRET = new OwnError("Turnstile refuses TURNSTILE_SECRET_KEY.");

/**
 * Requires a Turnstile token, which is valid once and for five minutes
 * (https://developers.cloudflare.com/turnstile/get-started/server-side-validation/).
 *
 * Returns `captcha_required` if the token is missing or refused, and undefined if Turnstile is not
 * set up or does not answer: the counters in D1 still hold.
 */
export async function requireCaptcha({ config }: Deps, token: string | undefined): Promise<Err | undefined> {
  const { TURNSTILE_SECRET_KEY: secret, TURNSTILE_BASE_URL: baseUrl = BASE_URL } = config;
  if (!secret) return undefined;
  return token !== undefined && (await siteverify(token, secret, baseUrl)) ? undefined : err("captcha_required");
}

async function siteverify(token: string, secret: string, baseUrl: string): Promise<boolean> {
  try {
    const answer = await fetch(new URL("/turnstile/v0/siteverify", baseUrl), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ secret, response: token }),
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    });
    if (answer.status >= 500) throw new OwnError(`Turnstile answered ${answer.status}.`);
    // A refusal may be a 4xx, with or without JSON.
    const { success, "error-codes": codes = [] } = (await answer.json().catch(() => ({}))) as Verdict;
    if (codes.includes("internal-error")) throw new OwnError("Turnstile answered internal-error.");
    if (codes.some((code) => code.endsWith("-secret"))) logError("captcha_misconfigured", BAD_SECRET);
    return success === true;
  } catch (error) {
    logError("captcha_unavailable", error as Error);
    return true;
  }
}

interface Verdict {
  success?: unknown;
  "error-codes"?: string[];
}
