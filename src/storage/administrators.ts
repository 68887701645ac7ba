/**
 * The rights of administrators: who may act on whom.
 *
 * The first statement of each batch of an act tests them in the same transaction, on the current
 * rows: an administrator who was demoted a moment ago changes nothing. A batch cannot branch, so
 * the statement fails. Single statements are not tested: an act writes in batches.
 */
// Plain SQL, because no table of Drizzle stands for `json_each`.
import { DrizzleQueryError } from "drizzle-orm";
import { type Db, startingWith } from "./db.ts";

/** The subject of an act, by ids. Each is optional. */
export interface Subject {
  user?: string | undefined;
  client?: string | undefined;
  apiKey?: string | undefined;
  /** Only an owner may do this. */
  needsOwner?: boolean | undefined;
}

/** The role that may do everything. */
export const OWNER = "owner";

/** In the message of the error, which quotes a path that is none. */
const REFUSAL = "not_allowed_to_administrator";

const CHECK = `
  select json_extract('{}', iif(exists (
    select 1 from users, json_each(roles) as role
    where users.id = ?1 and disabled_at is null and (role.value = '${OWNER}' or role.value = ?2 and not (?3
      or exists (
        select 1 from users as target, json_each(target.roles) as held
        where target.id in (?4, (select user_id from api_keys where id = ?5)) and held.value in (?2, '${OWNER}'))
      or exists (select 1 from oauth_clients where id = ?6 and first_party)))
  ), '$', '${REFUSAL}'))`;

/** Returns a connection for acts of this administrator on this subject. */
export const actingAs = (db: Db, administrator: string, role: string, subject: Subject): Db =>
  startingWith(
    db,
    db.$client
      .prepare(CHECK)
      .bind(
        administrator,
        role,
        Number(subject.needsOwner ?? false),
        subject.user ?? null,
        subject.apiKey ?? null,
        subject.client ?? null,
      ),
  );

/** Tests whether an act failed because the administrator may not do it. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof DrizzleQueryError && Boolean(error.cause?.message.includes(REFUSAL));
