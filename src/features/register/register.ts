import * as z from "zod";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import { Email, normalizePhone, Phone, Username } from "../../schemas/identifier.ts";
import { isConfirmed, NewPassword, UNCONFIRMED } from "../../schemas/password.ts";
import { profileFields } from "../../schemas/profile.ts";
import { toUser, type User } from "../../schemas/user.ts";
import { createUser } from "../../storage/users.ts";

export const Register = z
  .strictObject({
    email: Email.nullish(),
    phone: Phone.nullish(),
    username: Username.nullish(),
    password: NewPassword,
    confirm_password: z.string().nullish(),
    ...profileFields,
  })
  .refine(({ email, phone }) => email || phone, { path: ["email"], error: "Give an e-mail address or a phone number." })
  .refine((body) => !body.contact || body[body.contact], { path: ["contact"], error: "Names what is not given." })
  .refine((body) => isConfirmed(body.password, body.confirm_password), UNCONFIRMED);

/** Creates an account. `email_taken`, `username_taken` or `phone_taken` when somebody else has an identifier; the
 *  fields name each one that is taken. */
export async function register(deps: Deps, input: z.infer<typeof Register>): Promise<Result<User>> {
  const phone = input.phone && normalizePhone(input.phone, deps.config.DEFAULT_COUNTRY);
  if (input.phone && !phone) return err("invalid_request", [{ path: "phone", message: "Must be a phone number." }]);

  const stamp = deps.stamp();
  const user = {
    id: crypto.randomUUID(),
    email: input.email,
    phone,
    username: input.username,
    passwordHash: deps.passwords.hash(input.password),
    firstName: input.first_name,
    lastName: input.last_name,
    contact: input.contact,
    shortDescription: input.short_description,
    createdAt: stamp.at,
    updatedAt: stamp.at,
  };
  const created = await createUser(deps.db, user, stamp);
  if ("user" in created) return ok(toUser(created.user));

  const fields = created.taken.map((path) => ({ path, message: "Taken." }));
  return err(`${created.taken[0]}_taken`, fields);
}
