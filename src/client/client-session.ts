import type { ClientResult, Failure, Send } from "./request.ts";
import { alone, joinTabs, type Tabs } from "./tabs.ts";
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
  begin(tokens: Tokens): void;
  end(): void;
  /** A token that is good for a while, from a refresh where need be: one for all who ask. */
  token(): Promise<ClientResult<string>>;
  /** Another one than this, which was refused. */
  replace(token: string): Promise<ClientResult<string>>;
  /** What ends the session at the service. */
  credentials(): { refresh_token?: string };
}

export function createClientSession({ baseUrl, send, transport, onSignedOut }: Settings): ClientSession {
  let access: Access | undefined;
  let refreshToken: string | undefined;
  let isSignedIn = false;
  /** Tells the answer to a refresh that began before a login or a logout. */
  let epoch = 0;
  let refreshing: Promise<ClientResult<string>> | undefined;
  const tabs: Tabs<Message> = transport === "cookie" ? joinTabs(`gatehouse ${baseUrl}`, hear) : alone;

  function hear(message: Message) {
    if ("ended" in message) return forget();
    epoch++;
    access = message.access;
    isSignedIn = true;
  }

  function keep({ access_token, expires_in, refresh_token }: Tokens) {
    const life = Math.max(expires_in - MARGIN_SECONDS, expires_in / 2);
    access = { token: access_token, renewAt: Date.now() + life * 1000 };
    refreshToken = refresh_token;
    isSignedIn = true;
    tabs.tell({ access });
  }

  function forget() {
    epoch++;
    access = undefined;
    refreshToken = undefined;
    if (!isSignedIn) return;
    isSignedIn = false;
    onSignedOut();
  }

  function end() {
    forget();
    tabs.tell({ ended: true });
  }

  const credentials = () => (refreshToken === undefined ? {} : { refresh_token: refreshToken });
  const current = () => (access && Date.now() < access.renewAt ? access.token : undefined);

  async function refresh(): Promise<ClientResult<string>> {
    if (transport === "body" && refreshToken === undefined) return SIGNED_OUT;
    const began = epoch;
    const answer = await refreshPatiently(send, credentials());
    // Somebody logged in or out meanwhile: what they did counts.
    if (epoch !== began) return access ? { ok: true, value: access.token } : SIGNED_OUT;
    if (answer.ok) {
      keep(answer.value);
      return { ok: true, value: answer.value.access_token };
    }
    if (ENDINGS.includes(answer.code)) end();
    return answer;
  }

  async function token(): Promise<ClientResult<string>> {
    const good = current();
    if (good !== undefined) return { ok: true, value: good };

    refreshing ??= tabs
      .inTurn(async () => {
        const theirs = current();
        return theirs === undefined ? refresh() : ({ ok: true, value: theirs } as const);
      })
      .finally(() => {
        refreshing = undefined;
      });
    return refreshing;
  }

  return {
    begin(tokens) {
      epoch++;
      keep(tokens);
    },
    end,
    token,
    replace(refused) {
      if (access?.token === refused) access = undefined;
      return token();
    },
    credentials,
  };
}

const SIGNED_OUT: Failure = { ok: false, code: "unauthenticated" };
const ENDINGS: Failure["code"][] = ["invalid_refresh_token", "refresh_token_reused"];

/** Until there is an answer: one that was lost on its way may be asked for again with the same token for a while. */
async function refreshPatiently(send: Send, body: { refresh_token?: string }): Promise<ClientResult<Tokens>> {
  const attempt = () => send<Tokens>({ method: "POST", path: "/auth/refresh", body });
  let answer = await attempt();
  for (const pause of PAUSES_MILLISECONDS) {
    if (answer.ok || !PASSING.includes(answer.code)) break;
    await new Promise((resume) => setTimeout(resume, pause));
    answer = await attempt();
  }
  return answer;
}

const PASSING: Failure["code"][] = ["unreachable", "storage_unavailable", "internal_error"];
