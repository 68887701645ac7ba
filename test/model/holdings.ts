/**
 * What people hold to prove who they are besides passwords, and what they have proven in which
 * session. A thief may copy a recovery code, but neither an app nor a passkey.
 */
import { env } from "cloudflare:workers";
import { digestOfRecoveryCode } from "../../src/crypto/recovery-codes.ts";
import { decodeRefreshToken } from "../../src/crypto/tokens.ts";
import { stepAt } from "../../src/crypto/totp.ts";
import type { Passkey } from "../support/security-key.ts";
import type { Person } from "./people.ts";
import type { Outcome } from "./play.ts";
import { type Account, hasSecondFactor, type Snapshot } from "./snapshot.ts";
import type { Step } from "./steps.ts";

/** REAUTHENTICATION_SECONDS. */
export const FRESH_MILLISECONDS = 300_000;

/** The secret of an authenticator app, confirmed or not. */
export interface HeldApp {
  person: Person;
  userId: string;
  secret: string;
  /** The version of the account's credentials when it was started. */
  credentialVersion: number;
  /** The number of factors that its session had proven then. */
  factors: number;
}

export interface HeldCode {
  people: Person[];
  userId: string;
  code: string;
  digest: string;
  /** Somebody sent it, and it was right. */
  isUsed: boolean;
}

export interface HeldPasskey {
  person: Person;
  userId: string;
  /** In base64url. */
  id: string;
  passkey: Passkey;
  userHandle: string;
}

/** A right first factor that waits for the second one. */
export interface PendingLogin {
  loginToken: string;
  userId: string;
  isCopy: boolean;
}

/** A right first factor that waits for a new second one. */
export interface Enrolling extends PendingLogin {
  /** The version of the account's credentials that were proven. */
  credentialVersion: number;
  /** Unix milliseconds. */
  expiresAt: number;
}

/** A new passkey whose last request was not sent. */
interface UnsentPasskey {
  credential: object;
  userId: string;
  credentialVersion: number;
}

/** What was proven in a session. */
export interface Proven {
  factors: number;
  /** Unix milliseconds. */
  at: number;
}

export const createHoldings = () => {
  /** All newest first. */
  const apps: HeldApp[] = [];
  const codes: HeldCode[] = [];
  const passkeys: HeldPasskey[] = [];
  /** By session. */
  const proven = new Map<string, Proven>();
  /** The sessions that each proof has opened or renewed. */
  const uses = new Map<string, Set<string>>();

  return {
    apps,
    codes,
    passkeys,
    proven,
    uses,
    pending: new Map<Person, PendingLogin>(),
    /** Newest first. */
    enrolling: new Map<Person, Enrolling[]>(),
    unsent: new Map<Person, UnsentPasskey>(),
    /** The last response of each person's authenticators. */
    responses: new Map<Person, { credential: object; key: string; userId: string }>(),

    /** Remembers a new set of recovery codes. */
    keepCodes(person: Person, userId: string, set: string[]) {
      const held = set.map((code) => ({
        people: [person],
        userId,
        code,
        digest: digestOfRecoveryCode(env.PEPPER, userId, code),
        isUsed: false,
      }));
      codes.unshift(...held);
    },

    /** Tests whether the person holds a second factor of this account. */
    canProve: (person: Person, account: Account): boolean =>
      apps.some((app) => app.person === person && app.secret === account.app) ||
      passkeys.some((passkey) => passkey.person === person && account.passkeys.includes(passkey.id)) ||
      codes.some(({ people, digest }) => people.includes(person) && account.codes.includes(digest)),

    holdsPasskeyOf: (person: Person, account: Account): boolean =>
      passkeys.some((passkey) => passkey.person === person && account.passkeys.includes(passkey.id)),

    /** The people who hold the apps and passkeys of an account. */
    holdersOf: (account: Account): Person[] => [
      ...apps.filter(({ secret }) => secret === account.app).map(({ person }) => person),
      ...passkeys.filter(({ id }) => account.passkeys.includes(id)).map(({ person }) => person),
    ],

    /** Tests whether this session may change the factors: DESIGN §3. */
    mayChange(account: Account | undefined, sessionId: string, hasRightPassword: boolean): boolean {
      const session = proven.get(sessionId);
      if (!account || !session) return false;
      const isFresh = Date.now() - session.at <= FRESH_MILLISECONDS;
      return hasSecondFactor(account) ? session.factors === 2 && isFresh : isFresh || hasRightPassword;
    },

    /** Counts the sessions that the proofs of a step opened or renewed, even if no answer came. */
    countUses(step: Step, outcomes: Outcome[], before: Snapshot, after: Snapshot) {
      const proofs = outcomes.flatMap((outcome) => {
        return proofsOf(outcome).map(({ key, userId }) => ({ key, userId, answers: outcome.answers }));
      });
      for (const { key, userId: provenId, answers } of proofs) {
        const answered = answers.flatMap(({ json }) => {
          const token = json?.refresh_token && decodeRefreshToken(json.refresh_token);
          // A login token is the first of two steps to a session.
          return token ? [token.sessionId] : json?.login_token ? [json.login_token as string] : [];
        });
        const unanswered =
          "both" in step
            ? []
            : [...after.sessions.values()].filter(({ id, userId }) => {
                // The account of a sign-up is new.
                const isOf = provenId === "" ? !before.accounts.has(userId) : userId === provenId;
                return isOf && !before.sessions.has(id);
              });
        const sessions = uses.get(key) ?? new Set();
        uses.set(key, new Set([...sessions, ...answered, ...unanswered.map(({ id }) => id)]));
      }
    },
  };
};

/** The proofs of a step that work once. */
export const proofsOf = ({ proof, mailed, attempt }: Outcome) =>
  [proof, mailed?.proof, attempt?.proof].filter((each) => each !== undefined);

/** Names the step of an app whose code is `later` steps from now. */
export const appUse = (secret: string, later = 0) => `step ${stepAt(Date.now()) + later} of the app ${secret}`;
