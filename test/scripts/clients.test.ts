import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, expect, it } from "vitest";
import { clients } from "../../scripts/clients.ts";
import { makeClone, removeClone } from "../../scripts/clone.ts";
import { migrate, writeDevVars } from "../../scripts/dev.ts";

const HERE = ["--persist-to", "kept"];
const URI = "http://127.0.0.1/callback";
const home = process.cwd();
let clone: string;

const json = async (...args: string[]) => JSON.parse(await clients([...args, ...HERE, "--json"]));

beforeAll(() => {
  clone = makeClone();
  process.chdir(clone);
  writeDevVars();
  migrate(...HERE);
}, 60_000);
afterAll(() => {
  process.chdir(home);
  removeClone(clone);
});

it("administers the clients of the local database, and shows a secret once", { timeout: 60_000 }, async () => {
  // As a program sees it: nothing but the answer is on the output.
  const fields = ["--name", "Notes", "--redirect-uri", URI, "--redirect-uri", "https://notes.example/cb"];
  const create = ["scripts/clients.ts", "create", ...fields, "--first-party", ...HERE, "--json"];
  const { stdout } = spawnSync("node", create, { encoding: "utf8" });
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

  const shown = await clients(["show", client_id, ...HERE]);
  expect(shown).toMatch(new RegExp(`^client_id: ${client_id}\nclient_name: Notes\n`));
  expect(shown).not.toContain("ghcs_");
  expect(await clients(["delete", client_id, ...HERE])).toBe("Deleted.");
  expect(await clients(["list", ...HERE])).toBe("There are no clients.");
});

it.each<[string, string[], RegExp]>([
  ["a wrong field by its option", ["create", "--redirect-uri", "javascript:x"], /^--name: .+\n--redirect-uri: Must/],
  ["a client that does not exist", ["show", "nobody", ...HERE], /^There is no such client/],
  ["a database without tables", ["list", "--persist-to", "empty"], /Run npm start once\.$/],
  ["an unknown command", ["remove", "x"], /^npm run clients/],
  ["an unknown option", ["list", "--yes"], /^Unknown option '--yes'/],
  ["a field of a command that takes none", ["list", "--name", "x"], /^npm run clients/],
])("refuses %s, and says what is wrong", async (_, args, message) => {
  await expect(clients(args)).rejects.toThrow(message);
});
