/** OAuth clients of a service that runs in a clone, without a Worker that is bound to it. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import type { ClientJwk } from "../../src/contract/oauth-client.ts";
import { digestOfClientSecret } from "../../src/crypto/client-secret.ts";
import { registeredForm } from "../../src/features/oauth/redirect-uri.ts";

interface StoredClient {
  id: string;
  name: string;
  redirectUris?: string[];
  postLogoutRedirectUris?: string[];
  grants?: string[];
  /** A client without a secret and a key is public. */
  secret?: string;
  key?: ClientJwk;
  isFirstParty?: boolean;
}

const text = (value: string | null) => (value === null ? "null" : `'${value.replaceAll("'", "''")}'`);

/** Registers clients in the local database of a clone. */
export function registerIn(clone: string, clients: StoredClient[]) {
  const { PEPPER = "" } = parseEnv(readFileSync(join(clone, ".dev.vars"), "utf8"));
  const rows = clients.map(({ id, name, secret, key, isFirstParty = false, ...client }) => {
    const digest = secret === undefined ? null : digestOfClientSecret(PEPPER.split(",")[0] ?? "", id, secret);
    const method = key ? "private_key_jwt" : secret === undefined ? "none" : "client_secret_basic";
    const jwks = key ? JSON.stringify({ keys: [key] }) : null;
    const { redirectUris = [], postLogoutRedirectUris = [] } = client;
    const uris = [redirectUris, postLogoutRedirectUris].map((list) => list.map(registeredForm));
    const lists = [...uris, client.grants ?? ["authorization_code", "refresh_token"]];
    const values = [id, name, method, digest, jwks, ...lists.map((list) => JSON.stringify(list))];
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
}
