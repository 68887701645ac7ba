/**
 * The dependencies of every act: settings, storage, queue, senders, keys, clock.
 *
 * `createDeps` builds them for one request. Parts that depend only on the settings are created once
 * per isolate and cached. Acts get everything from `Deps`, so tests can replace any of it.
 */
import { isLoopback } from "./config/urls.ts";
import { type Config, parseConfig } from "./config.ts";
import { findKey, importKeys } from "./crypto/keys.ts";
import type { ScryptParams } from "./crypto/password.ts";
import { deriveSecrets } from "./crypto/signed-values.ts";
import type { TokenSettings } from "./crypto/tokens.ts";
import type { Locale } from "./locales/locales.ts";
import { logError } from "./log.ts";
import { type Metrics, metricsOf } from "./metrics.ts";
import type { VerifierBinding } from "./passwords/foreign-hashes.ts";
import { createPasswords, type Passwords } from "./passwords/passwords.ts";
import { type Err, err, ok, type Result } from "./result.ts";
import { type Message, networkBlockOf } from "./schemas/message.ts";
import type { MailSender } from "./senders/mail.ts";
import { createOutbox, type KeptMessage } from "./senders/outbox.ts";
import { createResendSender } from "./senders/resend.ts";
import type { SmsSender } from "./senders/sms.ts";
import { createTwilioSender } from "./senders/twilio.ts";
import { type Db, primary, type Reader, replica } from "./storage/db.ts";
import type { AuditContext } from "./storage/events.ts";

/** The dependencies of an act. */
export interface Deps {
  config: Config;
  /** The primary database. Reads that decide access go here. */
  db: Db;
  /** The nearest replica, which may lag. For reads that may be slightly out of date. */
  replica: Reader;
  /** The files of `public`, which the words of all languages are in. */
  assets: Fetcher;
  /** The revoked sessions, readable in every Cloudflare location. */
  denylist: KVNamespace;
  /**
   * Queues a message with the language and the network of the request. Never rejects.
   * Errors: `messages_unavailable`.
   */
  enqueue(message: Message): Promise<Result>;
  mail: MailSender;
  sms: SmsSender;
  /** The channels that a provider or the outbox sends messages on. */
  sends: { mail: boolean; sms: boolean };
  /** Reads the messages that were kept instead of sent. Undefined except in local development. */
  outbox: (() => Promise<KeptMessage[]>) | undefined;
  passwords: Passwords;
  metrics: Metrics;
  tokens: TokenSettings;
  /**
   * Counts a request against a rate limit. Never rejects: a limiter that fails lets requests
   * through. Errors: `too_many_requests`.
   */
  limit(name: keyof typeof LIMITERS, key: string): Promise<Err | undefined>;
  /** The sender of the request, as stored with sessions and events. */
  requestContext: RequestContext;
  /** Unix time in milliseconds. */
  now(): number;
  /** The time and the request context, as stored with events. */
  audit(): AuditContext;
  /** Lets work continue after the response. The promise must not reject. */
  waitUntil(work: Promise<unknown>): void;
}

export interface RequestContext {
  /** An IPv4 address, or the /64 of an IPv6 address. */
  ip: string | null;
  userAgent: string | null;
  /** The language that was chosen on a page, or the first accepted one that there are words in. */
  locale: Locale | undefined;
  /** Cloudflare's Ray ID. */
  ray: string | null;
  /** The name of the calling Worker; null over HTTP. */
  caller: string | null;
  /** The device token in the cookie, not verified. */
  deviceToken?: string | undefined;
}

/** The bindings of the rate limits. wrangler.toml sets the limits. */
const LIMITERS = {
  // Per network address: requests that check a credential, request a message, create an account.
  credentials: "RATE_LIMIT_CREDENTIALS",
  messages: "RATE_LIMIT_MESSAGES",
  registration: "RATE_LIMIT_REGISTRATION",
  // Per IPv6 /48: all of these.
  sites: "RATE_LIMIT_SITES",
  // Per session: what a signed-in user changes.
  sessions: "RATE_LIMIT_SESSIONS",
} as const;

/** The rate limits per network address. */
export type RateLimitName = Exclude<keyof typeof LIMITERS, "sites" | "sessions">;

/** The context of work that no request causes: queue and schedule. */
export const SYSTEM_CONTEXT: RequestContext = { ip: null, userAgent: null, locale: undefined, ray: null, caller: null };

type IsolateDeps = Pick<
  Deps,
  "config" | "tokens" | "db" | "replica" | "passwords" | "metrics" | "mail" | "sms" | "sends" | "outbox"
>;

/** A cache of values, not promises: a request must not await a promise of another request. */
const isolateDeps = new WeakMap<Env, IsolateDeps>();

/** Creates the dependencies of one request. Errors: `misconfigured`, with the invalid settings. */
export async function createDeps(
  env: Env,
  context: Pick<ExecutionContext, "waitUntil">,
  requestContext: RequestContext,
): Promise<Result<Deps>> {
  const isolate = await createIsolateDeps(env);
  if (!isolate.ok) return isolate;
  const now = Date.now;
  return ok({
    ...isolate.value,
    assets: env.ASSETS,
    denylist: env.DENYLIST,
    requestContext,
    now,
    audit: () => ({
      at: now(),
      ip: requestContext.ip,
      userAgent: requestContext.userAgent,
      caller: requestContext.caller,
    }),
    waitUntil: (work) => context.waitUntil(work),
    limit: (name, key) => limit(isolate.value.config, env[LIMITERS[name]], key),
    enqueue: (message) =>
      enqueue(env.MESSAGES, {
        locale: requestContext.locale,
        network: networkBlockOf(requestContext.ip),
        ...message,
      }),
  });
}

async function limit({ FAIL_CLOSED }: Config, limiter: RateLimit, key: string): Promise<Err | undefined> {
  try {
    return (await limiter.limit({ key })).success ? undefined : err("too_many_requests");
  } catch (error) {
    logError("limiter_failed", error as Error);
    return FAIL_CLOSED.includes("rate_limits") ? err("check_unavailable") : undefined;
  }
}

async function enqueue(messages: Queue, message: object): Promise<Result> {
  try {
    await messages.send(message);
    return ok();
  } catch (error) {
    logError("message_not_queued", error as Error);
    return err("messages_unavailable");
  }
}

/**
 * Creates the dependencies that depend only on the settings, once per isolate. Only tests pass
 * `defaultScrypt`.
 */
export async function createIsolateDeps(env: Env, defaultScrypt?: ScryptParams): Promise<Result<IsolateDeps>> {
  const cached = isolateDeps.get(env);
  if (cached && Date.now() < cached.config.validUntil) return ok(cached);
  const parsed = parseConfig(env, defaultScrypt);
  if (!parsed.ok) return parsed;

  const config = parsed.value;
  const { PASSWORD_VERIFIER: verifier }: Env & VerifierBinding = env;
  const metrics = metricsOf(env);
  const tokens = await createTokenSettings(config);
  if (!tokens) return err("misconfigured", [{ path: "JWT_SIGNING_KEYS", code: "invalid_setting", message: BAD_KEY }]);
  const created = {
    config,
    tokens,
    db: primary(env.DB),
    replica: replica(env.DB),
    // Hashes wait in one queue.
    passwords: cached?.passwords ?? createPasswords(config, env.ASSETS, { verifier, metrics }),
    metrics,
    ...createSenders(config, env.DENYLIST),
  };
  isolateDeps.set(env, created);
  return ok(created);
}

const BAD_KEY = "Set keys that fit their alg, for RS256 with 3072 bits. `npm run --silent secrets` creates a new set.";

async function createTokenSettings(config: Config): Promise<TokenSettings | undefined> {
  try {
    const keys = await importKeys(config.JWT_SIGNING_KEYS);
    return {
      keys,
      refreshKeys: deriveSecrets(config.PEPPER, "refresh-token"),
      deviceKeys: deriveSecrets(config.PEPPER, "device-token"),
      loginKeys: deriveSecrets(config.PEPPER, "login-token"),
      challengeKeys: deriveSecrets(config.PEPPER, "passkey-challenge"),
      findKey: (header) => findKey(keys.verifying, header),
      issuer: config.ISSUER,
      audience: config.ACCESS_TOKEN_AUDIENCE ?? config.ISSUER,
      typ: config.ACCESS_TOKEN_TYPE,
      accessTokenTtlSeconds: config.ACCESS_TOKEN_TTL_SECONDS,
    };
  } catch {
    // The error is not logged: it may quote the key.
    return undefined;
  }
}

/**
 * Creates the senders. Without a provider, `wrangler dev` with a loopback `ISSUER` keeps messages
 * for `/dev/outbox`; any other service refuses them. The bundler evaluates `NODE_ENV`, so a
 * deployed Worker does not contain the outbox.
 */
function createSenders(config: Config, store: KVNamespace): Pick<Deps, "mail" | "sms" | "sends" | "outbox"> {
  const providers = { mail: createMail(config), sms: createSms(config) };
  const isMissing = !providers.mail || !providers.sms;
  const kept =
    process.env["NODE_ENV"] === "development" && isMissing && isLoopback(config.ISSUER)
      ? createOutbox(store, { from: config.MAIL_FROM ?? null, reply_to: config.MAIL_REPLY_TO ?? null }, Date.now)
      : undefined;
  return {
    mail: providers.mail ?? kept?.mail ?? NO_PROVIDER,
    sms: providers.sms ?? kept?.sms ?? NO_PROVIDER,
    sends: { mail: Boolean(providers.mail ?? kept), sms: Boolean(providers.sms ?? kept) },
    outbox: kept?.read,
  };
}

const NO_PROVIDER = { send: async () => ({ outcome: "refused", reason: "no_provider" }) as const };

function createMail({ RESEND_API_KEY: apiKey, RESEND_BASE_URL: baseUrl, MAIL_FROM: from, MAIL_REPLY_TO }: Config) {
  return apiKey && from ? createResendSender({ apiKey, from, replyTo: MAIL_REPLY_TO, baseUrl }) : undefined;
}

function createSms({ TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_FROM: from, TWILIO_BASE_URL: baseUrl }: Config) {
  if (!TWILIO_ACCOUNT_SID || !TWILIO_AUTH_TOKEN || !from) return undefined;
  return createTwilioSender({ accountSid: TWILIO_ACCOUNT_SID, authToken: TWILIO_AUTH_TOKEN, from, baseUrl });
}
