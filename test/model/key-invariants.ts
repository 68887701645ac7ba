/** The conditions on API keys that must hold after every step. */
import { MAX_API_KEYS } from "../../src/storage/api-keys.ts";
import { PASSING } from "./acts/client-requests.ts";
import { UNPROVEN } from "./acts/key-uses.ts";
import { scopesIn } from "./client-rows.ts";
import type { Check, Transition } from "./invariants.ts";
import { nameOf } from "./invariants.ts";
import type { KeyRecord, KeyRow } from "./key-rows.ts";
import type { KeyAct } from "./keys.ts";
import { type Account, isTakenClean, type Snapshot } from "./snapshot.ts";
import { singlesOf } from "./steps.ts";

const acted = ({ outcomes }: Transition): KeyAct[] => outcomes.flatMap(({ key }) => (key ? [key] : []));

const isNew =
  (before: Map<string, unknown>) =>
  ({ id }: { id: string }): boolean =>
    !before.has(id);

const created = ({ before, after }: Transition) => [...after.keys.values()].filter(isNew(before.keys));
const gone = ({ before, after }: Transition) => [...before.keys.values()].filter(isNew(after.keys));
const isRevoked = (transition: Transition, { id }: KeyRow) => acted(transition).some(({ revokes }) => revokes === id);

const isSame = (one: Omit<KeyRow, "id">, other: Omit<KeyRow, "id">) =>
  one.ownerId === other.ownerId && one.expiresAt === other.expiresAt && `${one.scopes}` === `${other.scopes}`;

/** Keys that nobody asked for who may, and keys that differ from what was asked for. */
function unfounded(transition: Transition): string[] {
  const { step, before, after } = transition;
  const changed = [...after.keys.values()].filter((key) => {
    const old = before.keys.get(key.id);
    return old && !isSame(old, key);
  });
  const wanted = acted(transition).flatMap(({ creates, flaw }) => (creates && !flaw ? [creates] : []));
  const isFilling = singlesOf(step).some(({ act }) => act === "fillKeys");
  const silent = created(transition).filter((key) => {
    const times = wanted.filter((each) => isSame(each, key)).reduce((sum, each) => sum + each.times, 0);
    return created(transition).filter((each) => isSame(each, key)).length > times;
  });
  return [
    ...changed.map(({ id }) => `the key ${id} was changed`),
    ...(isFilling ? [] : silent.map(({ id }) => `the key ${id} was created by who may not`)),
  ];
}

/** Keys that are left although something has ended them. */
function left(transition: Transition): string[] {
  const { play, step, before, after } = transition;
  return [...after.keys.values()].flatMap(({ id, ownerId }) => {
    if (play.keys.ended.has(id)) return [`the key ${id} has ended, and is there`];
    const account = after.accounts.get(ownerId);
    if (!account) return [];
    // They end all sessions too, so that nobody creates a key at the same moment.
    if (isTakenClean(step, before.accounts.get(ownerId), account)) return [`${nameOf(account)} was taken with a key`];
    const isVoid = acted(transition).some(({ voids, isAccepted }) => voids === ownerId && isAccepted);
    return isVoid ? [`a key of ${nameOf(account)} outlives the password that an administrator voided`] : [];
  });
}

const MONTH_MILLISECONDS = 30 * 86_400_000;

/** Keys that went without a reason. */
function lost(transition: Transition): string[] {
  const { step, before, after } = transition;
  return gone(transition)
    .filter((key) => {
      const { ownerId, expiresAt } = key;
      const account = after.accounts.get(ownerId);
      if (!account && !after.clients.has(ownerId)) return false;
      const isDue = (expiresAt ?? after.at) < after.at - MONTH_MILLISECONDS;
      const isPurged = isDue && singlesOf(step).some(({ act }) => act === "schedule");
      const isVoided = acted(transition).some(({ voids }) => voids === ownerId);
      const isTaken = account && isTakenClean(step, before.accounts.get(ownerId), account);
      return !(isPurged || isVoided || isTaken || isRevoked(transition, key));
    })
    .map(({ id }) => `the key ${id} was lost`);
}

/** Returns how a service hears more of a key than it may, or something else. */
function misstated(transition: Transition, said: NonNullable<KeyAct["said"]>): string[] {
  const { step, before } = transition;
  const { key, claims, audience, isToken } = said;
  const client = before.clients.get(key.ownerId);
  const own = key.scopes.filter((scope) => client?.scopes?.includes(scope) ?? true);
  const scopes = scopesIn(claims.scope ?? "");
  const isWide = scopes.some((scope) => !(isToken ? key.scopes : own).includes(scope));
  // A token has the scopes that the client had when it was issued.
  const isNarrow = !isToken && own.length > scopes.length;
  const latest = Math.min(before.at + (isToken ? 0 : 900_000), key.expiresAt ?? Number.POSITIVE_INFINITY);
  const isLong = !isToken && audience !== undefined && (claims.exp ?? 0) * 1000 > latest;
  const isProven = before.accounts.get(key.ownerId)?.proven.some((address) => address.includes("@")) ?? false;
  const names = `${claims.sub} ${claims.client_id} ${claims.sid}`;
  return [
    ...(names === `${key.ownerId} ${key.isOfClient ? key.ownerId : "gatehouse"} key:${key.id}`
      ? []
      : [`names ${names}`]),
    ...(isWide || isNarrow ? [`has ${scopes}, of ${own}`] : []),
    ...(claims.roles?.length || claims.amr?.length || claims.auth_time ? ["says that somebody signed in"] : []),
    ...(claims.aud === audience ? [] : [`is for ${claims.aud}, not for ${audience}`]),
    ...(isLong ? [`lasts until ${claims.exp}`] : []),
    ...("act" in step && !isToken && claims.email_verified && !isProven ? ["has a verified address"] : []),
  ].map((what) => `a key of ${key.ownerId} ${what}`);
}

/** Lists that do not have the keys of their owner. */
const mislisted = (transition: Transition): string[] =>
  "both" in transition.step
    ? []
    : acted(transition).flatMap(({ lists }) => {
        if (!lists) return [];
        const own = [...transition.before.keys.values()].filter(({ ownerId }) => ownerId === lists.ownerId);
        const isRight = `${own.map(({ id }) => id).sort()}` === `${lists.ids.toSorted()}`;
        return isRight ? [] : ["a list has not the keys of its owner"];
      });

/** What an act that reads, or is refused, may not change. */
const traceOf = ({ accounts, sessions, keys, clients }: Snapshot) =>
  JSON.stringify([
    // A notice of before may be sent now.
    [...accounts.values()].map((account) => ({ ...account, notices: [] })),
    ...[sessions, keys, clients].map((rows) => [...rows.values()]),
  ]);

const NOTICES_A_DAY = 5;
const DAY_MILLISECONDS = 86_400_000;

const of = (records: Map<string, KeyRecord>, { id }: Account, type: string) =>
  [...records.values()].filter((record) => record.userId === id && record.type === type);

/** Counts the new notices of a kind, those included that are sent already. */
function noticesOf({ play, before, after }: Transition, account: Account, kind: string): number {
  const sent = play.notified.filter(
    (notice) => notice.step === play.step && notice.kind === kind && notice.userId === account.id,
  );
  const ids = [...sent, ...of(after.keyNotices, account, kind)].map(({ id }) => id);
  return new Set(ids.filter((id) => !before.keyNotices.has(id))).size;
}

/** How many notices are due for so many new events of a type. */
function dueOf({ before, after }: Transition, account: Account, type: string, n: number): number {
  const recent = of(before.keyEvents, account, type).filter(({ createdAt }) => createdAt > after.at - DAY_MILLISECONDS);
  return (account.email ?? account.phone) ? Math.min(n, Math.max(0, NOTICES_A_DAY - recent.length)) : 0;
}

/** Returns what an account does not hear of its keys, or hears twice. */
function unrecorded(transition: Transition, account: Account): string[] {
  const { step, before, after } = transition;
  const isOwn = ({ ownerId }: KeyRow) => ownerId === account.id;
  const isFilling = singlesOf(step).some(({ act }) => act === "fillKeys");
  const made = isFilling ? 0 : created(transition).filter(isOwn).length;
  const ended = gone(transition).filter((key) => isOwn(key) && isRevoked(transition, key)).length;
  const eventsOf = (type: string) => of(after.keyEvents, account, type).filter(isNew(before.keyEvents)).length;
  const [creations, revocations] = [eventsOf("api_key_created"), eventsOf("api_key_revoked")];
  const [told, toldOfEnd] = ["api-key-created", "api-key-revoked"].map((kind) => noticesOf(transition, account, kind));
  const due = dueOf(transition, account, "api_key_created", made);
  // Users are not told of what they revoke themselves.
  const isByAnother = singlesOf(step).some(({ act }) => act === "revokeAnyKey");
  const dueOfEnd = dueOf(transition, account, "api_key_revoked", isByAnother ? revocations : 0);
  // Another act at the same moment may end a key without an event of its own, or without a notice.
  const isRight = (n = 0, expected = 0) => ("both" in step ? n <= expected : n === expected);
  return [
    ...(creations === made ? [] : [`${creations} events of ${made} new keys`]),
    ...(isRight(revocations, ended) ? [] : [`${revocations} events of ${ended} revoked keys`]),
    ...(told === due ? [] : [`${told} notices of ${due} new keys`]),
    ...(isRight(toldOfEnd, dueOfEnd) ? [] : [`${toldOfEnd} notices of ${dueOfEnd} revoked keys`]),
  ].map((what) => `${nameOf(account)} has ${what}`);
}

const over = ({ after }: Transition): string[] => {
  const counts = new Map<string, number>();
  for (const { ownerId } of after.keys.values()) counts.set(ownerId, (counts.get(ownerId) ?? 0) + 1);
  return [...counts].filter(([, n]) => n > MAX_API_KEYS).map(([ownerId, n]) => `${ownerId} has ${n} keys`);
};

/** What the schedule should have deleted. */
const unpurged = ({ step, after }: Transition): string[] =>
  "act" in step && step.act === "schedule"
    ? [...after.keys.values()]
        .filter(({ expiresAt }) => expiresAt !== null && expiresAt < after.at - MONTH_MILLISECONDS)
        .map(({ id }) => `the key ${id} expired a month ago`)
    : [];

export const KEY_CHECKS = {
  "keys-are-made-by-their-owner": (transition) => [...unfounded(transition), ...mislisted(transition)],

  "keys-end-for-a-reason": (transition) => [...left(transition), ...lost(transition)],

  "keys-open-what-they-may": (transition) =>
    acted(transition)
      .filter(({ flaw, isAccepted }) => {
        return isAccepted && flaw && !("both" in transition.step && [...PASSING, UNPROVEN].includes(flaw));
      })
      .map(({ flaw }) => `an act with a key ${flaw} was accepted`),

  "keys-say-what-they-may": (transition) =>
    acted(transition).flatMap(({ said }) => (said ? misstated(transition, said) : [])),

  "keys-change-nothing": (transition) => {
    const { step, before, after } = transition;
    if (!("act" in step)) return [];
    return acted(transition)
      .filter(({ isReading }) => isReading)
      .filter(() => traceOf(before) !== traceOf(after))
      .map(({ flaw }) => `an act with a key ${flaw ?? "that only reads"} changed something`);
  },

  "keys-are-recorded": (transition) =>
    [...transition.after.accounts.values()].flatMap((account) => unrecorded(transition, account)),

  "keys-are-bounded": (transition) => [...over(transition), ...unpurged(transition)],
} satisfies Record<string, Check>;
