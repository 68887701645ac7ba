/**
 * The model of what each person knows and holds, and what follows from that. It never predicts an
 * answer of the service. It says who may have a way into which account.
 */
import { decodeJwt } from "jose";
import { verifyPassword } from "../../src/crypto/password.ts";
import { decodeRefreshToken } from "../../src/crypto/tokens.ts";
import { controllerOf, PEOPLE, type Person } from "./people.ts";
import type { Account, Snapshot } from "./snapshot.ts";

/** Both tokens of one answer, in the hands of one person. */
export interface Held {
  access: string;
  refresh: string;
  userId: string;
  sessionId: string;
  generation: number;
  /** All in Unix milliseconds. */
  accessExpiresAt: number;
  refreshExpiresAt: number;
  authenticatedAt: number;
  /** A copy of another person's tokens. Tokens that a thief gets for them are copies as well. */
  isCopy: boolean;
  /** The step in which the person got them. */
  step: number;
}

export const createModel = () => {
  const held = Object.fromEntries(PEOPLE.map((person) => [person, []])) as unknown as Record<Person, Held[]>;
  /** Every password that anyone chose, newest first. Only that person knows it. */
  const passwords: { text: string; person: Person }[] = [];
  const setters = new Map<string, Person | undefined>();
  /** The people who got an answer to a refresh token, by session and generation. */
  const answered = new Map<string, Set<Person>>();
  /** Whose account it is: the person who proved an address of it and set its password. */
  const claims = new Map<string, Person>();

  return {
    held,
    claims,

    /** A new password of this person. */
    choosePassword(person: Person): string {
      const text = `${person}s-staple-battery-${passwords.length}`;
      passwords.unshift({ text, person });
      return text;
    },

    passwordsOf: (person: Person) => passwords.filter((known) => known.person === person).map(({ text }) => text),

    /** Remembers the tokens in an answer. */
    keep(person: Person, { access_token, refresh_token }: Tokens, { step, isCopy }: Pick<Held, "step" | "isCopy">) {
      const refresh = decodeRefreshToken(refresh_token);
      const { exp = 0, auth_time = 0 } = decodeJwt<{ auth_time: number }>(access_token);
      if (!refresh) throw new Error("a refresh token that cannot be read");
      const { userId, sessionId, generation, expiresAt } = refresh;
      held[person].unshift({
        access: access_token,
        refresh: refresh_token,
        userId,
        sessionId,
        generation,
        accessExpiresAt: exp * 1000,
        refreshExpiresAt: expiresAt * 1000,
        authenticatedAt: auth_time * 1000,
        isCopy,
        step,
      });
    },

    /** Remembers that this person got an answer to this refresh token. */
    countRefresh(person: Person, { sessionId, generation }: Held) {
      const key = `${sessionId} ${generation}`;
      answered.set(key, (answered.get(key) ?? new Set()).add(person));
    },

    /** The sessions of which two people used one and the same refresh token. */
    sharedSessions: () =>
      [...answered].filter(([, people]) => people.size > 1).map(([key]) => key.split(" ")[0] as string),

    /** The person who set the current password of an account. */
    setterOf({ passwordHash: hash }: Account): Person | undefined {
      if (hash === null) return undefined;
      if (!setters.has(hash)) {
        setters.set(hash, passwords.find(({ text }) => verifyPassword(text, hash, "node"))?.person);
      }
      return setters.get(hash);
    },

    /** The people who may hold a session of an account. */
    isEntitled(person: Person, account: Account): boolean {
      return this.setterOf(account) === person || provers(account).includes(person);
    },

    /** Brings the claims up to date. A claim lasts as long as its person has a proven address. */
    updateClaims({ accounts }: Snapshot) {
      for (const userId of claims.keys()) {
        const account = accounts.get(userId);
        if (!account || !provers(account).includes(claims.get(userId) as Person)) claims.delete(userId);
      }
      for (const account of accounts.values()) {
        const setter = this.setterOf(account);
        if (setter && !claims.has(account.id) && provers(account).includes(setter)) claims.set(account.id, setter);
      }
    },
  };
};

export type Model = ReturnType<typeof createModel>;

interface Tokens {
  access_token: string;
  refresh_token: string;
}

/** The people who control a proven address of an account. */
export const provers = ({ proven }: Account): (Person | undefined)[] => proven.map(controllerOf);
