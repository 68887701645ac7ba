/**
 * What the service stores about a user, for the user: a copy to read (GDPR, article 15), not one
 * to import. It has no secrets, and nothing that a secret could be tested against.
 */
import type { SessionRef } from "../../contract/session-ref.ts";
import type { UserExport } from "../../contract/user-export.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import { toUser } from "../../schemas/user.ts";
import { readOwnRows } from "../../storage/user-export.ts";

/** Reads everything about the user. Errors: `unauthenticated` if the session has ended. */
export async function exportOwnData({ db, now }: Deps, session: SessionRef): Promise<Result<UserExport>> {
  const own = await readOwnRows(db, session, now());
  if (!own) return err("unauthenticated");

  const { passwords, ...lists } = own.rows;
  const entries = Object.entries(lists).map(([name, rows]) => [name, rows.map(toWire)]);
  return ok({ user: toUser(own.user), password: passwords.length > 0, ...Object.fromEntries(entries) });
}

/** Times are the columns that end in `At` or `Until`. */
const toWire = (row: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      /(At|Until)$/.test(name) && typeof value === "number" ? new Date(value).toISOString() : value,
    ]),
  );
