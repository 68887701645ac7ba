import * as z from "zod";
import { issueTokens } from "../../crypto/tokens.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import { identifierFields, oneIdentifier, parseIdentifier } from "../../schemas/identifier.ts";
import { GivenPassword } from "../../schemas/password.ts";
import { text } from "../../schemas/text.ts";
import type { Tokens } from "../../schemas/tokens.ts";
import { startSession } from "../../storage/sessions.ts";
import { findCredentials } from "../../storage/users.ts";

export const Login = z.strictObject({ ...identifierFields, password: GivenPassword }).check(oneIdentifier);

/** The OAuth 2.0 password form (RFC 6749 §4.3.2), which tools speak; `username` is any identifier. There are no clients
 *  or scopes here, so those fields are read past. */
export const LoginForm = z
  .strictObject({
    grant_type: z.literal("password").optional(),
    username: text({ max: 254 }),
    password: GivenPassword,
    scope: z.string().optional(),
    client_id: z.string().optional(),
    client_secret: z.string().optional(),
  })
  .transform(({ username, password }) => ({ username, password }));

/** Starts a session. `invalid_credentials` says neither which of the two is wrong nor whether the account exists, and
 *  takes as long for both; `account_disabled` is for those who know the password. */
export async function login(deps: Deps, input: z.infer<typeof Login>): Promise<Result<Tokens>> {
  const { kind, value } = parseIdentifier(input, deps.config.DEFAULT_COUNTRY);
  const user = await findCredentials(deps.db, kind, value);
  const matches = deps.passwords.verify(input.password, user?.passwordHash);
  if (!user || !matches) return err("invalid_credentials");
  if (user.disabledAt !== null) return err("account_disabled");

  const rehash = deps.passwords.isOutdated(user.passwordHash) ? deps.passwords.hash(input.password) : undefined;
  const session = newSession(deps, user.id);
  const started = await startSession(deps.db, { session, passwordVersion: user.passwordVersion, rehash });
  if (!started) return err("invalid_credentials");

  return ok(await issueTokens(deps.tokens, user, session, deps.now()));
}

function newSession({ config, client, now }: Deps, userId: string) {
  const createdAt = now();
  const lifetimeSeconds = Math.min(config.REFRESH_TOKEN_TTL_SECONDS, config.SESSION_MAX_AGE_SECONDS);
  return {
    id: crypto.randomUUID(),
    userId,
    generation: 0,
    createdAt,
    lastUsedAt: createdAt,
    expiresAt: createdAt + lifetimeSeconds * 1000,
    revokedAt: null,
    userAgent: client.userAgent,
    ip: client.ip,
  };
}
