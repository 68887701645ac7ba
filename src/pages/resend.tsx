/**
 * Asking for another code or link. A browser that has just asked waits for the cooldown of
 * messages: the service would not send one before, and must not say so to strangers.
 */
import type { Context } from "hono";
import type { AppEnv } from "../http/app-env.ts";
import { pageCookie, remember, setPageCookie } from "../http/page-cookies.ts";
import { type Err, err } from "../result.ts";
import { parseIdentifier } from "../schemas/identifier.ts";
import { CaptchaField } from "./captcha.tsx";
import type { FormState } from "./fields.tsx";

/** The kinds of messages whose cooldowns are separate. */
type Sent = "verification" | "reset" | "login" | "identity";

const cookieOf = (kind: Sent) => `${kind}_sent` as const;

/** As long as a code or a link may be used. */
const TTL_SECONDS = 1800;

/**
 * Remembers whom this browser asked to send a message to, and when. To confirm an identity that is
 * the id of the user.
 */
export function rememberSent<E extends AppEnv>(c: Context<E>, kind: Sent, identifier: string) {
  if (kind !== "identity") remember(c, "identifier", identifier);
  setPageCookie(c, cookieOf(kind), `${c.var.deps.now()} ${identifier}`, TTL_SECONDS);
}

/** Returns whom this browser asked to send a message to, as typed, and when (Unix milliseconds). */
function lastSent(c: Context, kind: Sent): { at: number; to: string | undefined } {
  const [at, to] = pageCookie(c, cookieOf(kind))?.split(/ (.*)/s) ?? [];
  return { at: Number(at) || 0, to };
}

/** Returns whom this browser asked to send a message to, as typed. */
export const sentTo = (c: Context, kind: Sent): string | undefined => lastSent(c, kind).to;

/** Returns the seconds until this browser can ask again, at most those of the cooldown. */
export const secondsToWait = <E extends AppEnv>(c: Context<E>, kind: Sent): number =>
  cooldownAfter(c, lastSent(c, kind).at);

/** Returns the seconds that are left of the cooldown of a message, sent at this Unix time in ms. */
export function cooldownAfter<E extends AppEnv>(c: Context<E>, sentAt: number): number {
  const { config, now } = c.var.deps;
  const cooldown = config.OTP_RESEND_COOLDOWN_SECONDS;
  const passed = Math.floor((now() - sentAt) / 1000);
  return Math.max(0, Math.min(cooldown - passed, cooldown));
}

/** Returns `too_many_requests` while this browser has to wait for a message to this identifier. */
export async function mustWait<E extends AppEnv>(
  c: Context<E>,
  kind: Sent,
  identifier: string,
): Promise<Err | undefined> {
  const seconds = secondsToWait(c, kind);
  const read = async (text = "") => (await parseIdentifier({ identifier: text }, c.var.deps)).value;
  if (seconds <= 0 || (await read(sentTo(c, kind))) !== (await read(identifier))) return undefined;
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

interface ResendingProps extends Pick<ResendProps, "seconds"> {
  form: FormState;
  /** Whom the code went to, if this browser has asked for it. */
  sentTo: string | undefined;
  action: string;
}

/**
 * The second button of a form for a code, which sends another one. It comes last, so that the enter
 * key presses the first. It needs the captcha.
 */
export const Resending = ({ form: { t, captcha }, sentTo, seconds, action }: ResendingProps) => (
  <>
    <CaptchaField t={t} captcha={captcha} />
    <p class="soft">
      {sentTo?.includes("@") && `${t.verification.notReceived} `}
      <ResendButton seconds={seconds} text={t.verification.resend} waiting={t.verification.resendIn} action={action} />
    </p>
  </>
);
