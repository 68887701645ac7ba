/**
 * The stage on which a scenario runs: the Worker with its bindings, any of which can fail once, a
 * clock that the scenario moves, a queue, and the mailboxes.
 */
import { env } from "cloudflare:workers";
import { aroundCalls, aroundD1 } from "../support/bindings.ts";
import { NO_COOLDOWN } from "../support/outbox.ts";
import { type Answer, createWorld, stopClock } from "../support/world.ts";
import { createBrowsers } from "./browsers.ts";
import { type AppAct, CLIENT_SETTINGS, createApps } from "./clients.ts";
import type { Mailed } from "./codes.ts";
import { createKeys, type KeyAct } from "./keys.ts";
import { type Letter, lettersAfter } from "./letters.ts";
import { createModel, type Held } from "./model.ts";
import { type Actor, controllerOf, type Person, senderOf } from "./people.ts";
import { REMOVAL_DELAY_SECONDS } from "./removals.ts";
import { type Account, type LiveSession, NOTHING, type Snapshot } from "./snapshot.ts";
import type { Fault, Scenario } from "./steps.ts";
import { createUpstreams, SETTING } from "./upstreams.ts";
import { type Attempt, createWaysToProviders, type Linking } from "./ways-to-providers.ts";

/** The effects of a step that the invariants need to know. */
export interface Outcome {
  answers: Answer[];
  /** The token that decided, if the act needs one. */
  token?: { held: Held; by: "access" | "refresh" };
  /** The sessions that the act may end. By default none. */
  mayEnd?: (session: LiveSession) => boolean;
  /** The act ends a session whose refresh token was used before. */
  noticesReuse?: boolean;
  /** A proof of a second factor: its name, and the account that it was made for. */
  proof?: { key: string; userId: string } | undefined;
  /** The account whose factors the act may change. By default none. */
  mayChangeFactorsOf?: string | undefined;
  /** The account to which the act adds a factor, if it is accepted. */
  adds?: string;
  /** A code or link that was typed or opened. */
  mailed?: Mailed | undefined;
  /** A callback of an identity provider. */
  attempt?: Attempt;
  /** An identity that the act links, if it is accepted. */
  linking?: Linking;
  /** An identity that the act may unlink. */
  unlinks?: string;
  /** The account that the act takes clean, if it is accepted. */
  cleans?: string | undefined;
  /** The account at whose second factor the act guesses. */
  guessesAt?: string;
  /** An accepted request to remove the second factors of an account, or to keep them. */
  removal?: { userId: string; isAsked: boolean };
  /** The accounts whose second factors the act removes. */
  removes?: Set<string>;
  /** The sessions that the act has to end. By default none. */
  mustEnd?: ((session: LiveSession) => boolean) | undefined;
  /** An act of a client, or for one. */
  app?: AppAct;
  /** An act on API keys, or with one. */
  key?: KeyAct;
  /** Something that is wrong in itself. */
  broken?: string;
}

interface Queued {
  id: string;
  body: unknown;
  queuedAt: number;
  attempts: number;
}

const MAX_DELIVERIES = 4;
/** A limiter counts in real time, so here it never limits. */
const OPEN = { limit: async () => ({ success: true }) } as unknown as RateLimit;

/** A role that needs a second factor. */
export const STAFF = "staff";
const TRUSTED_DEVICE_DAYS = 2;

/** Requests that may name the browser. */
const NAMES_DEVICE =
  /^\/auth\/(login(\/(request-code|code|link|second-factor|enroll\/(totp\/confirm|passkey)))?|passkeys\/login|forgot-password|request-reset)$/;

export function createPlay(
  startAt: number,
  { policy = false, codesOnly = false, providersOnly = false }: Omit<Scenario, "steps"> = {},
) {
  let now = startAt;
  let fault: Fault | undefined;
  let calls = 0;
  let queue: Queued[] = [];
  let seen = 0;
  /** Newest first. */
  const letters: Letter[] = [];
  const devices = new Map<Actor, string>();
  const browsers = createBrowsers();
  const notified: { step: number; kind: string; userId: string; id: string }[] = [];

  const around =
    (binding: Fault["binding"]) =>
    async <T>(call: () => Promise<T>): Promise<T> => {
      if (fault?.binding !== binding || ++calls !== fault.call) return call();
      if (fault.afterEffect) await call();
      throw new Error(`${binding} is down`);
    };
  const send = async (body: unknown) =>
    void queue.push({ id: crypto.randomUUID(), body, queuedAt: Date.now(), attempts: 0 });
  const limiters = Object.keys(env).filter((name) => name.startsWith("RATE_LIMIT_"));
  const settings = {
    ...NO_COOLDOWN,
    LOGIN_METHODS: codesOnly ? "email_code" : providersOnly ? "passkey" : "password,passkey,email_code,phone_code",
    IDENTITY_PROVIDERS: SETTING,
    ...CLIENT_SETTINGS,
    OTP_RESEND_COOLDOWN_SECONDS: "30",
    MFA_POLICY: policy ? "required" : `required-for-roles:${STAFF}`,
    FACTOR_REMOVAL_DELAY_SECONDS: String(REMOVAL_DELAY_SECONDS),
    TRUSTED_DEVICE_DAYS: String(TRUSTED_DEVICE_DAYS),
    ...Object.fromEntries(limiters.map((name) => [name, OPEN])),
    DB: aroundD1(env.DB, around("DB")),
    DENYLIST: aroundCalls(env.DENYLIST, around("DENYLIST")),
    MESSAGES: aroundCalls({ send } as unknown as Queue, around("MESSAGES")),
  };
  const world = createWorld(settings);
  stopClock(now);

  async function noteNotice(step: number, id = "") {
    const { results } = await env.DB.prepare("select kind, user_id as userId from notices where id = ?")
      .bind(id)
      .all<{ kind: string; userId: string }>();
    for (const { kind, userId } of results) notified.push({ step, kind, userId, id });
  }

  return {
    world,
    /** The same, but users must have a proven address. */
    strictWorld: createWorld({ ...settings, REQUIRE_VERIFICATION: "true" }),
    model: createModel(),
    letters,
    browsers,
    upstreams: createUpstreams(around("UPSTREAM")),
    ways: createWaysToProviders(),
    apps: createApps(),
    keys: createKeys(),
    /** The notices that were sent. */
    notified,
    codesOnly,
    providersOnly,
    /** Tests whether MFA_POLICY asks for a second factor. */
    needsFactor: ({ roles }: Account) => policy || roles.includes(STAFF),
    trustMilliseconds: TRUSTED_DEVICE_DAYS * 86_400_000,
    /** The number of the current step. */
    step: 0,
    /** The database before the current step. */
    before: NOTHING as Snapshot,

    /** Lets time pass. */
    wait(seconds: number) {
      now += seconds * 1000;
      stopClock(now);
    },

    /** Performs the act while a call of a binding fails. */
    async during<T>(failing: Fault | undefined, act: () => Promise<T>): Promise<T> {
      [fault, calls] = [failing, 0];
      try {
        return await act();
      } finally {
        fault = undefined;
      }
    },

    isFailing: () => fault !== undefined,

    /** Sends a request. With `isElsewhere` it comes from another browser of the person. */
    async call(
      who: Actor,
      method: string,
      path: string,
      body?: object,
      token?: string,
      isElsewhere = false,
    ): Promise<Answer> {
      const device = devices.get(who);
      const remembers = device !== undefined && !isElsewhere && NAMES_DEVICE.test(path);
      const answer = await world.call(method, path, {
        headers: { ...senderOf(who), ...browsers.headersOf(who, path, isElsewhere) },
        ...(token !== undefined && { token }),
        ...(body && { body: { ...body, ...(remembers && { device_token: device }) } }),
      });
      if (isElsewhere) return answer;
      browsers.keep(who, answer.headers);
      if (typeof answer.json?.device_token === "string") this.keepDevice(who, answer.json.device_token);
      return answer;
    },

    keepDevice(who: Actor, token: string) {
      devices.set(who, token);
      this.model.trust.hold(who, token, this.step);
    },

    /** The device token that this person sends. */
    deviceOf: (who: Actor) => devices.get(who),

    /** Tests whether a notice of this kind waits, or was sent in this step. */
    isNotified(kind: string, { id, notices }: Account): boolean {
      const isSent = notified.some((notice) => {
        return notice.step === this.step && notice.kind === kind && notice.userId === id;
      });
      return isSent || notices.includes(kind);
    },

    /** Delivers what is queued. Returns false if a message was not accepted. */
    async deliver(): Promise<boolean> {
      const [batch, unsent] = [queue, [] as Queued[]];
      queue = [];
      for (const message of batch) {
        const { id, body, queuedAt, attempts } = message;
        const {
          kind,
          id: noticeId,
          browser_digest: browserDigest,
        } = body as { kind: string; id?: string; browser_digest?: string };
        if (kind === "notice") await noteNotice(this.step, noticeId);
        const { acked } = await world.deliver([body], { id, attempts: attempts + 1, timestamp: new Date(queuedAt) });
        if (acked.length === 0) unsent.push({ ...message, attempts: attempts + 1 });
        // A batch of one message: `deliver` numbers those of a batch.
        const fresh = await lettersAfter(seen, { kind, id: `${id}0`, browserDigest });
        seen += fresh.length;
        letters.unshift(...fresh);
      }
      queue.unshift(...unsent.filter(({ attempts }) => attempts < MAX_DELIVERIES));
      return unsent.length === 0;
    },

    /** The n-th newest letter of this sort that the person can read. */
    letter(person: Person, isWanted: (letter: Letter) => boolean, n = 0): Letter | undefined {
      const readable = letters.filter((letter) => controllerOf(letter.to) === person && isWanted(letter));
      return readable[Math.min(n, readable.length - 1)];
    },

    /** The token that these numbers pick, newest first. */
    pick(person: Person, { session = 0, age = 0 }: { session?: number; age?: number }): Held | undefined {
      const all = this.model.held[person];
      const ids = [...new Set(all.map(({ sessionId }) => sessionId))];
      return all.filter(({ sessionId }) => sessionId === ids[session % ids.length])[age];
    },
  };
}

export type Play = ReturnType<typeof createPlay>;
