import type * as requests from "../contract/requests.ts";
import type { LogoutScope, SessionList } from "../contract/session.ts";
import type { TokenResponse, Transport } from "../contract/tokens.ts";
import type { User } from "../contract/user.ts";
import { createClientSession } from "./client-session.ts";
import { parseOrigin } from "./issuer.ts";
import { type Call, type ClientResult, createSend } from "./request.ts";

export interface AuthClientOptions {
  /**
   * Where the refresh token travels. `cookie` is the default in a page: scripts cannot read it.
   * `body` is the default elsewhere: the client keeps the token in memory.
   */
  transport?: Transport;
  /**
   * The origins of your own services, such as `https://api.example.com`. `fetch` sends the access
   * token to them and to the service, and to nothing else.
   */
  tokenOrigins?: string[];
  /** Called when the session ends: by a logout in any tab, or because the service rejects it. */
  onSignedOut?: () => void;
}

export type AuthClient = ReturnType<typeof createAuthClient>;

/**
 * Creates a client that calls the service at `address` for one user.
 *
 * Throws a `TypeError` if `address` is not a URL, or if one of `tokenOrigins` is not an https
 * origin. Methods return results and never throw, except `fetch`. In a Worker, create one client
 * for each request, because requests must not wait for each other.
 */
export function createAuthClient(address: string, options: AuthClientOptions = {}) {
  const {
    transport = "document" in globalThis ? "cookie" : "body",
    tokenOrigins = [],
    onSignedOut = () => {},
  } = options;
  const baseUrl = address.replace(/\/+$/, "");
  const trusted = [new URL(baseUrl).origin, ...tokenOrigins.map(parseOrigin)];
  const send = createSend(baseUrl, transport === "cookie");
  const session = createClientSession({ baseUrl, send, transport, onSignedOut });
  const post = <T = void>(path: string, body?: object) => send<T>({ method: "POST", path, body });

  /** Sends a call with an access token. If the token is rejected, retries once with a new one. */
  async function act<T = void>(call: Call): Promise<ClientResult<T>> {
    const token = await session.token();
    if (!token.ok) return token;
    const result = await send<T>({ ...call, token: token.value });
    if (result.ok || result.code !== "unauthenticated") return result;

    const another = await session.replace(token.value);
    return another.ok ? send<T>({ ...call, token: another.value }) : another;
  }

  /** Sends a call whose answer has the tokens of the session that replaces this one. */
  async function replaceSession(method: "POST" | "DELETE", path: string, input: object): Promise<ClientResult> {
    const token = await session.token();
    if (!token.ok) return token;
    const body = { ...input, transport };
    return session.begin(() => send({ method, path, body, token: token.value }));
  }

  return {
    /** Returns a valid access token, or `unauthenticated` if no user is signed in. */
    accessToken: () => session.token(),

    /**
     * Calls `fetch` with the access token, refreshed if needed. Throws like `fetch`, if the token
     * cannot be refreshed because the service does not respond, and without sending anything if
     * the origin is neither the service nor one of `tokenOrigins`.
     */
    async fetch(...args: Parameters<typeof fetch>): Promise<Response> {
      const request = new Request(...args);
      const { origin } = new URL(request.url);
      if (!trusted.includes(origin)) throw new TypeError(`${origin} is not one of tokenOrigins.`);
      const again = request.clone();
      const token = await session.token();
      if (!token.ok && token.code !== "unauthenticated") throw new TypeError(`No access token: ${token.code}.`);
      if (!token.ok) return fetch(request);

      const response = await fetch(withToken(request, token.value));
      if (response.status !== 401 || requiresReauthentication(response)) return response;
      const another = await session.replace(token.value);
      return another.ok ? fetch(withToken(again, another.value)) : response;
    },

    register: (input: requests.Registration) => post<User>("/auth/register", input),

    login: (input: requests.Login) => session.begin(() => post<TokenResponse>("/auth/login", { ...input, transport })),

    /** Ends this session (`local`), the other sessions of the user, or all of them. */
    logout(scope: LogoutScope = "local"): Promise<ClientResult> {
      const logout = () => {
        const { token, refresh_token } = session.credentials();
        return send<void>({ method: "POST", path: "/auth/logout", body: { refresh_token, scope }, token });
      };
      return scope === "others" ? logout() : session.end(logout);
    },

    forgotPassword: (input: requests.SecretRequest) => post("/auth/forgot-password", input),
    resetPassword: (input: requests.ResetByLink) => post("/auth/reset-password", input),
    requestReset: (input: requests.SecretRequest) => post("/auth/request-reset", input),
    verifyReset: (input: requests.ResetByCode) => post("/auth/verify-reset", input),
    releaseAddress: (input: requests.ReleaseAddress) => post("/auth/release-address", input),
    verify: (input: requests.VerifyAddress) => post("/auth/verify", input),
    resendVerification: (input: requests.SecretRequest) => post("/auth/verify/resend", input),

    me: () => act<User>({ method: "GET", path: "/users/me" }),
    updateMe: (change: requests.ProfileChange) => act<User>({ method: "PATCH", path: "/users/me", body: change }),
    /**
     * Proves the user again. For a while the account can then be changed without a password, and
     * services that ask for a recent authentication accept the new tokens (RFC 9470).
     */
    reauthenticate: (input: requests.Reauthenticate) => replaceSession("POST", "/users/me/reauthenticate", input),
    /** Deletes the account. A recently authenticated session needs no password. */
    async deleteMe(password?: string): Promise<ClientResult> {
      const deleted = await act({ method: "DELETE", path: "/users/me", body: { password } });
      return deleted.ok ? session.end(async () => deleted) : deleted;
    },
    changePassword: (input: requests.ChangePassword) => replaceSession("POST", "/users/me/password", input),
    changeEmail: (input: requests.ChangeEmail) => act({ method: "POST", path: "/users/me/email", body: input }),
    confirmEmail: (otp: string) => replaceSession("POST", "/users/me/email/confirm", { otp }),
    changePhone: (input: requests.ChangePhone) => act({ method: "POST", path: "/users/me/phone", body: input }),
    confirmPhone: (otp: string) => replaceSession("POST", "/users/me/phone/confirm", { otp }),
    removeEmail: (input: requests.RemoveAddress = {}) => replaceSession("DELETE", "/users/me/email", input),
    removePhone: (input: requests.RemoveAddress = {}) => replaceSession("DELETE", "/users/me/phone", input),
    sessions: () => act<SessionList>({ method: "GET", path: "/users/me/sessions" }),
    revokeSession: (id: string) => act({ method: "DELETE", path: `/users/me/sessions/${encodeURIComponent(id)}` }),

    /** Disconnects this client from the other tabs. */
    close: () => session.close(),
  };
}

function withToken(request: Request, token: string): Request {
  request.headers.set("Authorization", `Bearer ${token}`);
  return request;
}

/** A new token does not help if the user has to enter the password again (RFC 9470). */
const requiresReauthentication = ({ headers }: Response) =>
  headers.get("www-authenticate")?.includes("insufficient_user_authentication") ?? false;
