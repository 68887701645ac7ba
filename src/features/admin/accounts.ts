import * as z from "zod/mini";
import { afterCommit, newNotice } from "../../auth/after-commit.ts";
import type * as contract from "../../contract/user.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { Email, IdentifierText, Phone, parseIdentifier, refuseTaken, Username } from "../../schemas/identifier.ts";
import { clearable, optionalOr } from "../../schemas/optional.ts";
import { coded } from "../../schemas/parse.ts";
import { parsePhone } from "../../schemas/phone.ts";
import { hasAddress, hasItsContact, profileFields, refuseContact, toProfileEdit } from "../../schemas/profile.ts";
import { Roles, toUser, UserId } from "../../schemas/user.ts";
import { setAddressVerified } from "../../storage/addresses.ts";
import { type AccountEdit, changeUser } from "../../storage/profiles.ts";
import { createUser, newUser, type UserRow } from "../../storage/users.ts";

export const toAccount = (row: UserRow): contract.Account => ({
  ...toUser(row),
  disabled_at: row.disabledAt === null ? null : new Date(row.disabledAt).toISOString(),
});

export const NewAccount = z
  .strictObject({
    email: clearable(Email),
    phone: clearable(Phone),
    username: clearable(Username),
    roles: optionalOr(Roles, []),
    ...profileFields,
  } satisfies RequestFields<contract.NewAccount>)
  .check(hasAddress, hasItsContact);

export const AccountChange = z
  .strictObject({
    id: UserId,
    email: clearable(Email),
    phone: clearable(Phone),
    username: clearable(Username),
    ...profileFields,
  } satisfies RequestFields<contract.AccountChange & { id: string }>)
  .check(
    z.refine((change) => Object.keys(change).length > 1, { error: "Give at least one field.", ...coded("required") }),
  );

export const AddressState = z.strictObject({ id: UserId, address: IdentifierText, verified: z.boolean() });

/**
 * Creates an account without a password: its owner sets one by a link or a code, which proves the
 * address too.
 *
 * Errors: `email_taken`, `phone_taken`, `username_taken`, also if verification is required.
 */
export async function createAccount(deps: Deps, input: z.infer<typeof NewAccount>): Promise<Result<contract.Account>> {
  const phone = input.phone ? await parsePhone(input.phone, deps) : ok(null);
  if (!phone.ok) return phone;

  const { email, username, roles } = input;
  const user = newUser({ email, phone: phone.value, username, roles, ...toProfileEdit(input) }, deps.now());
  const refused = refuseTaken(await createUser(deps.db, user, undefined, deps.audit()));
  if (refused) return refused;

  afterCommit(deps, { event: "registered", userId: user.id });
  return ok(toAccount(user));
}

/**
 * Changes an account. Missing fields stay as they are, null clears a field. A new address is not
 * verified, the old one gets a notice, and what was sent there is void. The owner is told of a new
 * username. Sessions stay.
 *
 * Errors: `not_found`; `email_taken`, `phone_taken`, `username_taken`; `last_address` if the
 * account would keep no address; `invalid_request` if
 * `contact` names an address that the account does not have.
 */
export async function changeAccount(
  deps: Deps,
  { id, ...change }: z.infer<typeof AccountChange>,
): Promise<Result<contract.Account>> {
  const phone = change.phone ? await parsePhone(change.phone, deps) : ok(change.phone);
  if (!phone.ok) return phone;

  const { email, username } = change;
  const notices = {
    email: newNotice(deps, "email-changed", id),
    phone: newNotice(deps, "phone-changed", id),
    username: newNotice(deps, "username-changed", id),
  };
  const edit = { email, phone: phone.value, username, ...toProfileEdit(change) };
  const { before, taken, after } = await changeUser(deps.db, id, edit, notices, deps.audit());
  if (!before) return err("not_found");
  if (!after) return refuseTaken(taken) ?? (hasAddressAfter(before, edit) ? refuseContact() : err("last_address"));

  afterCommit(deps, { event: "account_changed", userId: id });
  for (const kind of ["email", "phone", "username"] as const) {
    if (before[kind] === after[kind]) continue;
    afterCommit(deps, { event: `${kind}_changed`, userId: id, notice: notices[kind] });
  }
  return ok(toAccount(after));
}

const hasAddressAfter = (before: UserRow, edit: Pick<AccountEdit, "email" | "phone">) =>
  (["email", "phone"] as const).some((kind) => (edit[kind] === undefined ? before[kind] : edit[kind]) !== null);

/**
 * Marks an address of an account as verified or not. The address is named, so that one which has
 * replaced it meanwhile is not verified instead. Errors: `not_found`.
 */
export async function markAddressVerified(
  deps: Deps,
  { id, address, verified }: z.infer<typeof AddressState>,
): Promise<Result> {
  const { kind, value } = await parseIdentifier({ identifier: address }, deps);
  if (kind === "username") return err("not_found");
  if (!(await setAddressVerified(deps.db, id, { kind, value, verified }, deps.audit()))) return err("not_found");

  afterCommit(deps, { event: `${kind}_${verified ? "verified" : "unverified"}`, userId: id });
  return ok();
}
