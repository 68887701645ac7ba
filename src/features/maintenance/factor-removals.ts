import { logEvent, newNotice } from "../../auth/after-commit.ts";
import type { Deps } from "../../deps.ts";
import { removeLostFactors } from "../../storage/account-recovery.ts";
import { listDueRemovals } from "../../storage/factor-removals.ts";

/** Few, because a Worker may make 1000 subrequests in one run, and the other tasks take 994. */
const MAX_REMOVED = 5;

/**
 * Removes the second factors whose removal is due. The next run denies the sessions that ended and
 * sends the notices: both wait in the database.
 */
export async function removeDueFactors(deps: Deps): Promise<void> {
  for (const userId of await listDueRemovals(deps.db, deps.now(), MAX_REMOVED)) {
    const notice = newNotice(deps, "factors-removed", userId);
    const isRemoved = await removeLostFactors(deps.db, userId, notice, deps.audit());
    if (isRemoved) logEvent(deps, "factors_removed", userId);
  }
}
