/** What people have under way at identity providers, and what came of it. */
import type { Person } from "./people.ts";
import type { Snapshot } from "./snapshot.ts";
import type { AddressClaim, Provider } from "./upstreams.ts";

/** A request of a signed-in user to link an identity. */
export interface LinkRequest {
  userId: string;
  sessionId: string;
  /** The version of the account's credentials when it was made. */
  credentialVersion: number;
  /** The session had proven all factors. */
  isAllowed: boolean;
  /** Unix milliseconds. */
  expiresAt: number;
}

/** A sign-in or a link that began in a browser. */
export interface Start {
  provider: Provider;
  state: string;
  nonce: string;
  challenge: string;
  /** The cookie of the browser. */
  browser: string;
  /** Unix milliseconds. */
  expiresAt: number;
  link: LinkRequest | undefined;
}

/** A callback that somebody opened. */
export interface Attempt {
  /** The identity that the provider vouches for. */
  key: string;
  person: Person;
  claims: AddressClaim | undefined;
  nonce: string;
  isLink: boolean;
  /** Why it must do nothing. Undefined if it may. */
  flaw: string | undefined;
  proof: { key: string; userId: string } | undefined;
}

/** An identity that the step may link to an account, which was there before. */
export interface Linking {
  key: string;
  userId: string;
  /** The session has proven all factors of the account. */
  isAllowed: boolean;
}

/** An identity of an account that has its address: it can be linked after a sign-in. */
interface PendingLink {
  key: string;
  provider: Provider;
  userId: string;
}

export const createWaysToProviders = () => {
  /** All newest first. */
  const starts = new Map<Person, Start[]>();
  const nonces = new Set<string>();
  /** When each identity was linked, in Unix milliseconds. */
  const linkedAt = new Map<string, number>();

  return {
    nonces,
    linkedAt,
    startsOf: (person: Person): Start[] => starts.get(person) ?? [],
    /** The addresses at which a link begins. */
    links: new Map<Person, { path: string; provider: Provider; link: LinkRequest }>(),
    pending: new Map<Person, PendingLink>(),

    add(person: Person, start: Start) {
      starts.set(person, [start, ...(starts.get(person) ?? [])]);
      nonces.add(start.nonce);
    },

    update(before: Snapshot, after: Snapshot) {
      for (const key of after.identities.keys()) if (!before.identities.has(key)) linkedAt.set(key, Date.now());
    },
  };
};
