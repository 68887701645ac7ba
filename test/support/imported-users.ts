import { env } from "cloudflare:workers";
import type { PasswordVerifier, VerifierBinding } from "../../src/passwords/foreign-hashes.ts";
import { ABC_HASH } from "./foreign-hashes.ts";
import { outbox } from "./outbox.ts";
import { FRESH_PASSWORD } from "./passwords.ts";
import type { Answer, World } from "./world.ts";

const { PASSWORD_VERIFIER: real } = env as VerifierBinding;

/** Inserts a user with a verified address, as the import does. Returns the id. */
export async function importUser(username: string, hash: string = ABC_HASH): Promise<string> {
  const id = crypto.randomUUID();
  await env.DB.batch([
    env.DB.prepare(
      "insert into users (id, username, email, email_verified_at, created_at, updated_at) values (?, ?, ?, 1, 1, 1)",
    ).bind(id, username, `${username}@example.com`),
    env.DB.prepare("insert into passwords (user_id, hash) values (?, ?)").bind(id, hash),
  ]);
  return id;
}

/** Gives every account a hash of another system. */
export const importPasswords = (hash: string = ABC_HASH) =>
  env.DB.prepare("update passwords set hash = ?").bind(hash).run();

/** The real verifier, and what it was asked. */
export function watchedVerifier() {
  const asked: [hash: string, password: string][] = [];
  const verifier: PasswordVerifier = {
    verify(hash, password) {
      asked.push([hash, password]);
      return real!.verify(hash, password);
    },
  };
  return { asked, verifier };
}

/** Resets Ida's password by a mailed link. */
export async function resetPassword(world: World): Promise<Answer> {
  await world.post("/auth/forgot-password", { identifier: "ida@example.com" });
  await world.flush();
  const { token } = await outbox.last();
  return world.post("/auth/reset-password", { token, new_password: FRESH_PASSWORD });
}
