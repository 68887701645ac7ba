/** OAuth clients of a service that runs in a clone, without a Worker that is bound to it. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import type { ClientJwk } from "../../src/contract/oauth-client.ts";
import { createClientSecret } from "../../src/crypto/client-secret.ts";
import { registeredForm } from "../../src/features/oauth/redirect-uri.ts";

interface StoredClient {
  id: string;
  name: string;
  redirectUris?: string[];
  postLogoutRedirectUris?: string[];
  grants?: string[];
  isPublic?: boolean;
  /** It signs with this key instead of a secret. */
  key?: ClientJwk;
  isFirstParty?: boolean;
}

const text = (value: string | null) => (value === null ? "null" : `'${value.replaceAll("'", "''")}'`);

/** Registers clients in the local database of a clone. Returns their secrets by id. */
export function registerIn(clone: string, clients: StoredClient[]): Record<string, string> {
  const { PEPPER = "" } = parseEnv(readFileSync(join(clone, ".dev.vars"), "utf8"));
  const created = clients.map((client) => ({
    ...client,
    ...createClientSecret(PEPPER.split(",")[0] ?? "", client.id),
  }));
  const rows = created.map(({ id, name, digest, key, isPublic = false, isFirstParty = false, ...client }) => {
    const method = key ? "private_key_jwt" : isPublic ? "none" : "client_secret_basic";
    const jwks = key ? JSON.stringify({ keys: [key] }) : null;
    const { redirectUris = [], postLogoutRedirectUris = [] } = client;
    const uris = [redirectUris, postLogoutRedirectUris].map((list) => list.map(registeredForm));
    const lists = [...uris, client.grants ?? ["authorization_code", "refresh_token"]];
    const secretDigest = method === "client_secret_basic" ? digest : null;
    const values = [id, name, method, secretDigest, jwks, ...lists.map((list) => JSON.stringify(list))];
    return `(${[...values.map(text), Number(isFirstParty), 0].join()})`;
  });
  const columns =
    "id, name, auth_method, secret_digest, jwks, redirect_uris, post_logout_redirect_uris, grant_types, first_party, created_at";
  const command = `insert into oauth_clients (${columns}) values ${rows.join()}`;
  const { status, stderr, stdout } = spawnSync("wrangler", ["d1", "execute", "DB", "--local", "--command", command], {
    cwd: clone,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr + stdout);
  return Object.fromEntries(created.map(({ id, secret }) => [id, secret]));
}
