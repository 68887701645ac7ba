import type { TokenResponse, Transport } from "../contract/tokens.ts";
import { mayDropCookie, warnOfDroppedCookie } from "./cookie-check.ts";
import { refreshWithRetry } from "./refresh.ts";
import type { ClientResult, Failure, Send } from "./request.ts";
import type { createSessionState } from "./session-state.ts";
import { createTabChannel, singleTab, type TabChannel } from "./tab-channel.ts";
import { claimsOf } from "./token-claims.ts";
import { createTokenStore, memoryStorage, type TokenStorage } from "./token-store.ts";

/** A token is replaced this long before it expires, or at half of a short lifetime. */
const MARGIN_SECONDS = 30;

/** After this, a client that found no session asks the service again. */
const SIGNED_OUT_MILLISECONDS = 60_000;

interface Access {
  token: string;
  /** Unix time in milliseconds, by the clock of this machine. 0 if the token was rejected. */
  renewAt: number;
}

type TabMessage = { access: Access } | { ended: true };

interface Settings {
  baseUrl: string;
  send: Send;
  transport: Transport;
  storage: TokenStorage | undefined;
  onStorageError: (error: unknown) => void;
  state: ReturnType<typeof createSessionState>;
}

/**
 * The session of this page or program. Its access token is only in memory. With the cookie
 * transport, all tabs of an origin share one session. With the body transport, all programs that
 * use the same storage do.
 */
export interface ClientSession {
  /**
   * Starts a session with the tokens that `login` returns, and returns what `pick` takes from its
   * answer. No refresh runs at the same time: its late response would overwrite the cookie.
   */
  begin<A = unknown, T = void>(
    login: () => Promise<ClientResult<TokenResponse & A>>,
    pick?: (answer: A) => T,
  ): Promise<ClientResult<T>>;
  /** Ends the session if `logout` succeeds, or if the service reports that it has ended. */
  end(logout: (credentials: Credentials) => Promise<ClientResult>): Promise<ClientResult>;
  /** Returns a token that is not about to expire. Concurrent calls share one refresh. */
  token(): Promise<ClientResult<string>>;
  /** Returns a new token in place of `token`, which was rejected. */
  replace(token: string): Promise<ClientResult<string>>;
  /** Calls `act` with what identifies the session to the service, if it is known. */
  withCredentials(act: (credentials: Credentials) => Promise<ClientResult>): Promise<ClientResult>;
  /** The token of this device, which outlives the session. Undefined if a cookie has it. */
  deviceToken(): Promise<string | undefined>;
  keepDeviceToken(token: string): Promise<void>;
  close(): void;
}

export interface Credentials {
  refresh_token: string | undefined;
  token: string | undefined;
}

export function createClientSession(settings: Settings): ClientSession {
  const { baseUrl, send, transport, storage, onStorageError, state } = settings;
  let access: Access | undefined;
  let refreshing: Promise<ClientResult<string>> | undefined;
  let lastRun: Promise<unknown> = Promise.resolve();
  /** When the service reported that the browser has no session. */
  let signedOutAt: number | undefined;
  /** A login set the cookie, and no request has shown since that the browser kept it. */
  let isCookieUnproven = false;
  let hasWarned = false;
  const store = createTokenStore(storage ?? memoryStorage(), baseUrl, onStorageError);
  // A server that renders pages has no tabs: its clients belong to different users.
  const tabs: TabChannel<TabMessage> =
    transport === "cookie" && "document" in globalThis
      ? createTabChannel(`gatehouse ${baseUrl}`, onMessage, () => {
          signedOutAt = undefined;
        })
      : singleTab(storage?.lock?.bind(storage));

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
    access = next;
    signedOutAt = undefined;
    state.set(claimsOf(next.token).sub);
  }

  async function keep({ access_token, expires_in, refresh_token, device_token }: TokenResponse) {
    const usableSeconds = Math.max(expires_in - MARGIN_SECONDS, expires_in / 2);
    const next = { token: access_token, renewAt: Date.now() + usableSeconds * 1000 };
    tabs.broadcast({ access: next });
    if (transport === "body") await store.write("refresh_token", refresh_token);
    if (device_token) await store.write("device_token", device_token);
    adopt(next);
  }

  function forget() {
    access = undefined;
    signedOutAt = Date.now();
    state.set(null);
  }

  async function leave() {
    if (state.get().status === "signed-in") tabs.broadcast({ ended: true });
    if (transport === "body") await store.write("refresh_token", undefined);
    forget();
  }

  const current = () => (access && Date.now() < access.renewAt ? access.token : undefined);

  async function refresh(): Promise<ClientResult<string>> {
    // Another tab may have refreshed while this one waited.
    const valid = current();
    if (valid !== undefined) return { ok: true, value: valid };
    return transport === "body" ? refreshStored() : refreshCookie();
  }

  async function refreshStored(): Promise<ClientResult<string>> {
    try {
      // Another program may have replaced the token, so the storage decides, not the memory.
      const refreshToken = await store.read("refresh_token");
      if (refreshToken === undefined) {
        forget();
        return SIGNED_OUT;
      }
      const renewed = await renew(refreshToken);
      if (renewed.ok || !SESSION_ENDED.includes(renewed.code)) return renewed;
      // Or the session, by another login or a new password, while the request was on its way.
      if ((await store.read("refresh_token")) !== refreshToken) return refreshStored();
    } catch (cause) {
      onStorageError(cause);
      return { ok: false, code: "storage_failed", cause };
    }
    await leave();
    return SIGNED_OUT;
  }

  async function refreshCookie(): Promise<ClientResult<string>> {
    if (signedOutAt !== undefined && Date.now() < signedOutAt + SIGNED_OUT_MILLISECONDS) return SIGNED_OUT;
    const renewed = await renew();
    if (renewed.ok || !SESSION_ENDED.includes(renewed.code)) return renewed;
    // Not if the service rejected the access token: then the session has ended.
    if (isCookieUnproven && access && access.renewAt > 0) warn();
    await leave();
    return SIGNED_OUT;
  }

  async function renew(refreshToken?: string): Promise<ClientResult<string>> {
    const answer = await refreshWithRetry(send, refreshToken);
    if (!answer.ok) return answer;
    isCookieUnproven = false;
    await keep(answer.value);
    return { ok: true, value: answer.value.access_token };
  }

  async function checkCookie() {
    const renewed = await renew();
    if (!renewed.ok && renewed.code === "invalid_refresh_token") warn();
  }

  function warn() {
    if (!hasWarned) warnOfDroppedCookie(baseUrl);
    hasWarned = true;
  }

  async function token(): Promise<ClientResult<string>> {
    await store.retry();
    const valid = current();
    if (valid !== undefined) return { ok: true, value: valid };
    refreshing ??= runExclusive(refresh).finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  }

  const withCredentials: ClientSession["withCredentials"] = async (act) => {
    try {
      const refresh_token = transport === "body" ? await store.read("refresh_token") : undefined;
      return await act({ refresh_token, token: access?.token });
    } catch (cause) {
      onStorageError(cause);
      return { ok: false, code: "storage_failed", cause };
    }
  };

  return {
    begin: <A, T>(login: () => Promise<ClientResult<TokenResponse & A>>, pick?: (answer: A) => T) =>
      runExclusive(async (): Promise<ClientResult<T>> => {
        const tokens = await login();
        if (!tokens.ok) return tokens;
        await keep(tokens.value);
        isCookieUnproven = transport === "cookie";
        if (isCookieUnproven && mayDropCookie(baseUrl)) void runExclusive(checkCookie);
        return { ok: true, value: pick?.(tokens.value) as T };
      }),
    end: (logout) =>
      runExclusive(async () => {
        const ended = await withCredentials(logout);
        if (!ended.ok && !SESSION_ENDED.includes(ended.code)) return ended;
        await leave();
        return DONE;
      }),
    token,
    replace(rejected) {
      if (access?.token === rejected) access = { ...access, renewAt: 0 };
      return token();
    },
    withCredentials,
    async deviceToken() {
      try {
        return transport === "body" ? await store.read("device_token") : undefined;
      } catch (error) {
        // A sign-in works without it.
        onStorageError(error);
        return undefined;
      }
    },
    keepDeviceToken: (token) => store.write("device_token", token),
    close: tabs.close,
  };
}

const DONE = { ok: true, value: undefined } as const;
const SIGNED_OUT: Failure = { ok: false, code: "unauthenticated" };
const SESSION_ENDED: Failure["code"][] = ["unauthenticated", "invalid_refresh_token", "refresh_token_reused"];
