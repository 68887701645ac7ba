import { describe, expect, it } from "vitest";
import {
  ABC_HASH,
  ABC_PASSWORD,
  COSTLY_HASHES,
  DECOMPOSED,
  DECOMPOSED_HASH,
  FOREIGN_HASHES,
  MALFORMED_HASHES,
} from "../support/foreign-hashes.ts";
import { guess } from "../support/guesses.ts";
import { importPasswords, importUser, resetPassword, watchedVerifier } from "../support/imported-users.ts";
import { MAIL } from "../support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { logIn } from "../support/people.ts";
import { atOnce, count } from "../support/race.ts";
import { passwordHashes } from "../support/rows.ts";
import { createWorld, createWorldWithJane } from "../support/world.ts";

const OWN = /^\$scrypt\$ln=1,r=1,p=1\$/;
const hashOfImported = async () => (await passwordHashes())[0];

describe("an imported user", () => {
  it.each(FOREIGN_HASHES.filter(([, password]) => password.length < 72))(
    "signs in with the password of %s, whose hash is replaced",
    async (_, password, hash) => {
      const { asked, verifier } = watchedVerifier();
      const world = createWorld({ PASSWORD_VERIFIER: verifier });
      await importUser("ida", hash);

      expect((await logIn(world, "ida", `${password}?`)).status).toBe(401);
      expect(await hashOfImported()).toBe(hash);
      expect((await logIn(world, "ida", password)).status).toBe(200);
      const replaced = await hashOfImported();
      expect(replaced).toMatch(OWN);

      asked.length = 0;
      expect((await logIn(world, "ida", password)).status).toBe(200);
      expect((await logIn(world, "ida", `${password}?`)).status).toBe(401);
      expect([await hashOfImported(), asked]).toEqual([replaced, []]);
    },
  );

  it("with a long password of bcrypt sets what follows the 72 bytes by the first sign-in", async () => {
    const world = createWorld();
    const [, long, hash] = FOREIGN_HASHES.find(([, password]) => password.length > 72)!;
    await importUser("ida", hash);

    expect((await logIn(world, "ida", long)).status).toBe(200);
    expect((await logIn(world, "ida", long)).status).toBe(200);
    expect((await logIn(world, "ida", long.slice(0, 72))).status).toBe(401);
  });

  it("signs in over a form and a service binding too, and is locked out after five wrong guesses", async () => {
    const world = createWorld();
    await importUser("ida");

    expect((await world.form("/auth/login", { username: "ida", password: ABC_PASSWORD })).status).toBe(200);
    await importPasswords();
    for (let n = 0; n < 5; n++) expect((await guess(world, "ida")).status).toBe(401);
    expect((await logIn(world, "ida", ABC_PASSWORD)).status).toBe(429);
    expect(await hashOfImported()).toBe(ABC_HASH);
  });

  it("proves the password again, changes it, and deletes the account", async () => {
    const { world, login } = await createWorldWithJane();
    const token = (await login()).access_token;
    await importPasswords();
    const call = (method: string, path: string, body: object, bearer = token) =>
      world.call(method, path, { token: bearer, body });

    expect((await call("POST", "/users/me/reauthenticate", { password: PASSWORD })).status).toBe(401);
    const renewed = await call("POST", "/users/me/reauthenticate", { password: ABC_PASSWORD });
    expect(renewed.status).toBe(200);
    const own = renewed.json.access_token;
    expect(
      (await call("POST", "/users/me/email", { email: "new@example.com", password: ABC_PASSWORD }, own)).status,
    ).toBe(202);
    const wrong = { current_password: PASSWORD, new_password: FRESH_PASSWORD };
    expect((await call("POST", "/users/me/password", wrong, own)).status).toBe(401);
    const right = { current_password: ABC_PASSWORD, new_password: FRESH_PASSWORD };
    const changed = await call("POST", "/users/me/password", right, own);
    expect([changed.status, await hashOfImported()]).toEqual([200, expect.stringMatching(OWN)]);

    await importPasswords();
    const last = changed.json.access_token;
    expect((await call("DELETE", "/users/me", { password: FRESH_PASSWORD }, last)).status).toBe(401);
    expect((await call("DELETE", "/users/me", { password: ABC_PASSWORD }, last)).status).toBe(204);
  });

  it("signs in with the form that the other system hashed, normalized or as typed", async () => {
    const world = createWorld();
    await importUser("ida", DECOMPOSED_HASH);

    expect((await logIn(world, "ida", DECOMPOSED.normalize("NFC"))).status).toBe(401);
    expect((await logIn(world, "ida", DECOMPOSED)).status).toBe(200);
    expect((await logIn(world, "ida", DECOMPOSED.normalize("NFC"))).status).toBe(200);
  });

  it("signs in fifty times at once, or is told to try again", async () => {
    const world = createWorld();
    await importUser("ida");

    const answers = await atOnce(50, () => logIn(world, "ida", ABC_PASSWORD));

    const statuses = answers.map(({ status }) => status);
    expect(count(statuses, 200) + count(statuses, 503)).toBe(50);
    expect(count(statuses, 200)).toBeGreaterThanOrEqual(32);
    expect(answers.filter(({ status, json }) => status === 503 && json.code !== "overloaded")).toEqual([]);
    expect(await hashOfImported()).toMatch(OWN);
  });

  it.each([...COSTLY_HASHES, ...MALFORMED_HASHES])(
    "with a hash that costs too much or is none (%#) is refused, and can reset",
    async (hash) => {
      const world = createWorld(MAIL);
      await importUser("ida", hash);

      expect((await logIn(world, "ida", ABC_PASSWORD)).status).toBe(401);
      expect(await hashOfImported()).toBe(hash);
      expect((await resetPassword(world)).status).toBe(204);
      expect((await logIn(world, "ida", FRESH_PASSWORD)).status).toBe(200);
    },
  );
});
