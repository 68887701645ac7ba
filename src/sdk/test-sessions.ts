/**
 * The sessions of the accounts of a test issuer: their tokens, and sign-ins that wait for a second
 * factor.
 */
import type { AccessClaims } from "../contract/claims.ts";
import type { SecondFactorStep } from "../contract/factors.ts";
import type { RevocationFeed, RevocationQuery } from "../contract/session.ts";
import type { Tokens } from "../contract/tokens.ts";
import type { Account } from "../contract/user.ts";
import type { AuthenticationOptionsJSON } from "../contract/webauthn.ts";
import { err, ok, type Result } from "../result.ts";

export interface Issuer {
  now(): number;
  sign(claims: Partial<AccessClaims>): Promise<string>;
  /** The claims of a valid access token. */
  read(token: string | undefined): Promise<AccessClaims | undefined>;
  /** The ids of ended sessions. */
  ended: Set<string>;
  ttlSeconds: number;
}

/** An account with its secrets, as `NewTestUser` describes them. */
export type Stored = Account &
  Partial<Record<"password" | "second_factor" | "passkey" | "identity", string | undefined>>;

const REFRESH_TTL_SECONDS = 604_800;
const LOGIN_TOKEN_TTL_SECONDS = 300;

interface Session {
  user: Stored;
  /** How the user authenticated (RFC 8176). */
  amr: string[];
  /** Unix time in seconds. */
  auth_time: number;
}

/** A sign-in whose first factor was right. */
interface Pending {
  user: Stored;
  /** The first factor (RFC 8176). */
  method: string;
  /** Another password makes the first factor void. */
  password: string | undefined;
  /** Unix time in milliseconds. */
  expiresAt: number;
}

export function createTestSessions({ now, sign, ended, ttlSeconds }: Issuer) {
  const sessions = new Map<string, Session>();
  /** The session of each refresh token. */
  const refreshTokens = new Map<string, string>();
  /** The sign-in of each login token. */
  const pending = new Map<string, Pending>();

  async function issue(sid: string, { user, amr, auth_time }: Session): Promise<Tokens> {
    const [refresh_token, { id: sub, roles, email_verified }] = [crypto.randomUUID(), user];
    refreshTokens.set(refresh_token, sid);
    const access_token = await sign({ sub, sid, roles, email_verified, amr, auth_time });
    const lifetimes = { expires_in: ttlSeconds, refresh_expires_in: REFRESH_TTL_SECONDS };
    return { access_token, refresh_token, token_type: "bearer", ...lifetimes };
  }

  async function open(user: Stored, amr: string[]): Promise<Tokens> {
    const [sid, session] = [crypto.randomUUID(), { user, amr, auth_time: Math.floor(now() / 1000) }];
    sessions.set(sid, session);
    return { ...(await issue(sid, session)), device_token: crypto.randomUUID() };
  }

  /** Waits for the second factor of a user. */
  function suspend(user: Stored, method: string): SecondFactorStep {
    const login_token = crypto.randomUUID();
    const expiresAt = now() + LOGIN_TOKEN_TTL_SECONDS * 1000;
    pending.set(login_token, { user, method, password: user.password, expiresAt });
    const own = { totp: user.second_factor, passkey: user.passkey };
    return { login_token, factors: (["totp", "passkey"] as const).filter((name) => own[name] !== undefined) };
  }

  return {
    /** The id of the session of a refresh token. */
    find: (refreshToken: string | null | undefined) => refreshTokens.get(refreshToken ?? ""),
    /** The id of the user of a session. */
    userOf: (sid: string) => sessions.get(sid)?.user.id,

    open,

    /** Opens a session after this first factor, unless the user has a second one. */
    async openAfter(user: Stored, method: string): Promise<Result<Tokens>> {
      if (user.disabled_at) return err("account_disabled");
      if (user.second_factor || user.passkey)
        return { ...err("second_factor_required"), secondFactor: suspend(user, method) };
      return ok(await open(user, [method]));
    },

    /** Replaces a refresh token. Returns undefined if it was used or its session has ended. */
    async refresh(refreshToken: string): Promise<Tokens | undefined> {
      const sid = refreshTokens.get(refreshToken) ?? "";
      const session = sessions.get(sid);
      if (!session || ended.has(sid)) return undefined;
      refreshTokens.delete(refreshToken);
      return issue(sid, session);
    },

    end(userId: string, isMeant = (_: string) => true) {
      for (const [sid, { user }] of sessions) if (user.id === userId && isMeant(sid)) ended.add(sid);
    },

    /** The feed of ended sessions. */
    async revocations(query?: RevocationQuery | null): Promise<Result<RevocationFeed>> {
      const expires_at = new Date(now() + ttlSeconds * 1000).toISOString();
      const sids = [...ended].slice(Number(query?.since ?? 0));
      return ok({ revocations: sids.map((sid) => ({ sid, expires_at })), next: String(ended.size), more: false });
    },

    /** The sign-in that has this login token, if the token is valid. */
    suspended(loginToken: string): Pending | undefined {
      const signIn = pending.get(loginToken);
      return signIn && signIn.user.password === signIn.password && now() < signIn.expiresAt ? signIn : undefined;
    },
  };
}

/** Options that name these passkeys. */
export const passkeyOptions = (ids: string[]): AuthenticationOptionsJSON => ({
  challenge: crypto.randomUUID().replaceAll("-", ""),
  rpId: "auth.test",
  timeout: 300_000,
  userVerification: "required",
  allowCredentials: ids.map((id) => ({ id, type: "public-key", transports: ["internal"] })),
});

/** An account without its secrets. */
export function toAccount({
  password: _,
  second_factor: __,
  passkey: ___,
  identity: ____,
  ...account
}: Stored): Account {
  return structuredClone(account);
}
