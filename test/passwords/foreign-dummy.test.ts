import { env } from "cloudflare:workers";
import nodeCrypto from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { ABC_HASH, ABC_PASSWORD, DECOMPOSED } from "../support/foreign-hashes.ts";
import { importPasswords, importUser, resetPassword, watchedVerifier } from "../support/imported-users.ts";
import { MAIL } from "../support/outbox.ts";
import { FRESH_PASSWORD } from "../support/passwords.ts";
import { logIn } from "../support/people.ts";
import { passwordHashes } from "../support/rows.ts";
import { createWorld, createWorldWithJane } from "../support/world.ts";

describe("an unknown identifier where users were imported", () => {
  /** What a refused login asks, without the salt, which differs, and the key. */
  const questionsOf = async (identifier: string, password: string) => {
    const { asked, verifier } = watchedVerifier();
    const scrypt = vi.spyOn(nodeCrypto, "scryptSync");
    const answer = await logIn(createWorld({ PASSWORD_VERIFIER: verifier }), identifier, password);
    const hashes = scrypt.mock.calls.length;
    scrypt.mockRestore();
    const questions = asked.map(([hash, form]) => [hash.length, hash.split("$").slice(1, -2).join("$"), form]);
    return { status: answer.status, questions, hashes };
  };

  it.each([
    ["a plain password", "wrong-horse-7", 1],
    ["one that is typed decomposed", DECOMPOSED, 2],
  ])("asks the verifier as often, for hashes of the same cost, with %s", async (_, password, questions) => {
    await importUser("ida");
    await importUser("ivo");

    const known = await questionsOf("ida", password);

    expect([known.status, known.questions.length, known.hashes]).toEqual([401, questions, 0]);
    expect(await questionsOf("nobody", password)).toEqual(known);
    await env.DB.exec("delete from passwords where user_id = (select id from users where username = 'ida')");
    expect(await questionsOf("ida", password)).toEqual(known);
  });

  it("does not sign in with the password of another user, whose hash it never sends", async () => {
    const { asked, verifier } = watchedVerifier();
    await importUser("ida");

    expect((await logIn(createWorld({ PASSWORD_VERIFIER: verifier }), "nobody", ABC_PASSWORD)).status).toBe(401);
    expect(asked.map(([hash]) => hash)).toEqual([ABC_HASH.slice(0, -31) + "A".repeat(31)]);
  });
});

describe("without the password verifier", () => {
  const WITHOUT = { ...MAIL, PASSWORD_VERIFIER: undefined };

  it("an imported user is refused like an unknown one, with the same work, and can reset", async () => {
    const world = createWorld(WITHOUT);
    await importUser("ida");
    const scrypt = vi.spyOn(nodeCrypto, "scryptSync");
    const workFor = async (identifier: string) => {
      scrypt.mockClear();
      const { status, json } = await logIn(world, identifier, ABC_PASSWORD);
      return { status, json, costs: scrypt.mock.calls.map(([, , , cost]) => cost) };
    };

    const known = await workFor("ida");

    expect([known.status, known.costs.length]).toEqual([401, 1]);
    expect(await workFor("nobody")).toEqual(known);
    expect(await passwordHashes()).toEqual([ABC_HASH]);
    expect((await resetPassword(world)).status).toBe(204);
    expect((await logIn(world, "ida", FRESH_PASSWORD)).status).toBe(200);
  });

  it("a session of an imported user is not proven again by the password", async () => {
    const { world, login } = await createWorldWithJane(WITHOUT);
    const token = (await login()).access_token;
    await importPasswords();

    const answer = await world.call("POST", "/users/me/reauthenticate", { token, body: { password: ABC_PASSWORD } });

    expect([answer.status, answer.json.code]).toEqual([401, "invalid_credentials"]);
  });
});
