import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { isAffordable, parseForeignHash } from "../../src/passwords/foreign-hash-format.ts";
import { foreignDummy, type VerifierBinding } from "../../src/passwords/foreign-hashes.ts";
import { ABC_HASH, ABC_PASSWORD, COSTLY_HASHES, FOREIGN_HASHES, MALFORMED_HASHES } from "../support/foreign-hashes.ts";
import { atOnce, count } from "../support/race.ts";

/** The Worker in `workers/password-verifier`. */
const { PASSWORD_VERIFIER: verifier } = env as VerifierBinding;
const verify = (hash: string, password: string) => verifier!.verify(hash, password);

/** Changes the 21st character of the key. */
function withOtherKey(hash: string): string {
  const at = (hash.startsWith("$2") ? hash.length - 31 : hash.lastIndexOf("$") + 1) + 20;
  return hash.slice(0, at) + (/a/i.test(hash.charAt(at)) ? "b" : "a") + hash.slice(at + 1);
}

describe("the password verifier", () => {
  it.each(FOREIGN_HASHES)("accepts the password of a hash by %s, and no other", async (_, password, hash) => {
    expect(await verify(hash, password)).toBe(true);
    expect(await verify(hash, `x${password}`)).toBe(false);
    expect(await verify(hash, "")).toBe(false);
    expect(await verify(withOtherKey(hash), password)).toBe(false);
    // As an unknown identifier gets it.
    expect(foreignDummy(hash)).toHaveLength(hash.length);
    expect(await verify(foreignDummy(hash), password)).toBe(false);
  });

  it.each(COSTLY_HASHES)("refuses %s at once, because of its cost", async (hash) => {
    expect(isAffordable(parseForeignHash(hash)!)).toBe(false);
    expect(await verify(hash, "password")).toBe(false);
  });

  it.each(MALFORMED_HASHES)("accepts no password for a text that is no hash (%#)", async (hash) => {
    expect(parseForeignHash(hash)).toBeUndefined();
    expect(await verify(hash, "password")).toBe(false);
  });

  it.each([
    "$2b$14$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i",
    `$argon2id$v=19$m=102400,t=3,p=8$c29tZXNhbHQ$${"A".repeat(43)}`,
    `$argon2id$v=19$m=65536,t=6,p=4$c29tZXNhbHQ$${"A".repeat(43)}`,
    `$pbkdf2-sha256$i=2000000$c2FsdA$${"A".repeat(43)}`,
    `$scrypt$ln=15,r=16,p=8$c2FsdA$${"A".repeat(86)}`,
  ])("allows the cost of %s", (hash) => {
    expect(isAffordable(parseForeignHash(hash)!)).toBe(true);
  });

  it("verifies 100 MiB of Argon2id, as Django makes it, again and again", async () => {
    const hash = "$argon2id$v=19$m=102400,t=2,p=8$c29tZXNhbHQ$A+osl2lWPypLqRpACGJNHahTDjr/v1XvOUVcPGg8E9w";

    expect(await verify(hash, "password")).toBe(true);
    expect(await verify(hash, "passwort")).toBe(false);
  });

  it("lets thirty-two requests wait, and refuses more as overloaded", async () => {
    const answers = await atOnce(50, () => verify(ABC_HASH, ABC_PASSWORD));

    expect([count(answers, true), count(answers, "overloaded")]).toEqual([32, 18]);
    expect(await verify(ABC_HASH, ABC_PASSWORD)).toBe(true);
  });
});
