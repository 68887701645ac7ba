import type { ClientResult, Failure, Send } from "./request.ts";
import { createTabChannel, singleTab, type TabChannel } from "./tab-channel.ts";
import type { Tokens } from "./wire.ts";

/** A token is replaced so long before it expires, or after half of its life when that is short. */
const MARGIN_SECONDS = 30;
const PAUSES_MILLISECONDS = [500, 2000];

interface Access {
  token: string;
  /** Unix time in milliseconds, by this machine's clock. */
  renewAt: number;
}

type Message = { access: Access } | { ended: true };

interface Settings {
  baseUrl: string;
  send: Send;
  transport: "cookie" | "body";
  onSignedOut: () => void;
}

/** The session of this page or program. Its tokens are in memory alone; with the cookie the tabs of one origin share it. */
export interface ClientSession {
  /** Has a session begin by what this answers. No refresh is under way meanwhile, whose late cookie would win. */
  begin(login: () => Promise<ClientResult<Tokens>>): Promise<ClientResult>;
  /** Has the session end if this succeeds; also where the service knows of no session. */
  end(logout: () => Promise<ClientResult>): Promise<ClientResult>;
  /** A token that is good for a while, from a refresh where need be: one for all who ask. */
  token(): Promise<ClientResult<string>>;
  /** Another one than this, which was refused. */
  replace(token: string): Promise<ClientResult<string>>;
  /** What names the session to the service, as far as it is known. */
  credentials(): { refresh_token: string | undefined; token: string | undefined };
  close(): void;
}

export function createClientSession({ baseUrl, send, transport, onSignedOut }: Settings): ClientSession {
  let access: Access | undefined;
  let refreshToken: string | undefined;
  let isSignedIn = false;
  let refreshing: Promise<ClientResult<string>> | undefined;
  let lastRun: Promise<unknown> = Promise.resolve();
  const tabs: TabChannel<Message> =
    transport === "cookie" ? createTabChannel(`gatehouse ${baseUrl}`, onMessage) : singleTab;

  /** Whatever changes the session comes one after the other, in this page and in all tabs. */
  function runExclusive<T>(act: () => Promise<T>): Promise<T> {
    const turn = lastRun.then(() => tabs.runExclusive(act));
    lastRun = turn.catch(() => {});
    return turn;
  }

  function onMessage(message: Message) {
    if ("ended" in message) forget();
    else adopt(message.access);
  }

  function adopt(theirs: Access) {
    // Somebody else has logged in: what the page shows is not theirs.
    if (access && subjectOf(access.token) !== subjectOf(theirs.token)) forget();
    access = theirs;
    isSignedIn = true;
  }

  function keep({ access_token, expires_in, refresh_token }: Tokens) {
    const life = Math.max(expires_in - MARGIN_SECONDS, expires_in / 2);
    const mine = { token: access_token, renewAt: Date.now() + life * 1000 };
    tabs.broadcast({ access: mine });
    adopt(mine);
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
    // Another tab's may have come meanwhile.
    const good = current();
    if (good !== undefined) return { ok: true, value: good };
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
    const good = current();
    if (good !== undefined) return { ok: true, value: good };
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
    replace(refused) {
      if (access?.token === refused) access = { ...access, renewAt: 0 };
      return token();
    },
    credentials: () => ({ refresh_token: refreshToken, token: access?.token }),
    close: tabs.close,
  };
}

const DONE = { ok: true, value: undefined } as const;
const SIGNED_OUT: Failure = { ok: false, code: "unauthenticated" };
const SESSION_ENDED: Failure["code"][] = ["unauthenticated", "invalid_refresh_token", "refresh_token_reused"];

/** Whose access token it is (RFC 9068 §2.2): not checked, only compared. */
function subjectOf(token: string): unknown {
  const [, payload = ""] = token.split(".");
  return JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/"))).sub;
}

/** Until there is an answer: one that was lost on its way may be asked for again with the same token for a while. */
async function refreshWithRetry(send: Send, refresh_token: string | undefined): Promise<ClientResult<Tokens>> {
  const attempt = () => send<Tokens>({ method: "POST", path: "/auth/refresh", body: { refresh_token } });
  let answer = await attempt();
  for (const pause of PAUSES_MILLISECONDS) {
    if (answer.ok || !RETRYABLE.includes(answer.code)) break;
    await new Promise((resume) => setTimeout(resume, pause));
    answer = await attempt();
  }
  return answer;
}

const RETRYABLE: Failure["code"][] = ["unreachable", "storage_unavailable", "internal_error"];
