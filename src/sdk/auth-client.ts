import { createClientSession } from "./client-session.ts";
import { type Call, type ClientResult, createSend } from "./request.ts";
import type {
  Credentials,
  GivenCode,
  LogoutScope,
  MessageRequest,
  Profile,
  Registration,
  ResetByCode,
  ResetByLink,
  Session,
  Tokens,
  User,
} from "./wire.ts";

export interface AuthClientOptions {
  /** How the refresh token travels: in a cookie that no script can read (unless told otherwise, where there is a document),
   *  or in bodies, kept in memory. */
  transport?: "cookie" | "body";
  /** The session has ended: by a logout, here or in another tab, or because the service said so. */
  onSignedOut?: () => void;
}

export type AuthClient = ReturnType<typeof createAuthClient>;

/** Calls the service at this address for one user. Methods answer results and never throw, but for `fetch`. In a Worker make
 *  one for each request: requests must not wait for one another. */
export function createAuthClient(
  address: string,
  { transport = "document" in globalThis ? "cookie" : "body", onSignedOut = () => {} }: AuthClientOptions = {},
) {
  const baseUrl = address.replace(/\/+$/, "");
  const send = createSend(baseUrl, transport === "cookie");
  const session = createClientSession({ baseUrl, send, transport, onSignedOut });
  const post = <T = void>(path: string, body?: object) => send<T>({ method: "POST", path, body });

  /** With a token; once more with another one when it is refused. */
  async function act<T = void>(call: Call): Promise<ClientResult<T>> {
    const token = await session.token();
    if (!token.ok) return token;
    const result = await send<T>({ ...call, token: token.value });
    if (result.ok || result.code !== "unauthenticated") return result;

    const another = await session.replace(token.value);
    return another.ok ? send<T>({ ...call, token: another.value }) : another;
  }

  return {
    /** A good access token; `unauthenticated` when nobody is signed in. */
    accessToken: () => session.token(),

    /** `fetch` with the access token, refreshed where need be: for your own services, since the token goes there. Throws as
     *  `fetch` does, also when the token cannot be refreshed for want of an answer. */
    async fetch(...args: Parameters<typeof fetch>): Promise<Response> {
      const request = new Request(...args);
      const again = request.clone();
      const token = await session.token();
      if (!token.ok && token.code !== "unauthenticated") throw new TypeError(`No access token: ${token.code}.`);
      if (!token.ok) return fetch(request);

      const response = await fetch(withToken(request, token.value));
      if (response.status !== 401 || requiresReauthentication(response)) return response;
      const another = await session.replace(token.value);
      return another.ok ? fetch(withToken(again, another.value)) : response;
    },

    register: (input: Registration) => post<User>("/auth/register", input),

    login: (input: Credentials) => session.begin(() => post<Tokens>("/auth/login", { ...input, transport })),

    /** Ends this session, the user's others, or all of them. */
    logout(scope: LogoutScope = "local"): Promise<ClientResult> {
      const logout = () => {
        const { token, refresh_token } = session.credentials();
        return send<void>({ method: "POST", path: "/auth/logout", body: { refresh_token, scope }, token });
      };
      return scope === "others" ? logout() : session.end(logout);
    },

    forgotPassword: (input: MessageRequest) => post("/auth/forgot-password", input),
    resetPassword: (input: ResetByLink) => post("/auth/reset-password", input),
    requestReset: (input: MessageRequest) => post("/auth/request-reset", input),
    verifyReset: (input: ResetByCode) => post("/auth/verify-reset", input),
    verify: (input: GivenCode) => post("/auth/verify", input),
    resendVerification: (input: MessageRequest) => post("/auth/verify/resend", input),

    me: () => act<User>({ method: "GET", path: "/users/me" }),
    updateMe: (change: Profile & { username?: string | null }) =>
      act<User>({ method: "PATCH", path: "/users/me", body: change }),
    async deleteMe(password: string): Promise<ClientResult> {
      const deleted = await act({ method: "DELETE", path: "/users/me", body: { password } });
      return deleted.ok ? session.end(async () => deleted) : deleted;
    },
    changePassword: (input: { old_password: string; new_password: string }) =>
      act({ method: "POST", path: "/users/me/password", body: input }),
    changeEmail: (input: { email: string; password: string }) =>
      act({ method: "POST", path: "/users/me/email", body: input }),
    confirmEmail: (otp: string) => act({ method: "POST", path: "/users/me/email/confirm", body: { otp } }),
    changePhone: (input: { phone: string; password: string }) =>
      act({ method: "POST", path: "/users/me/phone", body: input }),
    confirmPhone: (otp: string) => act({ method: "POST", path: "/users/me/phone/confirm", body: { otp } }),
    sessions: () => act<{ sessions: Session[] }>({ method: "GET", path: "/users/me/sessions" }),
    revokeSession: (id: string) => act({ method: "DELETE", path: `/users/me/sessions/${encodeURIComponent(id)}` }),

    /** Hears and tells the other tabs no more. */
    close: () => session.close(),
  };
}

function withToken(request: Request, token: string): Request {
  request.headers.set("Authorization", `Bearer ${token}`);
  return request;
}

/** Another token would not help (RFC 9470). */
const requiresReauthentication = ({ headers }: Response) =>
  headers.get("www-authenticate")?.includes("insufficient_user_authentication") ?? false;
