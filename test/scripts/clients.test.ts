import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { withAdminService } from "../../scripts/admin-service.ts";
import { clients } from "../../scripts/clients.ts";
import { turnOnApiKeys } from "../support/admin-clone.ts";
import { allInOneClone, HERE, STATE } from "../support/working-clone.ts";

const URI = "http://127.0.0.1/callback";

type Run = (...args: string[]) => Promise<string>;

/** Runs several commands in one opened database: to open it takes a second. */
const inOneDatabase = (
  act: (run: Run, json: (...args: string[]) => Promise<ReturnType<typeof JSON.parse>>) => Promise<void>,
) =>
  withAdminService({ "persist-to": STATE }, (service) => {
    const run: Run = (...args) => clients(args, (_, use) => use(service));
    return act(run, async (...args) => JSON.parse(await run(...args, "--json")));
  });

allInOneClone(() => {
  turnOnApiKeys();
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  writeFileSync("private.json", JSON.stringify({ keys: [privateKey.export({ format: "jwk" })] }));
});

it("administers the clients of the local database, and shows a secret once", { timeout: 180_000 }, async () => {
  // As a program sees it: nothing but the answer is on the output.
  const fields = ["--name", "Notes", "--redirect-uri", URI, "--redirect-uri", "https://notes.example/cb"];
  const create = ["scripts/clients.ts", "create", ...fields, "--first-party", ...HERE, "--json"];
  const { stdout } = spawnSync("node", create, { encoding: "utf8" });
  await inOneDatabase(async (run, json) => {
    const { client_secret, ...created } = JSON.parse(stdout);
    const redirect_uris = [URI, "https://notes.example/cb"];
    expect(client_secret).toMatch(/^ghcs_/);
    expect(created).toMatchObject({ client_name: "Notes", redirect_uris, first_party: true });
    expect(await json("list")).toEqual({ clients: [created] });

    const { client_id } = created;
    const change = ["--no-first-party", "--scope", "openid", "--post-logout-redirect-uri", URI];
    const changed = { ...created, first_party: false, scopes: ["openid"], post_logout_redirect_uris: [URI] };
    expect(await json("update", client_id, ...change)).toEqual(changed);
    const rotated = await json("rotate-secret", client_id);
    expect(rotated.client_secret).not.toBe(client_secret);

    const shown = await run("show", client_id);
    expect(shown).toMatch(new RegExp(`^client_id: ${client_id}\nclient_name: Notes\n`));
    expect(shown).not.toContain("ghcs_");
    expect(await run("delete", client_id, "--yes")).toBe("Deleted.");
    expect(await run("list")).toBe("There are no clients.");
  });
});

it("creates a client that signs from a file of its public keys, and gives it other keys", {
  timeout: 180_000,
}, async () => {
  const create = ["create", "--name", "Export", "--grant", "client_credentials", "--auth-method", "private_key_jwt"];
  const write = (file: string) => {
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const jwks = { keys: [publicKey.export({ format: "jwk" })] };
    writeFileSync(file, JSON.stringify(jwks));
    return jwks;
  };
  const [first, second] = [write("first.json"), write("second.json")];

  await inOneDatabase(async (run, json) => {
    const created = await json(...create, "--jwks", "first.json");
    expect(created).toMatchObject({ token_endpoint_auth_method: "private_key_jwt", jwks: first });
    expect(created).not.toHaveProperty("client_secret");
    const changed = await json("update", created.client_id, "--jwks", "second.json");
    expect(changed).toEqual({ ...created, jwks: second });
    expect(await run("show", created.client_id)).toContain(`\njwks: ${JSON.stringify(changed.jwks)}\n`);
  });
});

it("administers API keys of a client, and shows a key once", { timeout: 180_000 }, () =>
  inOneDatabase(async (run, json) => {
    const fields = ["--name", "Export", "--grant", "client_credentials"];
    const { client_id } = await json("create", ...fields);

    const { key, ...created } = await json("keys", "create", client_id, "--name", "Nightly", "--scope", "notes:read");
    expect(key).toMatch(/^gh_/);
    expect(created).toMatchObject({ name: "Nightly", scopes: ["notes:read"], expires_at: null });
    expect(await json("keys", "list", client_id)).toEqual({ api_keys: [created] });
    expect(await run("keys", "list", client_id)).toBe(`${created.id}  Nightly  notes:read`);
    expect(await run("keys", "revoke", created.id, "--yes")).toBe("Revoked.");
    expect(await run("keys", "list", client_id)).toBe("There are no API keys.");

    await expect(run("keys", "create", client_id, "--name", "x", "--scope", "other")).rejects.toThrow(
      /^--scope: Must be scopes of this service: notes:read\.$/,
    );
    const short = ["keys", "create", client_id, "--name", "x", "--scope", "notes:read", "--expires-in", "soon"];
    await expect(run(...short)).rejects.toThrow(/^--expires-in: /);
  }),
);

it.each<[string, string[], RegExp]>([
  ["a wrong field by its option", ["create", "--redirect-uri", "javascript:x"], /^--name: .+\n--redirect-uri: Must/],
  ["a file that is no JSON", ["create", "--jwks", "wrangler.toml"], /^--jwks: wrangler.toml is missing, or no JSON/],
  [
    "a private key",
    ["create", "--name", "x", "--auth-method", "private_key_jwt", "--jwks", "private.json"],
    /^--jwks: Unknown/,
  ],
  ["a client that does not exist", ["show", "nobody", ...HERE], /^There is no such client/],
  [
    "a database without tables",
    ["list", "--persist-to", "empty"],
    /^The database is not migrated\. Run .* `npm start`/,
  ],
  ["an unknown command", ["remove", "x"], /^npm run clients/],
  ["an unknown option", ["list", "--all"], /^Unknown option '--all'/],
  ["a deletion that nobody confirmed", ["delete", "x", ...HERE], /^This deletes the client.* confirm with --yes\.$/],
  ["a revocation that nobody confirmed", ["keys", "revoke", "x", ...HERE], /^This revokes.* confirm with --yes\.$/],
  ["a field of a command that takes none", ["list", "--name", "x"], /^npm run clients/],
  ["a field of another command", ["keys", "create", "x", "--first-party"], /^npm run clients/],
  ["keys without an act", ["keys"], /^npm run clients/],
])("refuses %s, and says what is wrong", { timeout: 180_000 }, async (_, args, message) => {
  await expect(clients(args)).rejects.toThrow(message);
});
