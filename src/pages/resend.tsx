/**
 * Asking for another code or link. A browser that has just asked waits for the cooldown of
 * messages: the service would not send one before, and must not say so to strangers.
 */
import type { Context } from "hono";
import type { AppEnv } from "../http/app-env.ts";
import { type Err, err } from "../result.ts";
import { dropPageCookie, pageCookie, remember, remembered, setPageCookie } from "./cookies.ts";

/** The kinds of messages whose cooldowns are separate. */
type Sent = "verification" | "reset";

const cookieOf = (kind: Sent) => `${kind}_sent_at`;

/** Remembers whom this browser asked to send a message to, and when. */
export function rememberSent<E extends AppEnv>(c: Context<E>, kind: Sent, identifier: string) {
  const { config, now } = c.var.deps;
  remember(c, "identifier", identifier);
  const seconds = config.OTP_RESEND_COOLDOWN_SECONDS;
  if (seconds > 0) setPageCookie(c, cookieOf(kind), String(now()), seconds);
}

/** Forgets when this browser asked: the next user of it may be another person. */
export function forgetSent(c: Context) {
  for (const kind of ["verification", "reset"] as const) dropPageCookie(c, cookieOf(kind));
}

/** Returns the seconds until this browser can ask again, at most those of the cooldown. */
export function secondsToWait<E extends AppEnv>(c: Context<E>, kind: Sent): number {
  const { config, now } = c.var.deps;
  const sentAt = Number(pageCookie(c, cookieOf(kind)) ?? 0);
  const seconds = Math.ceil((sentAt - now()) / 1000) + config.OTP_RESEND_COOLDOWN_SECONDS;
  return Math.max(0, Math.min(seconds, config.OTP_RESEND_COOLDOWN_SECONDS)) || 0;
}

/** Returns `too_many_requests` while this browser has to wait for a message to this identifier. */
export function mustWait<E extends AppEnv>(c: Context<E>, kind: Sent, identifier: string): Err | undefined {
  const seconds = secondsToWait(c, kind);
  if (seconds <= 0 || remembered(c, "identifier") !== identifier) return undefined;
  return { ...err("too_many_requests"), retryAfterSeconds: seconds };
}

interface ResendProps {
  seconds: number;
  text: string;
  /** The text while the button has to wait, with `{seconds}`. */
  waiting: string;
  /** The action, if the button belongs to a form with another one. */
  action?: string;
}

/** A button that asks for another message. The script counts down until it can be pressed. */
export const ResendButton = ({ seconds, text, waiting, action }: ResendProps) => (
  <button
    type="submit"
    class="link"
    formaction={action}
    formnovalidate={action !== undefined}
    {...(seconds > 0 && { "data-countdown": seconds, "data-template": waiting })}
  >
    {text}
  </button>
);
