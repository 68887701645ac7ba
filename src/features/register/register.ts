import * as z from "zod";
import { afterCommit } from "../../auth/after-commit.ts";
import { requireCaptcha } from "../../auth/captcha.ts";
import type * as contract from "../../contract/requests.ts";
import type { User } from "../../contract/user.ts";
import type { Deps } from "../../deps.ts";
import { ok, type Result } from "../../result.ts";
import { CaptchaToken } from "../../schemas/captcha.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { Email, Phone, refuseTaken, Username } from "../../schemas/identifier.ts";
import { clearable } from "../../schemas/optional.ts";
import { Confirmation, isConfirmed, NewPassword, UNCONFIRMED } from "../../schemas/password.ts";
import { parsePhone } from "../../schemas/phone.ts";
import { hasAddress, hasItsContact, profileFields, toProfileEdit } from "../../schemas/profile.ts";
import { toUser } from "../../schemas/user.ts";
import { createUser, newUser, type UserRow } from "../../storage/users.ts";

export const Register = z
  .strictObject({
    email: clearable(Email),
    phone: clearable(Phone),
    username: clearable(Username),
    password: NewPassword,
    confirm_password: Confirmation,
    turnstile_token: CaptchaToken,
    ...profileFields,
  } satisfies RequestFields<contract.Registration>)
  .check(hasAddress, hasItsContact)
  .refine((body) => isConfirmed(body.password, body.confirm_password), UNCONFIRMED);

/**
 * Creates an account and requests a code for the preferred address.
 *
 * Errors: `email_taken`, `phone_taken` or `username_taken`, whose fields name every identifier that
 * belongs to another account; `invalid_request`; those of `requireCaptcha`; `overloaded`. If
 * verification is required, a taken address is not revealed: the answer is that of a new account,
 * and the owner of the address is notified.
 */
export async function register(deps: Deps, input: z.infer<typeof Register>): Promise<Result<User>> {
  const phone = input.phone ? await parsePhone(input.phone, deps) : ok(null);
  if (!phone.ok) return phone;

  const identifiers = { email: input.email, phone: phone.value, username: input.username };
  const rejected =
    (await deps.passwords.rejectGuessable("password", input.password, identifiers)) ??
    (await requireCaptcha(deps, "register", input.turnstile_token)) ??
    (await deps.passwords.rejectBreached("password", input.password));
  if (rejected) return rejected;
  const hash = await deps.passwords.hash(input.password);
  if (!hash.ok) return hash;

  const user = newUser({ ...identifiers, ...toProfileEdit(input) }, deps.now());
  const taken = await createUser(deps.db, user, hash.value, deps.audit());
  const revealed = deps.config.REQUIRE_VERIFICATION ? taken.filter((kind) => kind === "username") : taken;
  const refused = refuseTaken(revealed);
  if (refused) {
    // Somebody else may have registered the address without proving it.
    for (const kind of revealed) {
      const identifier = { kind, value: user[kind] ?? "" };
      if (kind !== "username") deps.waitUntil(deps.enqueue({ kind: "address-release-link", identifier }));
    }
    return refused;
  }

  const [hidden] = taken;
  const kind = hidden ?? preferredKind(user);
  const identifier = { kind, value: user[kind] ?? "" };
  if (!hidden) afterCommit(deps, { event: "registered", userId: user.id });
  deps.waitUntil(deps.enqueue({ kind: hidden ? "address-taken" : "verification", identifier }));
  return ok(toUser(user));
}

const preferredKind = ({ contact, email }: UserRow) => contact ?? (email ? "email" : "phone");
