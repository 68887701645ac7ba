import * as z from "zod";
import { refuseRobots } from "../../challenge.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import { ChallengeToken } from "../../schemas/challenge.ts";
import { Email, normalizePhone, Phone, Username } from "../../schemas/identifier.ts";
import { isConfirmed, NewPassword, UNCONFIRMED } from "../../schemas/password.ts";
import { profileFields } from "../../schemas/profile.ts";
import { toUser, type User } from "../../schemas/user.ts";
import { createUser, type UserRow } from "../../storage/users.ts";

export const Register = z
  .strictObject({
    email: Email.nullish(),
    phone: Phone.nullish(),
    username: Username.nullish(),
    password: NewPassword,
    confirm_password: z.string().nullish(),
    turnstile_token: ChallengeToken,
    ...profileFields,
  })
  .refine(({ email, phone }) => email || phone, { path: ["email"], error: "Give an e-mail address or a phone number." })
  .refine((body) => !body.contact || body[body.contact], { path: ["contact"], error: "Names what is not given." })
  .refine((body) => isConfirmed(body.password, body.confirm_password), UNCONFIRMED);

/** Creates an account and has a code sent to the address that is written to first. `email_taken`, `username_taken` or
 *  `phone_taken` when somebody else has an identifier; the fields name each one that is taken. Where verification is
 *  required an address is not said to be taken: the answer is that of a new account, and the owner of the address is told. */
export async function register(deps: Deps, input: z.infer<typeof Register>): Promise<Result<User>> {
  const phone = input.phone && normalizePhone(input.phone, deps.config.DEFAULT_COUNTRY);
  if (input.phone && !phone) return err("invalid_request", [{ path: "phone", message: "Must be a phone number." }]);

  const refusal =
    deps.passwords.refuseOwn("password", input.password, { ...input, phone }) ??
    (await refuseRobots(deps, input.turnstile_token)) ??
    (await deps.passwords.refuseBreached("password", input.password));
  if (refusal) return refusal;
  const passwordHash = await deps.passwords.hash(input.password);
  if (!passwordHash.ok) return passwordHash;

  const user = newUser(deps, { ...input, phone }, passwordHash.value);
  const taken = await createUser(deps.db, user, deps.stamp());
  const told = deps.config.REQUIRE_VERIFICATION ? taken.filter((kind) => kind === "username") : taken;
  const [first] = told;
  if (first) {
    const fields = told.map((path) => ({ path, message: "Taken." }));
    return err(`${first}_taken`, fields);
  }

  const [hidden] = taken;
  const kind = hidden ?? contactOf(user);
  const identifier = { kind, value: user[kind] ?? "" };
  if (!hidden) deps.report("registered", user.id);
  deps.afterwards(deps.enqueue({ kind: hidden ? "address-taken" : "verification", identifier }));
  return ok(toUser(user));
}

function newUser(deps: Deps, input: z.infer<typeof Register>, passwordHash: string): UserRow {
  const at = deps.now();
  return {
    id: crypto.randomUUID(),
    email: input.email ?? null,
    emailVerifiedAt: null,
    phone: input.phone ?? null,
    phoneVerifiedAt: null,
    username: input.username ?? null,
    passwordHash,
    passwordVersion: 0,
    firstName: input.first_name ?? null,
    lastName: input.last_name ?? null,
    contact: input.contact ?? null,
    shortDescription: input.short_description ?? null,
    locale: input.locale ?? null,
    disabledAt: null,
    roles: [],
    createdAt: at,
    updatedAt: at,
  };
}

const contactOf = ({ contact, email }: UserRow) => contact ?? (email ? "email" : "phone");
