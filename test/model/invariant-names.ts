/** The names of the invariants, with what each says. */
export const INVARIANTS = [
  /** One person has a way into an account that someone has claimed. */
  "one-person-per-account",
  /**
   * Every holder of a session has set the password, proved an address, or added a passkey or an
   * identity, and holds a second factor of an account that has one.
   */
  "session-needs-proof",
  /** An address is proven only by a person who controls it. */
  "proof-needs-control",
  /** After a change of credentials no older session, link or code works. */
  "change-voids-older",
  /** A token of a session that has ended, and an expired one, open nothing. */
  "ended-is-ended",
  /** Two people who use one refresh token are noticed. */
  "shared-token-is-noticed",
  /** A refresh token that was used before is noticed wherever it is presented. */
  "reuse-is-noticed",
  /** A session is ended only by its holders and by changes of its account. */
  "only-holders-end-sessions",
  /**
   * No session of an account with a second factor is opened by a single one, except on a device
   * that was trusted under the present credentials.
   */
  "second-factor-needed",
  /** Each code, link, recovery code, response of a passkey or state opens or renews one session. */
  "proof-is-used-once",
  /**
   * The factors of an account change only by two proven factors, by one while there was no second
   * one, or by the first proof of an address, which takes the account clean.
   */
  "factor-changes-need-factors",
  /**
   * Where the policy requires a second factor, no single one opens a session, and the last second
   * one cannot be removed.
   */
  "policy-needs-factors",
  /**
   * Lost factors are removed after a delay, if nobody canceled it. The owner is told of the request
   * and of the removal.
   */
  "removal-is-announced",
  /** The removal of factors that an account lost as it was taken clean waits no longer. */
  "taken-clean-ends-removals",
  /**
   * Wrong proofs of a second factor count until a right one. After a hundred only a new password
   * allows more.
   */
  "wrong-proofs-count",
  /**
   * A mailed code or link passes only for a reader of the mailbox, for its account and purpose, and
   * until it is used or replaced. A link passes only in the browser that asked.
   */
  "code-needs-mailbox",
  /** Five attempts at a code, and ten an hour at all of an account. */
  "code-attempts-are-bounded",
  /** A code is used up by a session, or by the step before one, and by nothing else. */
  "code-survives-failure",
  /** The first proof by a code removes all that was there before, and a later one nothing. */
  "first-proof-takes-clean",
  /** Where codes sign up, every account has a proven address, which no other account has. */
  "sign-up-needs-mailbox",
  /** An account does not lose its last way in. */
  "last-way-in-stays",
  /**
   * A callback of an identity provider signs in only who controls the account there, by issuer and
   * subject, in the browser that began, and only to the account that the identity is linked to.
   */
  "identity-signs-in-its-person",
  /** The state of a sign-in is used up by a session, or by the step before one. */
  "state-survives-failure",
  /**
   * An identity is linked to an account that exists, and unlinked, only by fresh proofs of all its
   * factors. A reset removes those from before the first proof of an address.
   */
  "identities-change-by-proof",
  /** A reset leaves alone what was linked after the first proof of an address. */
  "reset-keeps-identities",
  /** A new account takes over an address that the provider verified. Later nothing changes. */
  "upstream-address-is-verified",
  /**
   * A session of a client comes from one code, which opens no other one: for the user, the client,
   * the resource and the scopes that the user allowed in a browser that is still signed in.
   */
  "code-opens-what-was-allowed",
  /**
   * A client of somebody else has only what its user has allowed, in answer to a question, and has
   * not revoked. What was allowed is remembered until it is revoked.
   */
  "clients-need-consent",
  /** Nothing of a client outlives its client, its user, its grant or a change of credentials. */
  "clients-end",
  /**
   * What says that it ends sessions ends them, and so does a code or a refresh token that comes
   * again too late.
   */
  "what-should-end-ends",
  /**
   * A request of a client, or with its tokens, succeeds only for that client, with its secret, with
   * what was issued to it and is not used up, and where its tokens are for.
   */
  "clients-prove-themselves",
  /** A request about clients that is refused changes nothing, nor does one that only reads. */
  "refused-changes-nothing",
  /** Tokens name the user, scopes and audience that were allowed, or a client and no user. */
  "tokens-say-what-was-allowed",
  /**
   * An API key comes from its owner, who has proven all factors just now, or for a client from an
   * administrator. It keeps its owner, scopes and expiry, and its owner alone sees it in a list.
   */
  "keys-are-made-by-their-owner",
  /**
   * A key ends with its revocation, its owner, the first proof of an address, and a password that
   * an administrator voids. Nothing else ends it but a month after it has expired.
   */
  "keys-end-for-a-reason",
  /**
   * A key, and a token of one, opens what is for keys, until it ends, and nothing of an account.
   * Services that ask the denylist refuse its tokens after a minute at the latest.
   */
  "keys-open-what-they-may",
  /** It names its owner, the scopes that both have, no sign-in, and one audience. */
  "keys-say-what-they-may",
  /** Nobody changes anything with it. */
  "keys-change-nothing",
  /**
   * Each new key and each revocation has one event, and one notice, unless the owner revokes a key.
   */
  "keys-are-recorded",
  /** At most 50 keys of an owner, and none for long after it has expired. */
  "keys-are-bounded",
  /** No identity without an account, and no new account without a way in. */
  "nothing-is-half-done",
  /** The owner of a proven mailbox gets back in within a day. */
  "owner-gets-back-in",
  /** Everyone gets an account for their own address. */
  "address-is-free-for-its-owner",
  "rows-are-bounded",
  /** No 500, and no 503 unless a binding fails. */
  "no-failure",
] as const;

export type Invariant = (typeof INVARIANTS)[number];
