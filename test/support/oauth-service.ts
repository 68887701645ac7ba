/** OAuth clients of a service that runs in a clone, without a Worker that is bound to it. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { createClientSecret } from "../../src/crypto/client-secret.ts";

interface StoredClient {
  id: string;
  name: string;
  redirectUris: string[];
  isPublic?: boolean;
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
  const rows = created.map(({ id, name, redirectUris, digest, isPublic = false, isFirstParty = false }) => {
    const method = isPublic ? "none" : "client_secret_basic";
    const grants = JSON.stringify(["authorization_code", "refresh_token"]);
    const values = [text(id), text(name), Number(isFirstParty), text(method), text(isPublic ? null : digest)];
    return `(${[...values, text(JSON.stringify(redirectUris)), text(grants), 0].join()})`;
  });
  const columns = "id, name, first_party, auth_method, secret_digest, redirect_uris, grant_types, created_at";
  const command = `insert into oauth_clients (${columns}) values ${rows.join()}`;
  const { status, stderr, stdout } = spawnSync("wrangler", ["d1", "execute", "DB", "--local", "--command", command], {
    cwd: clone,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr + stdout);
  return Object.fromEntries(created.map(({ id, secret }) => [id, secret]));
}
