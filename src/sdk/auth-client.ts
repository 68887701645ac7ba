import type { OwnEventList, OwnEventQuery } from "../contract/events.ts";
import type * as requests from "../contract/requests.ts";
import type { LogoutScope, SessionList } from "../contract/session.ts";
import type { DeviceField, DeviceTokenAnswer, TokenResponse, Transport, TransportField } from "../contract/tokens.ts";
import type { RegisteredUser, User } from "../contract/user.ts";
import type { UserExport } from "../contract/user-export.ts";
import { createAuthorizedFetch } from "./authorized-fetch.ts";
import { type Credentials, createClientSession } from "./client-session.ts";
import { createEnrollment } from "./enrollment.ts";
import { createFactors } from "./factors.ts";
import { createGrants } from "./grants.ts";
import { createIdentities } from "./identities.ts";
import { parseAddress, parseOrigin } from "./issuer.ts";
import { createLoginCodes } from "./login-codes.ts";
import { createPasskeyPrompt, type PasskeyCredentials } from "./passkey-prompt.ts";
import { createPasskeyReports } from "./passkey-reports.ts";
import { createPasskeys, type PasskeyProof, withCredential } from "./passkeys.ts";
import {
  type Call,
  type ClientResult,
  createSend,
  type Fetch,
  type ReplaceSession,
  type ReplacingMethod,
  type SignIn,
  type SignInResult,
} from "./request.ts";
import { createSessionState, type SessionState } from "./session-state.ts";
import type { OnStepUp } from "./step-up.ts";
import type { TokenStorage } from "./token-store.ts";

export interface AuthClientOptions {
  /**
   * Where the refresh token travels. `cookie` is the default in a page: scripts cannot read it.
   * `body` is the default elsewhere and with a `storage`: the client keeps the token.
   */
  transport?: Transport;
  /**
   * Keeps the refresh token and the device token of a native app or a command-line tool, so that
   * the user is still signed in after a restart. By default they are only in memory.
   */
  storage?: TokenStorage;
  /**
   * Called with what `storage` throws. The client goes on with the tokens in memory and tries to
   * write them again. By default, `console.error` shows it.
   */
  onStorageError?: (error: unknown) => void;
  /**
   * The origins of your own services, such as `https://api.example.com`. `fetch` sends the access
   * token to them and to the service, and to nothing else.
   */
  tokenOrigins?: string[];
  /** Called when a user is signed in: by a login in any tab, or by a session from before. */
  onSignedIn?: (userId: string) => void;
  /** Called when the session ends: by a logout in any tab, or because the service rejects it. */
  onSignedOut?: () => void;
  /**
   * Called when a response to `fetch` requires a more recent or a stronger authentication (RFC
   * 9470), once for concurrent requests. If it returns `true`, they are repeated with a new token.
   * In it, call methods of the client, but not its `fetch`, which could wait for this call.
   */
  onStepUp?: OnStepUp;
  /** What `state()` returns at first. A server that renders pages hands it to the browser. */
  initialState?: SessionState;
  /** Sends the requests. A server that renders pages forwards cookies here. Default: `fetch`. */
  fetch?: Fetch;
  /** Creates and uses passkeys, in a native app or a test. Default: `navigator.credentials`. */
  credentials?: PasskeyCredentials;
}

export type AuthClient = ReturnType<typeof createAuthClient>;

/**
 * Creates a client that calls the service at `address` for one user.
 *
 * Throws a `TypeError` if `address` is not a URL with `http` or `https`, if an option is unknown,
 * if one of `tokenOrigins` is not an https origin, or if a `storage` is to keep a token that is in
 * a cookie. Methods return results and never throw,
 * except `fetch`. On a server, create one client for each request: a client has one user.
 */
export function createAuthClient(address: string | URL, options: AuthClientOptions = {}) {
  const {
    storage,
    transport = "document" in globalThis && !storage ? "cookie" : "body",
    tokenOrigins = [],
    onSignedIn = () => {},
    onSignedOut = () => {},
    onStorageError = (error) => console.error("gatehouse: the storage of the tokens failed.", error),
    onStepUp,
    initialState,
    fetch: request = (input, init) => fetch(input, init),
    credentials,
    ...unknown
  } = options;
  const [misspelled] = Object.keys(unknown);
  if (misspelled !== undefined) throw new TypeError(`Unknown option: ${misspelled}.`);
  if (storage && transport === "cookie") throw new TypeError('A storage needs `transport: "body"`.');
  const baseUrl = parseAddress(address);
  const trusted = [new URL(baseUrl).origin, ...tokenOrigins.map(parseOrigin)];
  const send = createSend(baseUrl, transport === "cookie", request);
  const state = createSessionState({ onSignedIn, onSignedOut }, initialState);
  const session = createClientSession({ baseUrl, send, transport, storage, onStorageError, state });
  const post = <T = void>(path: string, body?: object) => send<T>({ method: "POST", path, body });

  /** Sends a call that counts as one of a known device. In a browser, a cookie names the device. */
  const postFromDevice = async <T = void>(path: string, input: DeviceField & TransportField) =>
    post<T>(path, { ...input, device_token: input.device_token ?? (await session.deviceToken()) });

  const signIn: SignIn = <A, T>(path: string, input: DeviceField, pick?: (answer: A) => T) =>
    session.begin(() => postFromDevice<TokenResponse & A>(path, { ...input, transport }), pick);

  /** Sends a new password. The device is known from now on. */
  async function reset(path: string, input: object): Promise<ClientResult> {
    if (transport === "cookie") return post(path, input);
    const done = await post<DeviceTokenAnswer>(path, { ...input, transport });
    if (!done.ok) return done;
    await session.keepDeviceToken(done.value.device_token);
    return { ok: true, value: undefined };
  }

  /** Sends a call with an access token. If the token is rejected, retries once with a new one. */
  async function act<T = void>(call: Call): Promise<ClientResult<T>> {
    const token = await session.token();
    if (!token.ok) return token;
    const result = await send<T>({ ...call, token: token.value });
    if (result.ok || result.code !== "unauthenticated") return result;

    const another = await session.replace(token.value);
    return another.ok ? send<T>({ ...call, token: another.value }) : another;
  }

  const replaceSession: ReplaceSession = async <A, T>(
    method: ReplacingMethod,
    path: string,
    input: object,
    pick?: (answer: A) => T,
  ) => {
    const token = await session.token();
    if (!token.ok) return token;
    const body = { ...input, transport };
    return session.begin(() => send<TokenResponse & A>({ method, path, body, token: token.value }), pick);
  };

  const prompt = createPasskeyPrompt(credentials);
  const passkeyReports = createPasskeyReports(act);
  // A choice in the field would replace the session of a user who has just signed in.
  state.subscribe(() => state.get().status === "signed-in" && prompt.endAutofill());

  return {
    /** Returns what is known about the user: the same object until it changes. No request. */
    state: state.get,
    /** Calls `listener` when the state changes, in any tab. Returns a function that ends that. */
    subscribe: state.subscribe,

    /** Returns a valid access token, or `unauthenticated` if no user is signed in. */
    accessToken: () => session.token(),

    /**
     * Calls `fetch` with the access token, refreshed if needed. Throws like `fetch`, if the token
     * cannot be refreshed because the service does not respond, and without sending anything if
     * the origin is neither the service nor one of `tokenOrigins`.
     */
    fetch: createAuthorizedFetch({ session, request, trusted, onStepUp }),

    register: (input: requests.Registration) => post<RegisteredUser>("/auth/register", input),

    /**
     * If the account has a second factor, the result is `second_factor_required`. If the service
     * requires one that the account lacks, it is `enrollment_required`.
     */
    login: (input: requests.Login): Promise<SignInResult> => signIn("/auth/login", input),
    /**
     * The second step, with the `login_token` of a `second_factor_required`, and a `code` or
     * `passkey: true`. With `trust_device`, the first step is enough on this device for as long as
     * the service allows.
     */
    async secondFactor(input: requests.SecondFactorProof & PasskeyProof): Promise<ClientResult> {
      const path = "/auth/login/second-factor";
      const { login_token } = input;
      const proof = await withCredential(prompt, input, () => post(`${path}/options`, { login_token }));
      return proof.ok ? signIn(path, proof.value) : proof;
    },

    ...createLoginCodes({ act, postFromDevice, signIn }),
    ...createIdentities({ baseUrl, act, replaceSession }),

    /** Ends this session (`local`), the other sessions of the user, or all of them. */
    logout(scope: LogoutScope = "local"): Promise<ClientResult> {
      const logout = ({ token, refresh_token }: Credentials) =>
        send<void>({ method: "POST", path: "/auth/logout", body: { refresh_token, scope }, token });
      return scope === "others" ? session.withCredentials(logout) : session.end(logout);
    },

    forgotPassword: (input: requests.SecretRequest) => postFromDevice("/auth/forgot-password", input),
    resetPassword: (input: requests.ResetByLink) => reset("/auth/reset-password", input),
    requestReset: (input: requests.SecretRequest) => postFromDevice("/auth/request-reset", input),
    verifyReset: async (input: requests.ResetByCode) =>
      reset("/auth/verify-reset", { device_token: await session.deviceToken(), ...input }),
    releaseAddress: (input: requests.ReleaseAddress) => post("/auth/release-address", input),
    verify: (input: requests.VerifyAddress) => postFromDevice("/auth/verify", input),
    resendVerification: (input: requests.SecretRequest) => postFromDevice("/auth/verify/resend", input),

    me: () => act<User>({ method: "GET", path: "/users/me" }),
    updateMe: (change: requests.ProfileChange) => act<User>({ method: "PATCH", path: "/users/me", body: change }),
    /**
     * Proves the user again, by the `password`, a `code` of the second factor, `passkey: true`, or
     * as `otp` the code of `requestReauthenticationCode`.
     * For a while the account can then be changed without a password, and services that ask for a
     * recent authentication accept the new tokens (RFC 9470). A second factor makes them `aal2`.
     */
    async reauthenticate(input: requests.Reauthenticate & PasskeyProof): Promise<ClientResult> {
      const path = "/users/me/reauthenticate";
      const proof = await withCredential(prompt, input, () => act({ method: "POST", path: `${path}/options` }));
      return proof.ok ? replaceSession("POST", path, proof.value) : proof;
    },
    /** Deletes the account. A recently authenticated session needs no password. */
    async deleteMe(password?: string): Promise<ClientResult> {
      const deleted = await act({ method: "DELETE", path: "/users/me", body: { password } });
      return deleted.ok ? session.end(async () => deleted) : deleted;
    },
    changePassword: (input: requests.ChangePassword) => replaceSession("POST", "/users/me/password", input),
    /** Leaves the account with its other ways to sign in. */
    removePassword: (input: requests.RemovePassword = {}) => replaceSession("DELETE", "/users/me/password", input),
    changeEmail: (input: requests.ChangeEmail) => act({ method: "POST", path: "/users/me/email", body: input }),
    confirmEmail: (otp: string) => replaceSession("POST", "/users/me/email/confirm", { otp }),
    changePhone: (input: requests.ChangePhone) => act({ method: "POST", path: "/users/me/phone", body: input }),
    confirmPhone: (otp: string) => replaceSession("POST", "/users/me/phone/confirm", { otp }),
    removeEmail: (input: requests.RemoveAddress = {}) => replaceSession("DELETE", "/users/me/email", input),
    removePhone: (input: requests.RemoveAddress = {}) => replaceSession("DELETE", "/users/me/phone", input),
    ...createFactors(act, replaceSession),
    /** Adds the second factor that an `enrollment_required` asks for. */
    enroll: createEnrollment({ prompt, passkeyReports, send, signIn }),
    passkeys: createPasskeys({ prompt, passkeyReports, send, act, signIn, replaceSession }),
    sessions: () => act<SessionList>({ method: "GET", path: "/users/me/sessions" }),
    revokeSession: (id: string) => act({ method: "DELETE", path: `/users/me/sessions/${encodeURIComponent(id)}` }),
    /** The apps that the user allowed to act for them. */
    grants: createGrants(act),
    /** Lists what happened to the account, newest first. */
    events: (page: OwnEventQuery = {}) =>
      act<OwnEventList>({ method: "GET", path: "/users/me/events", query: { ...page } }),
    /** Everything that the service stores about the user. */
    export: () => act<UserExport>({ method: "GET", path: "/users/me/export" }),

    /** Disconnects this client from the other tabs, and ends the offer of passkeys in a field. */
    close() {
      prompt.endAutofill();
      session.close();
    },
  };
}
