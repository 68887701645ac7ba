import { type Config, isLoopback, parseConfig } from "./config.ts";
import { findKey, importKeys } from "./crypto/keys.ts";
import type { ScryptParams } from "./crypto/password.ts";
import { deriveRefreshKeys } from "./crypto/refresh-token.ts";
import type { TokenSettings } from "./crypto/tokens.ts";
import type { Locale } from "./locales/locales.ts";
import { logError } from "./log.ts";
import { createPasswords, type Passwords } from "./passwords/passwords.ts";
import { err, ok, type Result } from "./result.ts";
import type { Message } from "./schemas/message.ts";
import type { MailSender } from "./senders/mail.ts";
import { createOutbox, type KeptMessage, readOutbox } from "./senders/outbox.ts";
import { createResendSender } from "./senders/resend.ts";
import type { SmsSender } from "./senders/sms.ts";
import { createTwilioSender } from "./senders/twilio.ts";
import { type Db, primary, type Reader, replica } from "./storage/db.ts";
import type { AuditContext } from "./storage/events.ts";

/** Everything an act works with, besides its input. */
export interface Deps {
  config: Config;
  /** The primary: whatever decides access is read here. */
  db: Db;
  /** The nearest copy, which may lag: for reads that may be a little old. */
  replica: Reader;
  /** Revoked sessions, as every edge can read them. */
  denylist: KVNamespace;
  /** Puts a message into the queue, with the language of the request where it names none. `messages_unavailable` when the
   *  queue does not take it; never rejects. */
  enqueue(message: Message): Promise<Result>;
  mail: MailSender;
  sms: SmsSender;
  /** Reads what was kept instead of sent: on a developer's machine alone. */
  outbox: (() => Promise<KeptMessage[]>) | undefined;
  passwords: Passwords;
  tokens: TokenSettings;
  /** Who asks, for sessions and events to remember. */
  requestContext: RequestContext;
  /** Unix time in milliseconds. */
  now(): number;
  /** When and from where the act happens. */
  audit(): AuditContext;
  /** Keeps this running after the response. It must not reject. */
  waitUntil(work: Promise<unknown>): void;
}

export interface RequestContext {
  /** An IPv4 address, or the /64 of an IPv6 one. */
  ip: string | null;
  userAgent: string | null;
  /** The first language of theirs that messages are written in. */
  locale: Locale | undefined;
  /** What the edge calls the request. */
  ray: string | null;
  /** The Worker that the call comes through. */
  caller: string | null;
}

/** What the queue and the clock act for. */
export const SYSTEM_CONTEXT: RequestContext = { ip: null, userAgent: null, locale: undefined, ray: null, caller: null };

type IsolateDeps = Pick<Deps, "config" | "tokens" | "db" | "replica" | "passwords" | "mail" | "sms" | "outbox">;

/** What depends on settings alone is made once an isolate. Values are kept, never promises: a request must not wait for
 *  another one's. */
const isolateDeps = new WeakMap<Env, IsolateDeps>();

/** Builds the world of one request, or says which settings are missing. */
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
    enqueue: (message) => enqueue(env.MESSAGES, { locale: requestContext.locale, ...message }),
  });
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

/** Creates what depends on settings alone, once per isolate. Only tests pass `defaultScrypt`. */
export async function createIsolateDeps(env: Env, defaultScrypt?: ScryptParams): Promise<Result<IsolateDeps>> {
  const cached = isolateDeps.get(env);
  if (cached) return ok(cached);
  const parsed = parseConfig(env, defaultScrypt);
  if (!parsed.ok) return parsed;

  const config = parsed.value;
  const tokens = await createTokenSettings(config);
  if (!tokens) return err("misconfigured", [{ path: "JWT_SIGNING_KEYS", message: BAD_KEY }]);
  const created = {
    config,
    tokens,
    db: primary(env.DB),
    replica: replica(env.DB),
    passwords: createPasswords(config),
    ...createSenders(config, env.DENYLIST),
  };
  isolateDeps.set(env, created);
  return ok(created);
}

const BAD_KEY = "A key is not what its alg says; `npm run --silent secrets` makes a new set.";

async function createTokenSettings(config: Config): Promise<TokenSettings | undefined> {
  try {
    const keys = await importKeys(config.JWT_SIGNING_KEYS);
    return {
      keys,
      refreshKeys: deriveRefreshKeys(config.PEPPER),
      findKey: (header) => findKey(keys.verifying, header),
      issuer: config.ISSUER,
      audience: config.ACCESS_TOKEN_AUDIENCE ?? config.ISSUER,
      accessTokenTtlSeconds: config.ACCESS_TOKEN_TTL_SECONDS,
    };
  } catch {
    // The error is not logged: it may quote the key.
    return undefined;
  }
}

/** Without its provider a message is kept to be read at `/dev/outbox`, on a developer's machine alone. */
function createSenders(config: Config, store: KVNamespace): Pick<Deps, "mail" | "sms" | "outbox"> {
  const providers = { mail: createMail(config), sms: createSms(config) };
  if (!isLoopback(config.ISSUER) || (providers.mail && providers.sms)) {
    return { mail: providers.mail ?? NO_PROVIDER, sms: providers.sms ?? NO_PROVIDER, outbox: undefined };
  }
  const kept = createOutbox(store, Date.now);
  return { mail: providers.mail ?? kept.mail, sms: providers.sms ?? kept.sms, outbox: () => readOutbox(store) };
}

const NO_PROVIDER = { send: async () => ({ outcome: "refused", reason: "no_provider" }) as const };

function createMail({ RESEND_API_KEY: apiKey, RESEND_BASE_URL: baseUrl, MAIL_FROM: from }: Config) {
  return apiKey && from ? createResendSender({ apiKey, from, baseUrl }) : undefined;
}

function createSms({ TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_FROM: from, TWILIO_BASE_URL: baseUrl }: Config) {
  if (!TWILIO_ACCOUNT_SID || !TWILIO_AUTH_TOKEN || !from) return undefined;
  return createTwilioSender({ accountSid: TWILIO_ACCOUNT_SID, authToken: TWILIO_AUTH_TOKEN, from, baseUrl });
}
