import { createDeps, SYSTEM_CONTEXT } from "../deps.ts";
import { removeDueFactors } from "../features/maintenance/factor-removals.ts";
import { repeatDenials, repeatNotices } from "../features/maintenance/maintenance.ts";
import { purgeAll } from "../features/maintenance/purge.ts";
import { logError, logMisconfigured } from "../log.ts";
import { storageErrorOf } from "../storage/db.ts";

/**
 * Runs maintenance every minute. A task that fails stops no other; the run is then reported as
 * failed.
 */
export async function runSchedule(env: Env, context: ExecutionContext): Promise<void> {
  const deps = await createDeps(env, context, SYSTEM_CONTEXT);
  if (!deps.ok) {
    logMisconfigured(deps.errors ?? []);
    throw new Error("misconfigured");
  }

  const tasks = [removeDueFactors, repeatDenials, repeatNotices, purgeAll];
  const results = await Promise.allSettled(tasks.map((task) => task(deps.value)));
  const errors = results.flatMap((result) => (result.status === "rejected" ? errorsOf(result.reason) : []));
  for (const error of errors) logError("maintenance_failed", storageErrorOf(error) ?? error);
  if (errors.length > 0) throw new Error("maintenance failed");
}

const errorsOf = (reason: Error): Error[] => (reason instanceof AggregateError ? reason.errors : [reason]);
