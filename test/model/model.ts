/**
 * The model of what each person knows and holds, and what follows from that. It never predicts an
 * answer of the service. It says who may have a way into which account.
 */
import { decodeJwt } from "jose";
import { verifyPassword } from "../../src/crypto/password.ts";
import { decodeRefreshToken } from "../../src/crypto/tokens.ts";
import { createCodes } from "./codes.ts";
import { createHoldings } from "./holdings.ts";
import { controllerOf, PEOPLE, type Person } from "./people.ts";
import { createRemovals } from "./removals.ts";
import { type Account, isTakenClean, type Snapshot } from "./snapshot.ts";
import type { Step } from "./steps.ts";
import { createTrust } from "./trust.ts";
import { personOf } from "./upstreams.ts";

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

interface KnownPassword {
  text: string;
  person: Person;
  /** The thief knows it too. */
  isCopied: boolean;
}

export const createModel = () => {
  const held = Object.fromEntries(PEOPLE.map((person) => [person, []])) as unknown as Record<Person, Held[]>;
  /** Every password that anyone chose, newest first. Only that person knows it, and thieves may. */
  const passwords: KnownPassword[] = [];
  /** By hash. */
  const verified = new Map<string, KnownPassword | undefined>();
  /** The people who got an answer to a refresh token, by session and generation. */
  const answered = new Map<string, Set<Person>>();
  const holdings = createHoldings();
  /**
   * Whose account it is: the person who proved an address of it, set its password, and holds its
   * factors.
   */
  const claims = new Map<string, Person>();

  function passwordOf({ passwordHash: hash }: Account): KnownPassword | undefined {
    if (hash === null) return undefined;
    if (!verified.has(hash)) {
      verified.set(
        hash,
        passwords.find(({ text }) => verifyPassword(text, hash, "node")),
      );
    }
    return verified.get(hash);
  }

  return {
    held,
    claims,
    holdings,
    codes: createCodes(),
    trust: createTrust(),
    removals: createRemovals(),

    /** A new password of this person. */
    choosePassword(person: Person): string {
      const text = `${person}s-staple-battery-${passwords.length}`;
      passwords.unshift({ text, person, isCopied: false });
      return text;
    },

    /** The passwords that a person knows. */
    passwordsOf: (person: Person) =>
      passwords
        .filter((known) => known.person === person || (person === "thief" && known.isCopied))
        .map(({ text }) => text),

    /** The thief copies the newest password of a person. Returns false if there is none. */
    copyPassword(from: Person): boolean {
      const known = passwords.find(({ person }) => person === from);
      if (known) known.isCopied = true;
      return known !== undefined;
    },

    /**
     * Remembers the tokens in an answer. `factors` says how many were proven just now; by default
     * what was proven in the session `from` counts.
     */
    keep(
      person: Person,
      { access_token, refresh_token }: Tokens,
      {
        step,
        isCopy,
        factors,
        from,
      }: Pick<Held, "step" | "isCopy"> & { factors?: number | undefined; from?: Held | undefined },
    ) {
      const refresh = decodeRefreshToken(refresh_token);
      const { exp = 0, auth_time = 0 } = decodeJwt<{ auth_time: number }>(access_token);
      if (!refresh) throw new Error("a refresh token that cannot be read");
      const { userId, sessionId, generation, expiresAt } = refresh;
      const proven = factors ? { factors, at: Date.now() } : from && holdings.proven.get(from.sessionId);
      if (proven) holdings.proven.set(sessionId, proven);
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
    countRefresh(person: Person, { sessionId, generation }: Pick<Held, "sessionId" | "generation">) {
      const key = `${sessionId} ${generation}`;
      answered.set(key, (answered.get(key) ?? new Set()).add(person));
    },

    /** The sessions of which two people used one and the same refresh token. */
    sharedSessions: () =>
      [...answered].filter(([, people]) => people.size > 1).map(([key]) => key.split(" ")[0] as string),

    /** The person who set the current password of an account. */
    setterOf: (account: Account): Person | undefined => passwordOf(account)?.person,

    /** Tests whether the person knows the current password of an account. */
    knowsPassword(person: Person, account: Account): boolean {
      const known = passwordOf(account);
      return known?.person === person || (person === "thief" && (known?.isCopied ?? false));
    },

    /**
     * Tests whether the person has a first factor: the password, a mailbox that codes go to, or an
     * account at an identity provider.
     */
    canBegin(person: Person, account: Account): boolean {
      const readers = recoveryAddresses(account).map(controllerOf);
      return this.knowsPassword(person, account) || [...readers, ...linkers(account)].includes(person);
    },

    /** The people who may hold a session of an account. */
    isEntitled(person: Person, account: Account): boolean {
      return (
        this.setterOf(account) === person ||
        provers(account).includes(person) ||
        // These sign in alone. On an account that is another person's they should not be.
        ((holdings.holdsPasskeyOf(person, account) || linkers(account).includes(person)) &&
          (claims.get(account.id) ?? person) === person)
      );
    },

    /** The person who set the password; without one, the person who has proven every address. */
    claimantOf(account: Account): Person | undefined {
      if (account.passwordHash !== null) return this.setterOf(account);
      const [prover, ...others] = new Set(provers(account));
      return others.length === 0 ? prover : undefined;
    },

    /**
     * Brings the claims up to date. A claim lasts as long as its person has a proven address. A
     * recovery that is the first proof of an account takes it, whatever factors there were.
     */
    updateClaims(step: Step, before: Snapshot, { accounts }: Snapshot) {
      for (const userId of claims.keys()) {
        const account = accounts.get(userId);
        if (!account || !provers(account).includes(claims.get(userId) as Person)) claims.delete(userId);
      }
      for (const account of accounts.values()) {
        const claimant = this.claimantOf(account);
        if (!claimant || claims.has(account.id) || !provers(account).includes(claimant)) continue;
        const isTaken = isTakenClean(step, before.accounts.get(account.id), account);
        const holders = [...holdings.holdersOf(account), ...linkers(account)];
        if (isTaken || holders.every((person) => person === claimant)) claims.set(account.id, claimant);
      }
    },
  };
};

export type Model = ReturnType<typeof createModel>;

interface Tokens {
  access_token: string;
  refresh_token: string;
}

/** The addresses to which codes for an account go: the proven ones, or any while there is none. */
export const recoveryAddresses = ({ proven, email, phone }: Account): string[] =>
  proven.length > 0 ? proven : [email, phone].filter((address) => address !== null);

/** The people who control the accounts at identity providers that are linked to an account. */
export const linkers = ({ identities }: Account): (Person | undefined)[] => identities.map(({ key }) => personOf(key));

/** The people who control a proven address of an account. */
export const provers = ({ proven }: Account): (Person | undefined)[] => proven.map(controllerOf);
