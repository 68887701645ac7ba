/**
 * The package `gatehouse/testing`, for the tests of Workers that use `gatehouse/sdk`.
 *
 * It signs tokens, replaces the service in `requireAuth`, and reads the messages of a local
 * service. It does not run the service: sign-in and every other act need a real one.
 */
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import type { AuthService } from "../contract/auth-service.ts";
import type { AccessClaims } from "../contract/claims.ts";
import { verifyAccessToken } from "../crypto/access-token.ts";
import { err, ok } from "../result.ts";

// biome-ignore lint/performance/noBarrelFile: part of the test kit.
export { forgetIssuers } from "./verifier.ts";

/** A clock that moves only by `advance`. Pass its `now` to the code under test. */
export interface TestClock {
  /** Returns the Unix time in milliseconds. */
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
  /** Returns the Unix time in milliseconds. The clock of the machine by default. */
  now?: () => number;
}

/**
 * Stands in for the service in the tests of a Worker: signs tokens and checks them.
 *
 * Keys from the network stay cached after a test. Call `forgetIssuers` before the next one.
 */
export interface TestIssuer {
  /** Replaces the binding. */
  auth: Pick<AuthService, "keys" | "verify">;
  /** Replaces `fetch` if the Worker loads the keys over the network. */
  fetch(input: Request | string | URL): Promise<Response>;
  /** Signs an access token. By default it belongs to a new user and expires in 15 minutes. */
  token(claims?: Partial<AccessClaims>): Promise<string>;
  /** Ends the session with this `sid`. */
  revoke(sid: string): void;
  /**
   * Signs with a new key from now on; older keys still verify. Verifiers look up at most five
   * unknown keys in ten seconds.
   */
  rotate(): Promise<void>;
  /** Sets whether the service responds. */
  setReachable(isReachable: boolean): void;
}

const TTL_SECONDS = 900;

export async function createTestIssuer(options: TestIssuerOptions = {}): Promise<TestIssuer> {
  const { issuer = "https://auth.test", audience = issuer, now = Date.now } = options;
  const pairs = [await generatePair()];
  const revoked = new Set<string>();
  let isReachable = true;

  function respond() {
    if (!isReachable) throw new Error("Network connection lost.");
    return { issuer, audience, keys: pairs.map(({ jwk }) => jwk) };
  }

  const findKey = ({ kid }: { kid?: string }) => pairs.find(({ jwk }) => jwk.kid === kid)?.publicKey;

  return {
    auth: {
      keys: async () => ok(respond()),
      async verify(token, options) {
        const { audience } = respond();
        const { audience: required, tier } = options ?? {};
        const claims = await verifyAccessToken({ issuer, audience: required ?? audience, findKey }, token, now());
        return claims && (tier === "local" || !revoked.has(claims.sid)) ? ok(claims) : err("unauthenticated");
      },
    },
    async fetch(input) {
      const { pathname } = new URL(input instanceof Request ? input.url : input);
      const { keys } = respond();
      return pathname === "/.well-known/jwks.json" ? Response.json({ keys }) : new Response(null, { status: 404 });
    },
    token(claims = {}) {
      const [{ jwk, privateKey }] = pairs as [Pair];
      const iat = Math.floor(now() / 1000);
      const [sub, sid, jti] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
      const defaults = { sub, sid, jti, auth_time: iat, amr: ["pwd"], email_verified: true, roles: [] };
      return new SignJWT({ iss: issuer, aud: audience, iat, exp: iat + TTL_SECONDS, ...defaults, ...claims })
        .setProtectedHeader({ alg: "ES256", kid: jwk.kid, typ: "at+jwt" })
        .sign(privateKey);
    },
    revoke(sid) {
      revoked.add(sid);
    },
    async rotate() {
      pairs.unshift(await generatePair());
    },
    setReachable(value) {
      isReachable = value;
    },
  };
}

type Pair = Awaited<ReturnType<typeof generatePair>>;

async function generatePair() {
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  const jwk: JWK & { kid: string } = { ...(await exportJWK(publicKey)), alg: "ES256", kid: crypto.randomUUID() };
  return { jwk, privateKey, publicKey };
}

/** A message that a local service kept instead of sending it. */
export interface OutboxMessage {
  channel: "mail" | "sms";
  to: string;
  /** `null` for a text message. */
  subject: string | null;
  text: string;
  /** The link and the code in the text, if there are any. */
  link: string | null;
  code: string | null;
}

type StoredMessage = { to: string } & (
  | { channel: "mail"; subject: string; paragraphs: string[] }
  | { channel: "sms"; text: string }
);

/**
 * Reads the messages that the service at `address` kept, newest first. A service keeps messages if
 * it runs on a loopback address without providers. Throws if the service has no outbox.
 */
export async function readOutbox(address: string): Promise<OutboxMessage[]> {
  const response = await fetch(new URL("/dev/outbox", address));
  if (!response.ok) throw new Error(`${address} has no outbox: it returned ${response.status}.`);
  const { messages } = (await response.json()) as { messages: StoredMessage[] };
  return messages.map(toOutboxMessage);
}

const LINK = /https?:\/\/\S+/;

function toOutboxMessage(message: StoredMessage): OutboxMessage {
  const { channel, to } = message;
  const [subject, text] =
    message.channel === "mail" ? [message.subject, message.paragraphs.join("\n")] : [null, message.text];
  const link = LINK.exec(text)?.[0] ?? null;
  const code = /\b\d{6}\b/.exec(text.replace(LINK, ""))?.[0] ?? null;
  return { channel, to, subject, text, link, code };
}
