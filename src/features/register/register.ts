import * as z from "zod";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import { Email, normalizePhone, Phone, Username } from "../../schemas/identifier.ts";
import { NewPassword } from "../../schemas/password.ts";
import { line, text } from "../../schemas/text.ts";
import { toUser, type User } from "../../schemas/user.ts";
import { createUser } from "../../storage/users.ts";

export const Register = z
  .strictObject({
    email: Email.nullish(),
    phone: Phone.nullish(),
    username: Username.nullish(),
    password: NewPassword,
    confirm_password: z.string().nullish(),
    first_name: line({ max: 100 }).nullish(),
    last_name: line({ max: 100 }).nullish(),
    contact: z.enum(["email", "phone"]).nullish(),
    short_description: text({ max: 500 }).nullish(),
  })
  .refine(({ email, phone }) => email || phone, { path: ["email"], error: "Give an e-mail address or a phone number." })
  .refine((body) => !body.contact || body[body.contact], { path: ["contact"], error: "Names what is not given." })
  .refine((body) => (body.confirm_password ?? body.password) === body.password, {
    path: ["confirm_password"],
    error: "Differs from the password.",
  });

/** Creates an account. `email_taken`, `username_taken` or `phone_taken` when somebody else has an identifier; the
 *  fields name each one that is taken. */
export async function register(deps: Deps, input: z.infer<typeof Register>): Promise<Result<User>> {
  const phone = input.phone && normalizePhone(input.phone, deps.config.DEFAULT_COUNTRY);
  if (input.phone && !phone) return err("invalid_request", [{ path: "phone", message: "Must be a phone number." }]);

  const now = deps.now();
  const created = await createUser(deps.db, {
    id: crypto.randomUUID(),
    email: input.email,
    phone,
    username: input.username,
    passwordHash: deps.passwords.hash(input.password),
    firstName: input.first_name,
    lastName: input.last_name,
    contact: input.contact,
    shortDescription: input.short_description,
    createdAt: now,
    updatedAt: now,
  });
  if ("user" in created) return ok(toUser(created.user));

  const fields = created.taken.map((path) => ({ path, message: "Taken." }));
  return err(`${created.taken[0]}_taken`, fields);
}
