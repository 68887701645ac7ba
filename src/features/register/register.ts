import * as z from "zod";
import { requireCaptcha } from "../../captcha.ts";
import type { Deps } from "../../deps.ts";
import { ok, type Result } from "../../result.ts";
import { CaptchaToken } from "../../schemas/captcha.ts";
import { Email, Phone, parsePhone, refuseTaken, Username } from "../../schemas/identifier.ts";
import { isConfirmed, NewPassword, UNCONFIRMED } from "../../schemas/password.ts";
import { hasAddress, hasItsContact, profileFields, toProfile } from "../../schemas/profile.ts";
import { toUser, type User } from "../../schemas/user.ts";
import { createUser, newUser, type UserRow } from "../../storage/users.ts";

export const Register = z
  .strictObject({
    email: Email.nullish(),
    phone: Phone.nullish(),
    username: Username.nullish(),
    password: NewPassword,
    confirm_password: z.string().nullish(),
    turnstile_token: CaptchaToken,
    ...profileFields,
  })
  .check(hasAddress, hasItsContact)
  .refine((body) => isConfirmed(body.password, body.confirm_password), UNCONFIRMED);

/** Creates an account and has a code sent to the address that is written to first. `email_taken`, `username_taken` or
 *  `phone_taken` when somebody else has an identifier; the fields name each one that is taken. Where verification is
 *  required an address is not said to be taken: the answer is that of a new account, and the owner of the address is told. */
export async function register(deps: Deps, input: z.infer<typeof Register>): Promise<Result<User>> {
  const phone = input.phone ? parsePhone(input.phone, deps.config.DEFAULT_COUNTRY) : ok(null);
  if (!phone.ok) return phone;

  const identifiers = { email: input.email, phone: phone.value, username: input.username };
  const refusal =
    deps.passwords.rejectIdentifiers("password", input.password, identifiers) ??
    (await requireCaptcha(deps, input.turnstile_token)) ??
    (await deps.passwords.rejectBreached("password", input.password));
  if (refusal) return refusal;
  const passwordHash = await deps.passwords.hash(input.password);
  if (!passwordHash.ok) return passwordHash;

  const user = newUser({ ...identifiers, ...toProfile(input), passwordHash: passwordHash.value }, deps.now());
  const taken = await createUser(deps.db, user, deps.audit());
  const refused = refuseTaken(deps.config.REQUIRE_VERIFICATION ? taken.filter((kind) => kind === "username") : taken);
  if (refused) return refused;

  const [hidden] = taken;
  const kind = hidden ?? contactOf(user);
  const identifier = { kind, value: user[kind] ?? "" };
  if (!hidden) deps.logSecurityEvent("registered", user.id);
  deps.waitUntil(deps.enqueue({ kind: hidden ? "address-taken" : "verification", identifier }));
  return ok(toUser(user));
}

const contactOf = ({ contact, email }: UserRow) => contact ?? (email ? "email" : "phone");
