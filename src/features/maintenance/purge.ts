/**
 * Purges: deletes outdated rows every minute, so that no table grows without bound.
 *
 * Each purge deletes in small batches until nothing is left or the run has used up its time or its
 * subrequests. All of them take turns, so that a flood of one table does not keep the others from
 * being purged; what is left waits for the next run.
 */
import { afterCommit } from "../../auth/after-commit.ts";
import type { Deps } from "../../deps.ts";
import { staleApiKeys } from "../../storage/api-keys.ts";
import { staleDeadMessages } from "../../storage/dead-messages.ts";
import { staleEvents } from "../../storage/events.ts";
import { staleChallenges } from "../../storage/factors.ts";
import { staleLockouts } from "../../storage/lockouts.ts";
import { staleRequestedMessages } from "../../storage/message-budgets.ts";
import { staleNotices } from "../../storage/notices.ts";
import { staleClients } from "../../storage/oauth-clients.ts";
import { staleCodes } from "../../storage/oauth-codes.ts";
import { staleDeviceCodes } from "../../storage/oauth-device-codes.ts";
import { staleSignUps } from "../../storage/pending-sign-ups.ts";
import { purge, type Stale } from "../../storage/purge.ts";
import { staleSecrets } from "../../storage/secrets.ts";
import { staleDenials, VERIFIER_SKEW_MILLISECONDS } from "../../storage/session-revocation.ts";
import { purgeSessions } from "../../storage/sessions.ts";
import { staleTotps } from "../../storage/totps.ts";
import { staleTrustedDevices } from "../../storage/trusted-devices.ts";
import { purgeUnusedUsers } from "../../storage/user-deletion.ts";

/** Rows that one statement deletes, so that it never blocks the database for long. */
const BATCH = 1000;
/** Accounts that one statement deletes. Each has up to 20 sessions. */
const ACCOUNT_BATCH = 100;
const MAX_MILLISECONDS = 20_000;
/** A Worker may make 1000 subrequests in one run; the denylist takes 800, notices take 100. */
const MAX_BATCHES = 90;

const DAY_MILLISECONDS = 86_400_000;
const MINUTE_MILLISECONDS = 60_000;
/** How long events that anyone can cause are kept. */
const EVENTS_BY_ANYONE_MILLISECONDS = 7 * DAY_MILLISECONDS;

/** Deletes one batch. Returns whether there may be more. */
type PurgeBatch = (deps: Deps) => Promise<boolean>;

/** Every purge. */
function purgesAt({ config }: Deps, now: number): PurgeBatch[] {
  const retained = now - config.AUDIT_RETENTION_SECONDS * 1000;
  const tokensExpired = now - config.ACCESS_TOKEN_TTL_SECONDS * 1000;
  const stale: Stale[] = [
    ...staleEvents({ byAnyone: Math.max(retained, now - EVENTS_BY_ANYONE_MILLISECONDS), byOwner: retained }),
    staleDeadMessages(retained),
    staleNotices(retained),
    staleSecrets(now),
    staleSignUps(now),
    staleRequestedMessages(now),
    staleLockouts(now),
    staleDenials(tokensExpired - VERIFIER_SKEW_MILLISECONDS),
    staleTotps(now),
    staleChallenges(now),
    staleTrustedDevices(now),
    staleCodes(now),
    staleClients(now),
    staleDeviceCodes(now),
    staleApiKeys(now),
  ];
  const staleSessions = {
    revokedBefore: tokensExpired,
    openedBefore: now - config.SESSION_MAX_AGE_SECONDS * 1000,
    now,
  };
  return [
    ...stale.map(
      (rows): PurgeBatch =>
        async ({ db }) =>
          (await purge(db, rows, BATCH)) >= BATCH,
    ),
    async ({ db }) => (await purgeSessions(db, staleSessions, BATCH)) >= BATCH,
    (deps) => purgeUnverified(deps, now),
  ];
}

/**
 * Deletes accounts that proved no address and are not used. Each minute of the day examines its
 * share of the accounts, by their random ids, so that each is examined once a day.
 */
async function purgeUnverified(deps: Deps, now: number): Promise<boolean> {
  const days = deps.config.UNVERIFIED_ACCOUNT_DAYS;
  if (days === 0) return false;
  const minute = Math.floor((now % DAY_MILLISECONDS) / MINUTE_MILLISECONDS);
  const share = { from: firstIdOf(minute), to: firstIdOf(minute + 1), before: now - days * DAY_MILLISECONDS };
  const { deleted, ended } = await purgeUnusedUsers(deps.db, share, ACCOUNT_BATCH, deps.audit());
  for (const [n, userId] of deleted.entries()) {
    afterCommit(deps, { event: "account_deleted", userId, ended: n === 0 ? ended : [] });
  }
  return deleted.length === ACCOUNT_BATCH;
}

const MINUTES_A_DAY = 1440;

/** Returns the first id (a UUID) that this minute of the day examines. */
function firstIdOf(minute: number): string {
  if (minute === MINUTES_A_DAY) return "g";
  return Math.ceil((minute / MINUTES_A_DAY) * 2 ** 32)
    .toString(16)
    .padStart(8, "0");
}

/** Runs every purge. Rejects with the errors of those that failed, after the others are done. */
export async function purgeAll(deps: Deps): Promise<void> {
  const startedAt = deps.now();
  let batches = 0;
  const mayGoOn = () => batches < MAX_BATCHES && deps.now() - startedAt < MAX_MILLISECONDS;
  const errors: unknown[] = [];
  for (let round = purgesAt(deps, startedAt); round.length > 0 && mayGoOn(); ) {
    const unfinished: PurgeBatch[] = [];
    for (const purgeBatch of round) {
      if (!mayGoOn()) break;
      batches++;
      try {
        if (await purgeBatch(deps)) unfinished.push(purgeBatch);
      } catch (error) {
        errors.push(error);
      }
    }
    round = unfinished;
  }
  if (errors.length > 0) throw new AggregateError(errors);
}
