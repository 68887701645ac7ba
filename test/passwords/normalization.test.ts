import nodeCrypto from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { hashPassword } from "../../src/crypto/password.ts";
import { logIn } from "../support/people.ts";
import { passwordHashes } from "../support/rows.ts";
import { createWorld, createWorldWithJane, PASSWORD, type World } from "../support/world.ts";

const COMPOSED = "Pässwörtéñ-12".normalize("NFC");
const DECOMPOSED = COMPOSED.normalize("NFD");
const EMAIL = "jo@example.com";

const register = (world: World, password: string, fields: object = {}) =>
  world.post("/auth/register", { email: EMAIL, password, ...fields });

/** The status of a login, and the number of hashes that it runs before its answer. */
async function attempt(world: World, identifier: string, password: string) {
  const scrypt = vi.spyOn(nodeCrypto, "scryptSync");
  const { status } = await logIn(world, identifier, password);
  const hashes = scrypt.mock.calls.length;
  scrypt.mockRestore();
  return [status, hashes];
}

/** Gives every account the hash of a password as it was typed, from before normalization. */
const storeVerbatim = async (world: World, password: string) =>
  world.env.DB.prepare("update passwords set hash = ?")
    .bind(hashPassword(password, { ln: 1, r: 1, p: 1 }, "node"))
    .run();

describe("a password", () => {
  it.each([
    ["composed", COMPOSED, DECOMPOSED],
    ["decomposed", DECOMPOSED, COMPOSED],
    ["with spaces of a keyboard", "correct\u00a0horse\u3000staple", "correct horse staple"],
  ])("set %s signs in from a device that types it otherwise", async (_, set, typed) => {
    const world = createWorld();
    expect((await register(world, set, { confirm_password: typed })).status).toBe(201);

    expect(await attempt(world, EMAIL, set.normalize("NFC").replace(/\s/g, " "))).toEqual([200, 1]);
    expect((await logIn(world, EMAIL, typed)).status).toBe(200);
    expect((await logIn(world, EMAIL, set)).status).toBe(200);
    expect((await logIn(world, EMAIL, ` ${typed}`)).status).toBe(401);
    expect((await logIn(world, EMAIL, typed.toUpperCase())).status).toBe(401);
  });

  it("keeps the spaces at its ends", async () => {
    const world = createWorld();
    await register(world, "  spaced out  ");

    expect((await logIn(world, EMAIL, "  spaced out  ")).status).toBe(200);
    expect((await logIn(world, EMAIL, "spaced out")).status).toBe(401);
  });

  it("has 8 to 256 characters after composition", async () => {
    const world = createWorld();
    const long = "é".repeat(256).normalize("NFD");

    expect((await register(world, "é".repeat(7).normalize("NFD"))).status).toBe(422);
    expect((await register(world, long)).status).toBe(201);
    expect((await logIn(world, EMAIL, long)).status).toBe(200);
  });

  it("is changed and proven again in either form", async () => {
    const { world, login } = await createWorldWithJane();
    const token = (await login()).access_token;
    const body = { old_password: PASSWORD, new_password: DECOMPOSED, confirm_password: COMPOSED };
    const { status, json } = await world.call("POST", "/users/me/password", { token, body });

    expect(status).toBe(200);
    const proof = { token: json.access_token, body: { password: DECOMPOSED } };
    expect((await world.call("POST", "/users/me/reauthenticate", proof)).status).toBe(200);
  });
});

describe("a hash from before passwords were normalized", () => {
  it("signs in as the password was typed then, and afterwards in either form", async () => {
    const { world } = await createWorldWithJane();
    await storeVerbatim(world, DECOMPOSED);
    const [before] = await passwordHashes();
    expect(await attempt(world, "janedoe", COMPOSED)).toEqual([401, 1]);

    expect((await logIn(world, "janedoe", DECOMPOSED)).status).toBe(200);

    const [after] = await passwordHashes();
    expect(after).not.toBe(before);
    expect(await attempt(world, "janedoe", COMPOSED)).toEqual([200, 1]);
    expect(await attempt(world, "janedoe", DECOMPOSED)).toEqual([200, 1]);
    expect(await passwordHashes()).toEqual([after]);
  });
});

describe("a wrong password", () => {
  it.each([
    ["ASCII", "wrong-horse-9", 1],
    ["composed letters", COMPOSED, 1],
    ["decomposed letters", DECOMPOSED, 2],
    ["a no-break space", "wrong\u00a0horse", 2],
  ])("of %s costs as many hashes for a known account as for an unknown one", async (_, password, hashes) => {
    const { world } = await createWorldWithJane();
    const statement = "insert into users (id, username, created_at, updated_at) values ('x', 'nopassword', 0, 0)";
    await world.env.DB.exec(statement);

    for (const identifier of ["janedoe", "nobody", "nobody@example.com", "nopassword"]) {
      expect([identifier, ...(await attempt(world, identifier, password))]).toEqual([identifier, 401, hashes]);
    }
  });
});

it.each([
  ["a common password", "ｐａｓｓｗｏｒｄ"],
  ["a common password in capitals", "ＰＡＳＳＷＯＲＤ"],
  ["a common password with an invisible mark", "pass\u200bword"],
  ["the local part of the address", "ｊｏ.ｄｏｅ.ｏｎｅ"],
  ["the username", "ＪｏＤｏｅＯｎｅ"],
  ["the phone number", "＋１２０２５５５０１８８"],
])("%s in letters of another width is no new password", async (_, password) => {
  const world = createWorld();
  const own = { email: "jo.doe.one@example.com", username: "JoDoeOne", phone: "+12025550188" };

  const { status, json } = await register(world, password, own);

  expect([status, json.errors[0].path]).toEqual([422, "password"]);
});
