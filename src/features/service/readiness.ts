/**
 * Readiness: reports whether this deployment has what it needs, for monitors and pipelines.
 *
 * Anyone may call it, so it is cheap: each Worker instance runs one query at a time and keeps its
 * answer for ten seconds, or a failure for one. It stores nothing and does not call the providers.
 */
import type { Deps } from "../../deps.ts";
import { errors } from "../../errors.ts";
import { OwnError } from "../../log.ts";
import { err, type FieldError, ok, type Result } from "../../result.ts";
import { findMigrations, type Migrations } from "../../storage/migrations.ts";

export interface Readiness {
  status: "ready";
  /** The last migration that was applied. */
  migration: string | null;
  /** True if a provider is set, or if the outbox of a development server takes its place. */
  mail: boolean;
  sms: boolean;
  /** The name of the secret with the pepper for new values. `npm run pepper` reads it. */
  pepper: string;
  /** How many earlier ones are still accepted. */
  earlier_peppers: number;
}

const BINDINGS = [
  "DB",
  "DENYLIST",
  "MESSAGES",
  "DEAD_MESSAGES",
  "RATE_LIMIT_CREDENTIALS",
  "RATE_LIMIT_MESSAGES",
  "RATE_LIMIT_REGISTRATION",
  "RATE_LIMIT_SITES",
  "RATE_LIMIT_SESSIONS",
  "ASSETS",
] as const satisfies (keyof Env)[];

const MAX_AGE_MILLISECONDS = 10_000;
const FAILURE_MAX_AGE_MILLISECONDS = 1000;
const WAIT_MILLISECONDS = 10;
const MAX_WAITS = 1000;

/** A query. While it runs, it has neither an answer nor a failure. */
interface Query {
  startedAt: number;
  maxAge: number;
  found?: Migrations;
  failure?: unknown;
}

/** The last query of each connection. */
const queries = new WeakMap<Deps["db"], Query>();

/**
 * Checks the bindings, the migrations and the senders. The settings are valid if it is called at
 * all. Errors: `not_ready`, with a remedy for each part. Throws if the database does not respond or
 * was never migrated.
 */
export async function checkReadiness(deps: Deps, env: Env): Promise<Result<Readiness>> {
  const { mail, sms } = deps.sends;
  const missing: FieldError[] = BINDINGS.filter((name) => !env[name]).map((path) => ({
    path,
    code: "required",
    message: "The binding is missing. Add it to wrangler.toml.",
  }));
  const migrations = env.DB && (await migrationsOf(deps));
  if (migrations && !migrations.current) {
    const last = `The last applied migration is ${migrations.applied ?? "none"}.`;
    missing.push({ path: "DB", code: "invalid_setting", message: `${last} ${errors.database_not_migrated.detail}` });
  }
  if (!mail && !sms) {
    const message = "Set it and MAIL_FROM, so that mail can be sent.";
    missing.push({ path: "RESEND_API_KEY", code: "required", message });
  }
  if (missing.length > 0) return err("not_ready", missing);
  const { pepperName: pepper, earlierPeppers: earlier_peppers } = deps.config;
  return ok({ status: "ready", migration: migrations.applied, mail, sms, pepper, earlier_peppers });
}

async function migrationsOf({ db, now, waitUntil }: Deps): Promise<Migrations> {
  let query = queries.get(db);
  if (!query || now() - query.startedAt >= query.maxAge) {
    query = { startedAt: now(), maxAge: MAX_AGE_MILLISECONDS };
    queries.set(db, query);
    // The others wait for it, even if this client disconnects.
    waitUntil(run(db, query));
  }
  // Polls, because a request must not await a promise of another one.
  for (let n = 0; n < MAX_WAITS && !query.found && !query.failure; n++) await scheduler.wait(WAIT_MILLISECONDS);
  if (query.found) return query.found;
  throw query.failure ?? new OwnError("The query of the migrations did not end.");
}

async function run(db: Deps["db"], query: Query) {
  try {
    query.found = await findMigrations(db);
  } catch (failure) {
    query.failure = failure;
    query.maxAge = FAILURE_MAX_AGE_MILLISECONDS;
  }
}
