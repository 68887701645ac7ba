import type { AdminService } from "../src/contract/admin-service.ts";
import type { Account } from "../src/contract/user.ts";
import { toSearchText } from "../src/schemas/identifier.ts";
import { row, unwrap } from "./admin-values.ts";
import { Refusal } from "./command.ts";

const PAGE_SIZE = 100;
const MOST_PAGES = 10;
const MOST_SHOWN = 5;

/** How people call an account. */
export const nameOf = ({ id, email, phone, username }: Account): string => email ?? phone ?? username ?? id;

/** The account in a list. */
export const lineOf = (account: Account): string =>
  row(account.id, account.email, account.phone, account.username, account.roles, account.disabled_at && "disabled");

/**
 * Finds the account that has exactly this id, email address, phone number or username. Throws a
 * `Refusal` that lists the accounts that begin so if none or several have it.
 */
export async function findAccount(service: AdminService, typed: string): Promise<Account> {
  const name = toSearchText(typed);
  const alike: Account[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const query = { query: typed, limit: PAGE_SIZE, cursor };
    const found: Awaited<ReturnType<AdminService["listUsers"]>> = await service.listUsers(query);
    const { users, next_cursor } = unwrap(found, { optionOf: () => "USER" });
    alike.push(...users);
    cursor = next_cursor;
    if (!cursor) break;
  }

  const exact = alike.filter(({ id, email, phone, username }) => [id, email, phone, username].includes(name));
  if (exact[0] && exact.length === 1) return exact[0];
  const shown = (exact.length > 0 ? exact : alike).slice(0, MOST_SHOWN).map(lineOf);
  if (shown.length === 0) throw new Refusal(`There is no account ${typed}. npm run admin -- find lists all.`);
  throw new Refusal(
    [
      `${exact.length > 0 ? "Several accounts are" : "No account is"} called ${typed}. Name one by its id:`,
      ...shown,
    ].join("\n"),
  );
}
