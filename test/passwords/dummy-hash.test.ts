import { env } from "cloudflare:workers";
import nodeCrypto from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { guess } from "../support/guesses.ts";
import { logIn } from "../support/people.ts";
import { passwordHashes } from "../support/rows.ts";
import { createWorld, createWorldWithJane, type World } from "../support/world.ts";

/** The parameters of new hashes in tests, and of those from before a change of `SCRYPT_PARAMS`. */
const CURRENT = "ln=1,r=1,p=1";
const FORMER = "ln=3,r=1,p=2";
const STRANGERS = Array.from({ length: 60 }, (_, n) => `nobody${n}`);

/** Accounts whose passwords have these parameters. */
async function insertAccounts(count: number, params: string) {
  const hash = `$scrypt$${params}$${"A".repeat(22)}$${"A".repeat(43)}`;
  const statements = Array.from({ length: count }, () => crypto.randomUUID()).flatMap((id) => [
    env.DB.prepare("insert into users (id, created_at, updated_at) values (?, 0, 0)").bind(id),
    env.DB.prepare("insert into passwords (user_id, hash) values (?, ?)").bind(id, hash),
  ]);
  await env.DB.batch(statements);
}

/** Gives every password the former parameters. It then matches nothing. */
const outdatePasswords = () => env.DB.exec(`update passwords set hash = replace(hash, '${CURRENT}', '${FORMER}')`);

/** The parameters of the hashes that a refused login runs. */
async function hashesOf(world: World, identifier: string): Promise<string[]> {
  const scrypt = vi.spyOn(nodeCrypto, "scryptSync");
  expect((await guess(world, identifier)).status).toBe(401);
  const costs = scrypt.mock.calls.map(([, , , options]) => options as { N: number; r: number; p: number });
  scrypt.mockRestore();
  return costs.map(({ N, r, p }) => `ln=${Math.log2(N)},r=${r},p=${p}`);
}

const hashesOfAll = async (world: World, identifiers: string[]) => {
  const hashes: string[][] = [];
  for (const identifier of identifiers) hashes.push(await hashesOf(world, identifier));
  return hashes;
};

describe("a login with an unknown identifier", () => {
  it("runs one hash with the parameters of the accounts, all of which are outdated", async () => {
    const { world } = await createWorldWithJane();
    await insertAccounts(3, FORMER);
    await outdatePasswords();

    expect(await hashesOf(world, "janedoe")).toEqual([FORMER]);
    expect(await hashesOfAll(world, STRANGERS)).toEqual(STRANGERS.map(() => [FORMER]));
  });

  it("runs outdated parameters as often as accounts have them", async () => {
    const world = createWorld();
    await insertAccounts(150, FORMER);
    await insertAccounts(50, CURRENT);

    const hashes = (await hashesOfAll(world, STRANGERS)).flat();

    expect(hashes).toHaveLength(STRANGERS.length);
    // Three quarters of 60 are 45. Chance takes 20 off in one run of a million.
    expect(hashes.filter((params) => params === FORMER).length).toBeGreaterThanOrEqual(25);
    expect(new Set(hashes)).toEqual(new Set([FORMER, CURRENT]));
  });

  it("runs the same parameters each time, in any case", async () => {
    const world = createWorld();
    await insertAccounts(20, FORMER);
    await insertAccounts(20, CURRENT);
    const some = STRANGERS.slice(0, 20);

    const hashes = await hashesOfAll(world, some);

    const upper = some.map((identifier) => identifier.toUpperCase());
    expect(await hashesOfAll(world, some)).toEqual(hashes);
    expect(await hashesOfAll(world, upper)).toEqual(hashes);
  });

  it("runs the parameters of new hashes while there is no account", async () => {
    expect(await hashesOf(createWorld(), "nobody")).toEqual([CURRENT]);
  });
});

describe("a login to an account without a password", () => {
  it("runs one hash, with outdated parameters as often as an unknown identifier", async () => {
    const world = createWorld();
    await insertAccounts(150, FORMER);
    await insertAccounts(50, CURRENT);
    const statement = env.DB.prepare("insert into users (id, username, created_at, updated_at) values (?, ?, 0, 0)");
    await env.DB.batch(STRANGERS.map((name) => statement.bind(crypto.randomUUID(), name)));

    const withAccount = await hashesOfAll(world, STRANGERS);

    await env.DB.exec("delete from users where username is not null");
    expect(await hashesOfAll(world, STRANGERS)).toEqual(withAccount);
    expect(new Set(withAccount.flat())).toEqual(new Set([FORMER, CURRENT]));
  });
});

describe("the password of another account", () => {
  it("opens no session for an unknown identifier or an account without a password", async () => {
    const { world } = await createWorldWithJane();
    await env.DB.exec("insert into users (id, username, created_at, updated_at) values ('x', 'nopassword', 0, 0)");
    expect(await passwordHashes()).toHaveLength(1);

    for (const identifier of ["nobody", "nopassword"]) expect((await logIn(world, identifier)).status).toBe(401);
  });
});
