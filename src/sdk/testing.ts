import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { type AccessClaims, verifyAccessToken } from "../crypto/access-token.ts";
import { err, ok } from "../result.ts";
import type { AuthService } from "./services.ts";

// biome-ignore lint/performance/noBarrelFile: it belongs to the kit.
export { forgetIssuers } from "./verifier.ts";

/** A clock that stands still until it is moved. Give `now` to what is tested. */
export interface TestClock {
  /** Unix time in milliseconds. */
  now(): number;
  advance(seconds: number): void;
}

export function createTestClock(start: Date | string = "2030-01-01T00:00:00Z"): TestClock {
  let time = new Date(start).getTime();
  return {
    now: () => time,
    advance(seconds) {
      time += seconds * 1000;
    },
  };
}

interface TestIssuerOptions {
  issuer?: string;
  audience?: string;
  /** Unix time in milliseconds; the machine's clock unless given. */
  now?: () => number;
}

/** Plays the service for a Worker's own tests: signs what is asked for, and answers as the service would. Where a Worker
 *  takes keys from the network, they outlive a test: `forgetIssuers` before the next. */
export interface TestIssuer {
  /** In the place of the binding. */
  auth: Pick<AuthService, "keys" | "verify">;
  /** In the place of `fetch`, for who takes the keys from the network. */
  fetch(input: Request | string | URL): Promise<Response>;
  /** An access token with these claims and the usual others: of a user of its own, from now, for 15 minutes. */
  token(claims?: Partial<AccessClaims>): Promise<string>;
  /** Ends the session with this `sid`. */
  revoke(sid: string): void;
  /** From now on tokens are signed with a new key; the old ones verify. Verifiers look for five new keys in ten seconds. */
  rotate(): Promise<void>;
  /** Whether anybody answers. */
  setReachable(isReachable: boolean): void;
}

const TTL_SECONDS = 900;

export async function createTestIssuer(options: TestIssuerOptions = {}): Promise<TestIssuer> {
  const { issuer = "https://auth.test", audience = issuer, now = Date.now } = options;
  const pairs = [await drawPair()];
  const revoked = new Set<string>();
  let isReachable = true;

  function answer() {
    if (!isReachable) throw new Error("Network connection lost.");
    return { issuer, audience, keys: pairs.map(({ jwk }) => jwk) };
  }

  const findKey = ({ kid }: { kid?: string }) => pairs.find(({ jwk }) => jwk.kid === kid)?.publicKey;

  return {
    auth: {
      keys: async () => ok(answer()),
      async verify(token, { audience: wanted, tier } = {}) {
        const { audience } = answer();
        const claims = await verifyAccessToken({ issuer, audience: wanted ?? audience, findKey }, token, now());
        return claims && (tier === "local" || !revoked.has(claims.sid)) ? ok(claims) : err("unauthenticated");
      },
    },
    async fetch(input) {
      const { pathname } = new URL(input instanceof Request ? input.url : input);
      const { keys } = answer();
      return pathname === "/.well-known/jwks.json" ? Response.json({ keys }) : new Response(null, { status: 404 });
    },
    token(claims = {}) {
      const [{ jwk, privateKey }] = pairs as [Pair];
      const iat = Math.floor(now() / 1000);
      const [sub, sid, jti] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
      const about = { sub, sid, jti, auth_time: iat, amr: ["pwd"], email_verified: true, roles: [] };
      return new SignJWT({ iss: issuer, aud: audience, iat, exp: iat + TTL_SECONDS, ...about, ...claims })
        .setProtectedHeader({ alg: "ES256", kid: jwk.kid, typ: "at+jwt" })
        .sign(privateKey);
    },
    revoke(sid) {
      revoked.add(sid);
    },
    async rotate() {
      pairs.unshift(await drawPair());
    },
    setReachable(value) {
      isReachable = value;
    },
  };
}

type Pair = Awaited<ReturnType<typeof drawPair>>;

async function drawPair() {
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  const jwk: JWK & { kid: string } = { ...(await exportJWK(publicKey)), alg: "ES256", kid: crypto.randomUUID() };
  return { jwk, privateKey, publicKey };
}

/** A message that a service on this machine would have sent. */
export interface OutboxMessage {
  channel: "mail" | "sms";
  to: string;
  /** Null for a text. */
  subject: string | null;
  text: string;
  /** What stands in it, if anything. */
  link: string | null;
  code: string | null;
}

type Kept = { to: string } & (
  | { channel: "mail"; subject: string; paragraphs: string[] }
  | { channel: "sms"; text: string }
);

/** What the service at this address would have sent, newest first: it keeps messages where it runs on a loopback address
 *  without providers. Throws when it has no outbox. */
export async function readOutbox(address: string): Promise<OutboxMessage[]> {
  const response = await fetch(new URL("/dev/outbox", address));
  if (!response.ok) throw new Error(`${address} has no outbox: it answers ${response.status}.`);
  const { messages } = (await response.json()) as { messages: Kept[] };
  return messages.map(toOutboxMessage);
}

const LINK = /https?:\/\/\S+/;

function toOutboxMessage(kept: Kept): OutboxMessage {
  const { channel, to } = kept;
  const [subject, text] = kept.channel === "mail" ? [kept.subject, kept.paragraphs.join("\n")] : [null, kept.text];
  const link = LINK.exec(text)?.[0] ?? null;
  const code = /\b\d{6}\b/.exec(text.replace(LINK, ""))?.[0] ?? null;
  return { channel, to, subject, text, link, code };
}
