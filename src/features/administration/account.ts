import * as z from "zod";
import { dummyHash } from "../../crypto/password.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import { Email, Phone, parseIdentifier, parsePhone, refuseTaken, Username } from "../../schemas/identifier.ts";
import { hasAddress, hasItsContact, profileFields, refuseContact, toProfile } from "../../schemas/profile.ts";
import { text } from "../../schemas/text.ts";
import { Roles, toUser, type User, UserId } from "../../schemas/user.ts";
import { changeUser, setVerified } from "../../storage/administration.ts";
import { createUser, newUser, type UserRow } from "../../storage/users.ts";

/** An account as an administrator sees it. */
export type Account = User & { disabled_at: string | null };

export const toAccount = (row: UserRow): Account => ({
  ...toUser(row),
  disabled_at: row.disabledAt === null ? null : new Date(row.disabledAt).toISOString(),
});

export const NewAccount = z
  .strictObject({
    email: Email.nullish(),
    phone: Phone.nullish(),
    username: Username.nullish(),
    roles: Roles.default([]),
    ...profileFields,
  })
  .check(hasAddress, hasItsContact);

export const AccountChange = z
  .strictObject({
    id: UserId,
    email: Email.optional(),
    phone: Phone.optional(),
    username: Username.nullish(),
    ...profileFields,
  })
  .refine((change) => Object.keys(change).length > 1, "Give at least one field.");

export const AddressState = z.strictObject({ id: UserId, address: text({ max: 254 }), verified: z.boolean() });

/** Creates an account that no password opens: its owner sets one by a link or a code, which proves the address too.
 *  `email_taken`, `username_taken` or `phone_taken`, also where verification is required. */
export async function createAccount(deps: Deps, input: z.infer<typeof NewAccount>): Promise<Result<Account>> {
  const phone = input.phone ? parsePhone(input.phone, deps.config.DEFAULT_COUNTRY) : ok(null);
  if (!phone.ok) return phone;

  const { email, username, roles } = input;
  const passwordHash = dummyHash(deps.config.SCRYPT_PARAMS);
  const user = newUser({ email, phone: phone.value, username, roles, ...toProfile(input), passwordHash }, deps.now());
  const refused = refuseTaken(await createUser(deps.db, user, deps.audit()));
  if (refused) return refused;

  deps.logSecurityEvent("registered", user.id);
  return ok(toAccount(user));
}

/** Changes what is given and leaves the rest; null empties a field. A new address is not verified, the old one is told, and
 *  what was sent there is of no use any more; the sessions stay. `not_found`; `email_taken`, `username_taken` or
 *  `phone_taken`; `invalid_request` when `contact` names what the account does not have. */
export async function changeAccount(
  deps: Deps,
  { id, ...change }: z.infer<typeof AccountChange>,
): Promise<Result<Account>> {
  const phone = change.phone ? parsePhone(change.phone, deps.config.DEFAULT_COUNTRY) : ok(undefined);
  if (!phone.ok) return phone;

  const { email, username } = change;
  const notices = { email: deps.newNotice(), phone: deps.newNotice() };
  const edit = { email, phone: phone.value, username, ...toProfile(change) };
  const { before, taken, after } = await changeUser(deps.db, id, edit, notices, deps.audit());
  if (!before) return err("not_found");
  if (!after) {
    return refuseTaken(taken) ?? refuseContact();
  }

  deps.logSecurityEvent("account_changed", id);
  for (const kind of ["email", "phone"] as const) {
    if (before[kind] === after[kind]) continue;
    deps.logSecurityEvent(`${kind}_changed`, id);
    deps.notify(notices[kind]);
  }
  return ok(toAccount(after));
}

/** Has one of an account's addresses count as its owner's from now on, or no longer. The address is named, so that one which
 *  has replaced it meanwhile is not verified in its stead. `not_found` when the account does not have it. */
export async function setAddressVerified(
  deps: Deps,
  { id, address, verified }: z.infer<typeof AddressState>,
): Promise<Result> {
  const { kind, value } = parseIdentifier({ identifier: address }, deps.config.DEFAULT_COUNTRY);
  if (kind === "username") return err("not_found");
  if (!(await setVerified(deps.db, id, { kind, value, verified }, deps.audit()))) return err("not_found");

  deps.logSecurityEvent(verified ? "address_verified" : "address_unverified", id);
  return ok();
}
