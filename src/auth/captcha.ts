import * as z from "zod/mini";
import { covers } from "../config/origins.ts";
import { isLoopback } from "../config/urls.ts";
import type { Deps } from "../deps.ts";
import { logError, logInfo, OwnError } from "../log.ts";
import { type Err, err } from "../result.ts";
import type { CaptchaAction } from "../schemas/captcha.ts";
import { orElse } from "../schemas/optional.ts";

const BASE_URL = "https://challenges.cloudflare.com";
const TIMEOUT_MILLISECONDS = 3000;
const BAD_SECRET = new OwnError("Turnstile refuses TURNSTILE_SECRET_KEY.");

/**
 * Requires a Turnstile token, which is valid once, for five minutes, and for one action
 * (https://developers.cloudflare.com/turnstile/get-started/server-side-validation/).
 *
 * Returns `captcha_required` if the token is missing or refused, or comes from a widget of another
 * host or action. If Turnstile does not answer, returns `check_unavailable` if `FAIL_CLOSED` names
 * the captcha; otherwise the request passes, and the counters in D1 still hold.
 */
export async function requireCaptcha(
  { config }: Deps,
  action: CaptchaAction,
  token: string | undefined,
): Promise<Err | undefined> {
  const { TURNSTILE_SECRET_KEY: secret, TURNSTILE_BASE_URL: baseUrl = BASE_URL } = config;
  if (!secret) return undefined;
  if (token === undefined) return err("captcha_required");

  const verdict = await siteverify(token, secret, baseUrl);
  if (verdict === "unavailable") return config.FAIL_CLOSED.includes("captcha") ? err("check_unavailable") : undefined;
  return verdict.success && isFor(verdict, action, config) ? undefined : err("captcha_required");
}

/**
 * Turnstile's answer; anything else is a refusal. `hostname` and `action` are those of the widget:
 * nobody can change them in the browser.
 */
const Verdict = orElse(
  z.object({
    success: z.boolean(),
    "error-codes": z._default(z.array(z.string()), []),
    hostname: z.nullish(z.string()),
    action: z.nullish(z.string()),
    metadata: z.nullish(z.object({ result_with_testing_key: z.nullish(z.boolean()) })),
  }),
  { success: false, "error-codes": [] },
);
type Verdict = z.infer<typeof Verdict>;

async function siteverify(token: string, secret: string, baseUrl: string): Promise<Verdict | "unavailable"> {
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
    const verdict = Verdict.parse(await answer.json().catch(() => null));
    const codes = verdict["error-codes"];
    if (codes.includes("internal-error")) throw new OwnError("Turnstile answered internal-error.");
    if (codes.some((code) => code.endsWith("-secret"))) logError("captcha_misconfigured", BAD_SECRET);
    return verdict;
  } catch (error) {
    logError("captcha_unavailable", error as Error);
    return "unavailable";
  }
}

/**
 * Tests whether a token comes from a widget on a page of this service or of a frontend, and was
 * made for this action: a token that was collected elsewhere is useless here.
 */
function isFor({ hostname, action, metadata }: Verdict, expected: CaptchaAction, config: Deps["config"]): boolean {
  const { ISSUER, ALLOWED_ORIGINS } = config;
  // Turnstile's test keys answer with a fixed host and without an action.
  if (metadata?.result_with_testing_key && isLoopback(ISSUER)) return true;

  // Anyone can use the host of an app, such as that of `capacitor://localhost`.
  const pages = [ISSUER, ...ALLOWED_ORIGINS].filter((origin) => /^https?:/.test(origin));
  const isOurs = pages.some((origin) => covers(new URL(origin).hostname, hostname ?? ""));
  const mismatch = !isOurs ? "hostname" : action !== expected ? "action" : undefined;
  if (mismatch) logInfo("captcha_mismatch", { mismatch });
  return !mismatch;
}
