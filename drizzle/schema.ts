/**
 * Every table of the database. `npm run migration` derives the migrations from it.
 *
 * Only `src/storage` imports this file. Times are Unix time in milliseconds. Comments name the
 * properties; the columns have the same names in snake_case.
 */
import { sql } from "drizzle-orm";
import { customType, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { EVENT_TYPES, EVENTS_BY_ANYONE } from "../src/contract/events.ts";
import { MESSAGE_BUDGETS, NOTICE_KINDS, REQUESTERS, SECRET_PURPOSES } from "../src/contract/messages.ts";
import { CLIENT_AUTH_METHODS, type ClientJwk, type GrantType } from "../src/contract/oauth-client.ts";

/** Text compared without case. NOCASE folds only ASCII letters; the columns hold no others. */
const caseless = customType<{ data: string }>({ dataType: () => "text COLLATE NOCASE" });

/** Unix time in milliseconds. */
const time = () => integer({ mode: "number" });

/** The profile fields that users set. `src/schemas/profile.ts` maps them to the wire. */
export const profileColumns = {
  firstName: text(),
  lastName: text(),
  contact: text({ enum: ["email", "phone"] }),
  shortDescription: text(),
  /** A language tag (BCP 47). */
  locale: text(),
};

/**
 * Accounts of which no address is verified. An SQL literal, because SQLite has to see at
 * preparation that the partial index covers the query.
 */
export const IS_UNVERIFIED = sql.raw("(email_verified_at is null and phone_verified_at is null)");

export const users = sqliteTable(
  "users",
  {
    id: text().primaryKey(),
    email: caseless().unique(),
    emailVerifiedAt: time(),
    phone: text().unique(),
    phoneVerifiedAt: time(),
    username: caseless().unique(),
    /** Increases with every change of a credential, not with a rehash. Older proofs are void. */
    credentialVersion: integer().notNull().default(0),
    ...profileColumns,
    disabledAt: time(),
    createdAt: time().notNull(),
    updatedAt: time().notNull(),
    /** Set by administrators and copied into access tokens. Other services interpret them. */
    roles: text({ mode: "json" }).$type<string[]>().notNull().default([]),
    /**
     * The last use of the account's sessions that were purged. Only accounts without a verified
     * address have it: it protects those in use from being purged.
     */
    lastUsedAt: time(),
  },
  (user) => [index("users_unverified").on(user.id).where(IS_UNVERIFIED)],
);

/** Password hashes. An account without a password has no row. */
export const passwords = sqliteTable("passwords", {
  userId: text()
    .primaryKey()
    .references(() => users.id, { onDelete: "cascade" }),
  /** A PHC string. */
  hash: text().notNull(),
});

/** Authenticator apps (TOTP, RFC 6238). A row that is not confirmed is not asked for at sign-in. */
export const totps = sqliteTable(
  "totps",
  {
    userId: text()
      .primaryKey()
      .references(() => users.id, { onDelete: "cascade" }),
    /** The secret, sealed with AES-GCM for this user. */
    secret: text().notNull(),
    createdAt: time().notNull(),
    confirmedAt: time(),
    /** The newest time step whose code was used. A step is used once. */
    lastStep: integer(),
    /**
     * The session that the last code opened or renewed; before any, the one that adds the app, or
     * `v` and the version of the credentials at the sign-in that adds it.
     */
    usedBy: text(),
  },
  (totp) => [index("totps_pending").on(totp.createdAt).where(sql`confirmed_at is null`)],
);

/** Codes that replace a lost second factor, as keyed digests. A new set replaces all of them. */
export const recoveryCodes = sqliteTable(
  "recovery_codes",
  {
    digest: text().primaryKey(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    createdAt: time().notNull(),
    spentAt: time(),
    /** The session that the code opened or renewed. */
    usedBy: text(),
  },
  (code) => [index("recovery_codes_of_user").on(code.userId)],
);

/** Passkeys (WebAuthn credentials). */
export const passkeys = sqliteTable(
  "passkeys",
  {
    /** The credential id in base64url. */
    id: text().primaryKey(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** In the form that `crypto/webauthn` verifies with. */
    publicKey: text().notNull(),
    /** A COSE algorithm. */
    algorithm: integer().notNull(),
    signCount: integer().notNull(),
    backupEligible: integer({ mode: "boolean" }).notNull(),
    backedUp: integer({ mode: "boolean" }).notNull(),
    /**
     * Whether it signs in alone: the authenticator verified its user, and as far as the browser
     * knows it finds the passkey without its id.
     */
    firstFactor: integer({ mode: "boolean" }).notNull(),
    transports: text({ mode: "json" }).$type<string[]>().notNull().default([]),
    /** The model of the authenticator, a UUID. */
    aaguid: text().notNull(),
    name: text().notNull(),
    createdAt: time().notNull(),
    lastUsedAt: time(),
  },
  (passkey) => [index("passkeys_of_user").on(passkey.userId)],
);

/** Accounts at identity providers that sign users in. Their addresses identify nobody. */
export const identities = sqliteTable(
  "identities",
  {
    issuer: text().notNull(),
    subject: text().notNull(),
    /** Names the identity in the API, which does not show the subject. */
    id: text().notNull().unique(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** The id of the provider in `IDENTITY_PROVIDERS`. */
    provider: text().notNull(),
    /** The address there at the last sign-in, for people to recognize it. */
    email: text(),
    linkedAt: time().notNull(),
    lastUsedAt: time(),
  },
  (identity) => [
    primaryKey({ columns: [identity.issuer, identity.subject] }),
    index("identities_of_user").on(identity.userId),
  ],
);

/**
 * Challenges of passkeys, states of sign-ins at identity providers, and assertions of clients that
 * were used. They are signed or sealed, not stored.
 */
export const spentChallenges = sqliteTable(
  "spent_challenges",
  {
    id: text().primaryKey(),
    /** The session that it opened or renewed, or a random id of the act. */
    usedBy: text().notNull(),
    expiresAt: time().notNull(),
  },
  (challenge) => [index("spent_challenges_expires_at").on(challenge.expiresAt)],
);

/**
 * Requests of an administrator to remove the second factors of an account whose owner lost them.
 * The schedule removes them when the waiting time is over.
 */
export const factorRemovals = sqliteTable(
  "factor_removals",
  {
    userId: text()
      .primaryKey()
      .references(() => users.id, { onDelete: "cascade" }),
    requestedAt: time().notNull(),
    dueAt: time().notNull(),
  },
  (removal) => [index("factor_removals_due_at").on(removal.dueAt)],
);

/** Browsers and apps on which a first factor alone signs in. At most ten of each user. */
export const trustedDevices = sqliteTable(
  "trusted_devices",
  {
    /** The id in the device token. */
    id: text().primaryKey(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** A change of credentials ends the trust, also of a browser that gets a new device token. */
    credentialVersion: integer().notNull(),
    createdAt: time().notNull(),
    lastUsedAt: time().notNull(),
    expiresAt: time().notNull(),
    ip: text(),
    userAgent: text(),
  },
  (device) => [
    index("trusted_devices_of_user").on(device.userId),
    index("trusted_devices_expires_at").on(device.expiresAt),
  ],
);

/** One row per sign-in. No token is stored: `generation` identifies the current refresh token. */
export const sessions = sqliteTable(
  "sessions",
  {
    id: text().primaryKey(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    generation: integer().notNull().default(0),
    createdAt: time().notNull(),
    /** The time of the last refresh. */
    rotatedAt: time(),
    lastUsedAt: time().notNull(),
    expiresAt: time().notNull(),
    revokedAt: time(),
    userAgent: text(),
    ip: text(),
    /** How the user authenticated (RFC 8176). */
    amr: text({ mode: "json" }).$type<string[]>().notNull().default(["pwd"]),
    /** The last time the user proved a credential in this session. */
    authenticatedAt: time().notNull().default(0),
    /** The OAuth client that the session belongs to; null for first-party sign-ins. */
    clientId: text(),
    /** The OAuth scope that was granted. */
    scope: text(),
    /** The resource indicator that was granted (RFC 8707). */
    resource: text(),
  },
  // The first index includes `revokedAt`, so that a query for active sessions skips the revoked
  // ones. The purge of expired sessions uses `createdAt`, which never changes: an index on
  // `expiresAt` would cost each refresh a second write. Sessions of clients are few and long.
  (session) => [
    index("sessions_of_user").on(session.userId, session.revokedAt),
    index("sessions_opened_at").on(session.createdAt).where(sql`client_id is null`),
    index("sessions_of_client").on(session.clientId).where(sql`client_id is not null`),
    index("client_sessions_expires_at").on(session.expiresAt).where(sql`client_id is not null`),
    index("sessions_revoked_at").on(session.revokedAt).where(sql`revoked_at is not null`),
  ],
);

/**
 * Clients that no administrator registered. An SQL literal, because SQLite has to see at
 * preparation that the partial index covers the query.
 */
export const IS_UNREGISTERED = sql.raw("(kind <> 'registered')");

/** OAuth clients (RFC 6749 §2): the apps that sign users in with accounts of this service. */
export const oauthClients = sqliteTable(
  "oauth_clients",
  {
    id: text().primaryKey(),
    /** Shown to users. */
    name: text().notNull(),
    /** It belongs to the operator: users are not asked for consent. */
    firstParty: integer({ mode: "boolean" }).notNull().default(false),
    /** How it authenticates (RFC 7591 §2). */
    authMethod: text({ enum: CLIENT_AUTH_METHODS }).notNull(),
    /** A keyed digest. */
    secretDigest: text(),
    /** The secret before a rotation, which stays valid for some time. */
    oldSecretDigest: text(),
    oldSecretExpiresAt: time(),
    /** Its public keys, if it authenticates by `private_key_jwt`. */
    jwks: text({ mode: "json" }).$type<{ keys: ClientJwk[] }>(),
    /** Without a port if the host is loopback (RFC 8252 §7.3). */
    redirectUris: text({ mode: "json" }).$type<string[]>().notNull(),
    /** Where browsers may go after a sign-out. Spelled as the redirect URIs are. */
    postLogoutRedirectUris: text({ mode: "json" }).$type<string[]>().notNull().default([]),
    grantTypes: text({ mode: "json" }).$type<GrantType[]>().notNull(),
    /** The scopes that it may have; null for all. */
    scopes: text({ mode: "json" }).$type<string[]>(),
    createdAt: time().notNull(),
    /**
     * Who registered it: an administrator, the client itself, or nobody, and its id is the URL of a
     * document. The last two are deleted when they are unused.
     */
    kind: text({ enum: ["registered", "dynamic", "document"] })
      .notNull()
      .default("registered"),
    /** When its document is read again. */
    freshUntil: time(),
  },
  (client) => [index("oauth_clients_unregistered").on(client.createdAt).where(IS_UNREGISTERED)],
);

/** What users allowed clients to do: at most one row for a user, a client and a resource. */
export const oauthGrants = sqliteTable(
  "oauth_grants",
  {
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    clientId: text()
      .notNull()
      .references(() => oauthClients.id, { onDelete: "cascade" }),
    /** Empty for the service itself. */
    resource: text().notNull(),
    scopes: text({ mode: "json" }).$type<string[]>().notNull(),
    grantedAt: time().notNull(),
  },
  (grant) => [
    primaryKey({ columns: [grant.userId, grant.clientId, grant.resource] }),
    index("oauth_grants_of_client").on(grant.clientId),
  ],
);

/**
 * Authorization codes (RFC 6749 §4.1.2), as digests. A spent code stays for a day, so that its
 * reuse is noticed.
 */
export const oauthCodes = sqliteTable(
  "oauth_codes",
  {
    digest: text().primaryKey(),
    clientId: text()
      .notNull()
      .references(() => oauthClients.id, { onDelete: "cascade" }),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** The session of the browser in which the user allowed it. */
    sessionId: text().notNull(),
    redirectUri: text().notNull(),
    /** PKCE (RFC 7636), always S256. */
    codeChallenge: text().notNull(),
    nonce: text(),
    scope: text().notNull(),
    resource: text(),
    /** Of the sign-in to that session. */
    amr: text({ mode: "json" }).$type<string[]>().notNull(),
    authenticatedAt: time().notNull(),
    expiresAt: time().notNull(),
    spentAt: time(),
    /** The session of the client that it opened. */
    usedBy: text(),
  },
  (code) => [
    index("oauth_codes_expires_at").on(code.expiresAt),
    index("oauth_codes_of_user").on(code.userId),
    index("oauth_codes_of_client").on(code.clientId),
  ],
);

/**
 * Device codes (RFC 8628), as digests. One that a user allows becomes an authorization code with
 * the same digest.
 */
export const oauthDeviceCodes = sqliteTable(
  "oauth_device_codes",
  {
    digest: text().primaryKey(),
    /** Keyed, because a user code is short. */
    userCodeDigest: text().notNull(),
    clientId: text()
      .notNull()
      .references(() => oauthClients.id, { onDelete: "cascade" }),
    scopes: text({ mode: "json" }).$type<string[]>().notNull(),
    resource: text(),
    /** The /24 or /48 of the device; null if it is unknown. */
    network: text(),
    expiresAt: time().notNull(),
    polledAt: time(),
    /** How long the client has to wait between two polls. */
    intervalSeconds: integer().notNull(),
    answer: text({ enum: ["allow", "deny"] }),
  },
  (code) => [
    uniqueIndex("oauth_device_codes_user_code").on(code.userCodeDigest),
    index("oauth_device_codes_of_client").on(code.clientId, code.network),
    index("oauth_device_codes_expires_at").on(code.expiresAt),
  ],
);

/**
 * API keys of users and of OAuth clients, of which each has one owner. They end with their owner,
 * not with a session.
 */
export const apiKeys = sqliteTable(
  "api_keys",
  {
    /** A part of the key. */
    id: text().primaryKey(),
    /** Of the whole key, keyed. */
    digest: text().notNull(),
    userId: text().references(() => users.id, { onDelete: "cascade" }),
    clientId: text().references(() => oauthClients.id, { onDelete: "cascade" }),
    name: text().notNull(),
    scopes: text({ mode: "json" }).$type<string[]>().notNull(),
    createdAt: time().notNull(),
    expiresAt: time(),
    /** Written at most once a minute. */
    lastUsedAt: time(),
  },
  (key) => [
    index("api_keys_of_user").on(key.userId).where(sql`user_id is not null`),
    index("api_keys_of_client").on(key.clientId).where(sql`client_id is not null`),
    index("api_keys_expires_at").on(key.expiresAt).where(sql`expires_at is not null`),
  ],
);

/**
 * The column of a table that is also a feed. New rows, and rows that a new one replaces, get a
 * larger sequence than all others, and at least that of their time. Rows of the previous release
 * have none, or one that is too small: the next reader numbers them.
 */
const sequence = () => integer({ mode: "number" });
/** SQL literals, because SQLite has to see at preparation that a partial index covers a query. */
export const EVENT_IS_UNNUMBERED = sql.raw("(sequence is null or sequence < created_at * 1000)");
export const REVOCATION_IS_UNNUMBERED = sql.raw("(sequence is null or sequence < revoked_at * 1000)");

/**
 * Revoked sessions: the feed of verifiers, and what the schedule still has to write to the
 * denylist. The row is inserted with the revocation, so no failure of KV or of the Worker loses it.
 * It stays until all tokens have expired. Without a foreign key, because the row must survive the
 * deletion of the account.
 */
export const denylistOutbox = sqliteTable(
  "denylist_outbox",
  {
    sessionId: text().primaryKey(),
    revokedAt: time().notNull(),
    /** The time when the last access token of the session has expired. */
    expiresAt: time().notNull(),
    /** When the schedule wrote it to the denylist. */
    deniedAt: time(),
    sequence: sequence(),
  },
  (entry) => [
    index("denylist_outbox_revoked_at").on(entry.revokedAt),
    index("denylist_outbox_sequence").on(entry.sequence),
    index("denylist_outbox_unnumbered").on(entry.revokedAt).where(REVOCATION_IS_UNNUMBERED),
  ],
);

/**
 * The events that anyone can cause without a session. They are SQL literals, not parameters,
 * because SQLite has to see at preparation that the partial index covers the query.
 */
export const BY_ANYONE = sql.raw(`(${EVENTS_BY_ANYONE.map((type) => `'${type}'`).join(", ")})`);

/**
 * The audit log. Without foreign keys, because an event outlives its session and its user. A user
 * has at most fifty events of a type: the next one replaces the oldest.
 */
export const auditEvents = sqliteTable(
  "audit_events",
  {
    id: integer().primaryKey(),
    type: text({ enum: EVENT_TYPES }).notNull(),
    createdAt: time().notNull(),
    ip: text(),
    userAgent: text(),
    /** Null only in old rows: a login to an account that does not exist. */
    userId: text(),
    sessionId: text(),
    /** The name of the calling Worker, as its service binding states it; null over HTTP. */
    caller: text(),
    sequence: sequence(),
    /** The id of the administrator who acted, if one did, and why. */
    actorId: text(),
    reason: text(),
  },
  // The first index finds the oldest event of a user and type. The next two serve the purges:
  // events that anyone can cause are kept for a shorter time. The last two serve the feed.
  (event) => [
    index("audit_events_of_user").on(event.userId, event.type, event.createdAt),
    index("audit_events_by_owner").on(event.createdAt).where(sql`type not in ${BY_ANYONE}`),
    index("audit_events_by_anyone").on(event.createdAt).where(sql`type in ${BY_ANYONE}`),
    index("audit_events_sequence").on(event.sequence),
    index("audit_events_unnumbered").on(event.createdAt).where(EVENT_IS_UNNUMBERED),
  ],
);

/** Messages that could not be sent, for an operator to inspect and queue again. */
export const deadMessages = sqliteTable(
  "dead_messages",
  {
    /** The id that the queue assigned. */
    id: text().primaryKey(),
    /** The queued JSON. */
    body: text().notNull(),
    createdAt: time().notNull(),
  },
  (message) => [index("dead_messages_created_at").on(message.createdAt)],
);

/** The links and codes that were sent. A link is found by its digest, a code by its user. */
export const oneTimeSecrets = sqliteTable(
  "one_time_secrets",
  {
    /** The id of the queued message, so that a repeated delivery creates no second secret. */
    id: text().primaryKey(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    purpose: text({ enum: SECRET_PURPOSES }).notNull(),
    /**
     * The recipient. Except for a change of address, the secret is void when this is no longer an
     * address of the user.
     */
    address: text().notNull(),
    digest: text().notNull(),
    /** A newer secret voids only those of requesters who are not trusted more than its own. */
    requestedBy: text({ enum: REQUESTERS }).notNull().default("anyone"),
    /** The time when the message was queued. It decides which of two secrets is the newer one. */
    requestedAt: time().notNull(),
    expiresAt: time().notNull(),
    /** The time when the secret was used or replaced by a newer one. */
    spentAt: time(),
    attempts: integer().notNull().default(0),
    lastAttemptAt: time(),
    /**
     * Of a sign-in: the digest of the nonce in the browser that asked. The link signs in there and
     * nowhere else.
     */
    browserDigest: text(),
    /** Of a sign-in: the session that it opened, or a random id of the first of two steps. */
    usedBy: text(),
  },
  (secret) => [
    index("one_time_secrets_of_user").on(secret.userId),
    index("one_time_secrets_digest").on(secret.digest),
    index("one_time_secrets_expires_at").on(secret.expiresAt),
  ],
);

/**
 * Sign-ups by a code to an address that no account has: the account is created by the code, so that
 * nobody can register an address of another person. A newer request replaces the older one.
 */
export const pendingSignUps = sqliteTable(
  "pending_sign_ups",
  {
    /** An email address or a phone number, in the form that is stored. */
    address: text().primaryKey(),
    /** The id of the queued message. */
    id: text().notNull(),
    /** The digest of the link. */
    digest: text().notNull(),
    /** See `oneTimeSecrets`. */
    browserDigest: text(),
    requestedAt: time().notNull(),
    expiresAt: time().notNull(),
    /** Attempts at this code. */
    attempts: integer().notNull().default(0),
    /** Attempts at all codes of this address since `countedSince`. */
    recentAttempts: integer().notNull().default(0),
    countedSince: time().notNull().default(0),
  },
  (signUp) => [
    index("pending_sign_ups_digest").on(signUp.digest),
    index("pending_sign_ups_expires_at").on(signUp.expiresAt),
  ],
);

/**
 * Notices to owners that have not been sent yet, one row per recipient. The row is inserted with
 * the change that it reports, so no failure loses it. Without a foreign key, because a notice
 * outlives the account whose deletion it reports.
 */
export const notices = sqliteTable(
  "notices",
  {
    id: text().notNull(),
    kind: text({ enum: NOTICE_KINDS }).notNull(),
    userId: text().notNull(),
    /** The owner's address before the change. */
    recipient: text().notNull(),
    /** The language of the request (BCP 47). The language of the profile takes precedence. */
    locale: text(),
    createdAt: time().notNull(),
    /** The time when the schedule queued it again. */
    repeatedAt: time(),
  },
  (notice) => [
    primaryKey({ columns: [notice.id, notice.recipient] }),
    index("notices_created_at").on(notice.createdAt),
    index("notices_unrepeated").on(notice.createdAt).where(sql`repeated_at is null`),
  ],
);

/**
 * Requested messages, which count against budgets. Without a foreign key, because deleting an
 * account must not reset a budget.
 */
export const requestedMessages = sqliteTable(
  "requested_messages",
  {
    /** The id that the queue assigned. */
    id: text().primaryKey(),
    userId: text().notNull(),
    recipient: text().notNull(),
    /** The country (ISO 3166) of the number of a text message; null for mail. */
    country: text(),
    /** Messages of one budget never use up another one. */
    budget: text({ enum: MESSAGE_BUDGETS }).notNull(),
    /** The owner has a second budget of each kind, which strangers cannot use up. */
    requestedBy: text({ enum: ["anyone", "owner"] })
      .notNull()
      .default("anyone"),
    /** Whether the recipient was verified on the account. */
    proven: integer({ mode: "boolean" }).notNull().default(false),
    /** The /24 or /48 of the requester; null if it is unknown. */
    network: text(),
    createdAt: time().notNull(),
  },
  (message) => [
    index("requested_messages_to").on(message.recipient, message.budget, message.createdAt),
    index("requested_messages_of_user").on(message.userId, message.budget, message.createdAt),
    index("requested_messages_country").on(message.country, message.createdAt),
    index("requested_messages_network").on(message.network, message.createdAt).where(sql`country is not null`),
    index("requested_messages_texts").on(message.createdAt).where(sql`country is not null`),
    index("requested_messages_created_at").on(message.createdAt),
  ],
);

/** Failed guesses at passwords and codes. `src/storage/lockouts.ts` describes the counts. */
export const lockouts = sqliteTable(
  "lockouts",
  {
    /**
     * The id of the account, or a digest of an identifier that no account has. The count of one
     * source adds the source: `<id>/session/…`, `<id>/device/…`, `<id>/network/…`.
     */
    subject: text().primaryKey(),
    failures: integer().notNull(),
    firstFailedAt: time().notNull().default(0),
    lastFailedAt: time().notNull(),
    /** Every guess that counts here is refused until this time. */
    lockedUntil: time().notNull(),
  },
  (lockout) => [index("lockouts_last_failed_at").on(lockout.lastFailedAt)],
);
