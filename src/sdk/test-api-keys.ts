/** The API keys of a test issuer. */
import type { AdminService } from "../contract/admin-service.ts";
import type { ApiKey } from "../contract/api-keys.ts";
import type { AccessClaims } from "../contract/claims.ts";
import { sidOfApiKey } from "../crypto/access-token.ts";
import { err, ok } from "../result.ts";

type KeyMethods = Pick<AdminService, "createApiKey" | "listApiKeys" | "revokeApiKey">;

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

const random = (length: number) =>
  Array.from(crypto.getRandomValues(new Uint8Array(length)), (byte) => ALPHABET[byte % ALPHABET.length]).join("");

/** A key stands for no sign-in, and has no roles. */
const UNATTENDED = { auth_time: 0, amr: [], acr: "aal1", roles: [] } satisfies Partial<AccessClaims>;

interface Options {
  now: () => number;
  /** The sessions that have ended. */
  ended: Set<string>;
}

export function createTestApiKeys({ now, ended }: Options) {
  const keys = new Map<string, ApiKey & { key: string; owner: string; claims: Partial<AccessClaims> }>();

  function create(owner: string, claims: Partial<AccessClaims>, name = "Test", expiresIn?: number | null) {
    const id = random(16);
    const apiKey: ApiKey = {
      id,
      name,
      scopes: claims.scope?.split(" ") ?? [],
      created_at: new Date(now()).toISOString(),
      expires_at: expiresIn ? new Date(now() + expiresIn * 1000).toISOString() : null,
      last_used_at: null,
    };
    const key = `gh_${id}_${random(49)}`;
    keys.set(id, { ...apiKey, key, owner, claims: { sub: owner, ...claims, ...UNATTENDED, sid: sidOfApiKey(id) } });
    return { ...apiKey, key };
  }

  const admin: KeyMethods = {
    async createApiKey({ client_id, name, scopes, expires_in }) {
      return ok(create(client_id, { client_id, scope: scopes.join(" ") }, name, expires_in));
    },
    async listApiKeys({ user_id, client_id }) {
      const own = [...keys.values()].filter(({ owner }) => owner === (user_id ?? client_id));
      return ok({ api_keys: own.map(({ key: _, owner: __, claims: ___, ...rest }) => rest) });
    },
    async revokeApiKey(id) {
      ended.add(sidOfApiKey(id));
      return keys.delete(id) ? ok() : err("not_found");
    },
  };

  return {
    admin,
    /** Adds a key of a user with these claims, and returns it. */
    add: (claims: Partial<AccessClaims> = {}) => create(claims.sub ?? crypto.randomUUID(), claims).key,
    /** Returns the claims of a key that has not expired. */
    find: (text: string) =>
      [...keys.values()].find(
        ({ key, expires_at }) => key === text && (expires_at === null || Date.parse(expires_at) > now()),
      )?.claims,
  };
}
