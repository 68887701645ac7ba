import type { TokenResponse, Transport } from "../contract/tokens.ts";
import type { ClientResult, Failure, Send } from "./request.ts";
import { createTabChannel, singleTab, type TabChannel } from "./tab-channel.ts";

/** A token is replaced this long before it expires, or at half of a short lifetime. */
const MARGIN_SECONDS = 30;
/** The pauses between attempts to refresh. */
const PAUSES_MILLISECONDS = [500, 2000];

interface Access {
  token: string;
  /** Unix time in milliseconds, by the clock of this machine. */
  renewAt: number;
}

type TabMessage = { access: Access } | { ended: true };

interface Settings {
  baseUrl: string;
  send: Send;
  transport: Transport;
  onSignedOut: () => void;
}

/**
 * The session of this page or program. Its tokens are only in memory. With the cookie transport,
 * all tabs of an origin share one session.
 */
export interface ClientSession {
  /**
   * Starts a session with the tokens that `login` returns. No refresh runs at the same time: its
   * late response would overwrite the cookie.
   */
  begin(login: () => Promise<ClientResult<TokenResponse>>): Promise<ClientResult>;
  /** Ends the session if `logout` succeeds, or if the service reports that it has ended. */
  end(logout: () => Promise<ClientResult>): Promise<ClientResult>;
  /** Returns a token that is not about to expire. Concurrent calls share one refresh. */
  token(): Promise<ClientResult<string>>;
  /** Returns a new token in place of `token`, which was rejected. */
  replace(token: string): Promise<ClientResult<string>>;
  /** Returns the tokens that identify the session to the service, if they are known. */
  credentials(): { refresh_token: string | undefined; token: string | undefined };
  close(): void;
}

export function createClientSession({ baseUrl, send, transport, onSignedOut }: Settings): ClientSession {
  let access: Access | undefined;
  let refreshToken: string | undefined;
  let isSignedIn = false;
  let refreshing: Promise<ClientResult<string>> | undefined;
  let lastRun: Promise<unknown> = Promise.resolve();
  const tabs: TabChannel<TabMessage> =
    transport === "cookie" ? createTabChannel(`gatehouse ${baseUrl}`, onMessage) : singleTab;

  /** Runs changes of the session one after another, in this page and in all tabs. */
  function runExclusive<T>(act: () => Promise<T>): Promise<T> {
    const run = lastRun.then(() => tabs.runExclusive(act));
    lastRun = run.catch(() => {});
    return run;
  }

  function onMessage(message: TabMessage) {
    if ("ended" in message) forget();
    else adopt(message.access);
  }

  function adopt(next: Access) {
    // Another user has signed in, so the page must drop the data of the previous one.
    if (access && subjectOf(access.token) !== subjectOf(next.token)) forget();
    access = next;
    isSignedIn = true;
  }

  function keep({ access_token, expires_in, refresh_token }: TokenResponse) {
    const usableSeconds = Math.max(expires_in - MARGIN_SECONDS, expires_in / 2);
    const next = { token: access_token, renewAt: Date.now() + usableSeconds * 1000 };
    tabs.broadcast({ access: next });
    adopt(next);
    refreshToken = refresh_token;
  }

  function forget() {
    access = undefined;
    refreshToken = undefined;
    if (!isSignedIn) return;
    isSignedIn = false;
    onSignedOut();
  }

  function leave() {
    if (isSignedIn) tabs.broadcast({ ended: true });
    forget();
  }

  const current = () => (access && Date.now() < access.renewAt ? access.token : undefined);

  async function refresh(): Promise<ClientResult<string>> {
    // Another tab may have refreshed while this one waited.
    const valid = current();
    if (valid !== undefined) return { ok: true, value: valid };
    if (transport === "body" && refreshToken === undefined) return SIGNED_OUT;

    const answer = await refreshWithRetry(send, refreshToken);
    if (answer.ok) {
      keep(answer.value);
      return { ok: true, value: answer.value.access_token };
    }
    if (!SESSION_ENDED.includes(answer.code)) return answer;
    leave();
    return SIGNED_OUT;
  }

  async function token(): Promise<ClientResult<string>> {
    const valid = current();
    if (valid !== undefined) return { ok: true, value: valid };
    refreshing ??= runExclusive(refresh).finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  }

  return {
    begin: (login) =>
      runExclusive(async () => {
        const tokens = await login();
        if (!tokens.ok) return tokens;
        keep(tokens.value);
        return DONE;
      }),
    end: (logout) =>
      runExclusive(async () => {
        const ended = await logout();
        if (!ended.ok && !SESSION_ENDED.includes(ended.code)) return ended;
        leave();
        return DONE;
      }),
    token,
    replace(rejected) {
      if (access?.token === rejected) access = { ...access, renewAt: 0 };
      return token();
    },
    credentials: () => ({ refresh_token: refreshToken, token: access?.token }),
    close: tabs.close,
  };
}

const DONE = { ok: true, value: undefined } as const;
const SIGNED_OUT: Failure = { ok: false, code: "unauthenticated" };
const SESSION_ENDED: Failure["code"][] = ["unauthenticated", "invalid_refresh_token", "refresh_token_reused"];

/** Reads the subject of an access token (RFC 9068 §2.2) without a check, to compare two tokens. */
function subjectOf(token: string): unknown {
  const [, payload = ""] = token.split(".");
  return JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/"))).sub;
}

/**
 * Refreshes, and retries if no response arrives. The service accepts the same refresh token again
 * for a short time, because the first response may have been lost.
 */
async function refreshWithRetry(send: Send, refresh_token: string | undefined): Promise<ClientResult<TokenResponse>> {
  const attempt = () => send<TokenResponse>({ method: "POST", path: "/auth/refresh", body: { refresh_token } });
  let answer = await attempt();
  for (const pause of PAUSES_MILLISECONDS) {
    if (answer.ok || !RETRYABLE.includes(answer.code)) break;
    await new Promise((resume) => setTimeout(resume, pause));
    answer = await attempt();
  }
  return answer;
}

const RETRYABLE: Failure["code"][] = ["unreachable", "storage_unavailable", "internal_error"];
