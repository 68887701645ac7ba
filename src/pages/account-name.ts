/**
 * The name of the account on pages that ask for a password, so that a password manager fills in and
 * stores the right one.
 *
 * It is in a cookie of the session: reading it from the database would cost each page a query.
 */
import type { Context } from "hono";
import type { User } from "../contract/user.ts";
import type { AppEnv } from "../http/app-env.ts";
import { pageCookie, setPageCookie } from "../http/page-cookies.ts";

const COOKIE = "account";

/**
 * Remembers a name of this user: at first what they typed to sign in, by which a password manager
 * knows the account.
 */
export const nameAccount = <E extends AppEnv>(c: Context<E>, userId: string, name: string) =>
  setPageCookie(c, COOKIE, `${userId} ${name}`, c.var.deps.config.SESSION_MAX_AGE_SECONDS);

/** Replaces a name that this user does not have, or no longer has. */
export function updateAccountName<E extends AppEnv>(c: Context<E>, { id, username, email, phone }: User) {
  const names = [username, email, phone].filter((name) => name !== null);
  const [first] = names;
  if (first !== undefined && !names.includes(accountName(c, id) ?? "")) nameAccount(c, id, first);
}

/** Returns the name, unless the cookie is that of another user. */
export function accountName(c: Context, userId: string): string | undefined {
  const [owner, name] = pageCookie(c, COOKIE)?.split(/ (.*)/s) ?? [];
  return owner === userId ? name : undefined;
}
