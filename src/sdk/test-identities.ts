/** The identities of a test issuer. A user has one at most, and its id is that of its provider. */
import type { IdentityList } from "../contract/factors.ts";
import type { Tokens } from "../contract/tokens.ts";
import { err, ok, type Result } from "../result.ts";
import type { createTestSessions, Stored } from "./test-sessions.ts";

export const createTestIdentities = (users: Map<string, Stored>, sessions: ReturnType<typeof createTestSessions>) => ({
  /** Signs a user in, unless there is a second factor to prove. */
  async signIn(id: string): Promise<Result<Tokens>> {
    const user = users.get(id);
    return user?.identity ? sessions.openAfter(user, "fed") : err("invalid_credentials");
  },

  async list(id: string): Promise<Result<IdentityList>> {
    const user = users.get(id);
    if (!user) return err("not_found");
    const { identity, email, created_at: linked_at } = user;
    return ok({
      identities: identity ? [{ id: identity, provider: identity, email, linked_at, last_used_at: null }] : [],
    });
  },

  async unlink(id: string, identityId: string): Promise<Result> {
    const user = users.get(id);
    if (!user?.identity || user.identity !== identityId) return err("not_found");
    if (!user.password && !user.passkey && !user.email_verified) return err("last_credential");
    delete user.identity;
    sessions.end(id);
    return ok();
  },
});
