import { expect, it } from "vitest";
import { exportUsers, importFile, importUsers, toNdjson } from "../support/account-files.ts";
import { rowCount } from "../support/rows.ts";

const BCRYPT = `$2b$12$${"a".repeat(53)}`;
const BASE64 = "c29tZXNhbHQ";
const ROLES = Array.from({ length: 1000 }, (_, n) => `r${n}`);

const KEY = "c29tZWtleXNvbWVrZXkwMTIz";
const SCRYPT = `$scrypt$ln=20,r=8,p=1$${"a".repeat(22)}$${"a".repeat(43)}`;
const argon2 = (costs: string) => `$argon2id$v=19$${costs}$${BASE64}$${KEY}`;
const firebase = (costs: string) => `$firebase-scrypt$${costs}$${BASE64}$Bw$${KEY}$${KEY}`;
const pbkdf2 = (rounds: number) => `$pbkdf2-sha256$i=${rounds}$${BASE64}$${KEY}`;

const JWK = { kty: "OKP", crv: "Ed25519", x: "x".repeat(43) };
const passkey = (public_key: object, algorithm = -8) => ({
  passkeys: [
    {
      id: "a2V5",
      public_key,
      algorithm,
      sign_count: 0,
      backup_eligible: true,
      backed_up: true,
      first_factor: true,
      transports: [],
      aaguid: "0b9c2f6e-6d0f-4f0e-9a43-2f4b8b0c7d11",
      name: "Key",
      created_at: "2026-01-01T00:00:00.000Z",
    },
  ],
});

it.each<[string, object, ...string[]]>([
  ["no id", { id: undefined }, "id required"],
  ["no identifier", { email: null }, "email required"],
  ["an unknown field", { passwd: "x" }, "passwd unknown_field"],
  ["a number as an id", { id: 1 }, "id wrong_type"],
  ["wrong types", { email_verified: "yes", roles: "x" }, "email_verified wrong_type", "roles wrong_type"],
  ["no address", { email: "jane" }, "email invalid_format"],
  ["no phone number", { phone: "123" }, "phone invalid_format"],
  ["a phone number of two countries", { phone: "01712345678" }, "phone invalid_format"],
  ["1,000 roles", { roles: ROLES }, "roles too_long"],
  ["NUL in a text", { short_description: "a\0b" }, "short_description invalid_format"],
  ["a lone surrogate", { first_name: "\ud800" }, "first_name invalid_format"],
  ["a time that is none", { created_at: "yesterday" }, "created_at invalid_format"],
  ["a contact without its address", { contact: "phone" }, "contact missing_address"],
  ["a password", { password_hash: "hunter2" }, "password_hash invalid_format"],
  ["MD5", { password_hash: "5f4dcc3b5aa765d61d8327deb882cf99" }, "password_hash invalid_format"],
  ["own scrypt that is too costly", { password_hash: SCRYPT }, "password_hash out_of_range"],
  ["bcrypt of cost 15", { password_hash: BCRYPT.replace("12", "15") }, "password_hash out_of_range"],
  ["Argon2 of 4 GiB", { password_hash: argon2("m=4194304,t=1,p=1") }, "password_hash out_of_range"],
  ["Argon2 of many passes", { password_hash: argon2("m=65536,t=7,p=1") }, "password_hash out_of_range"],
  ["PBKDF2 of a billion rounds", { password_hash: pbkdf2(999_999_999) }, "password_hash out_of_range"],
  ["scrypt of 256 MiB", { password_hash: firebase("ln=18,r=8") }, "password_hash out_of_range"],
  ["a short secret of an app", { totp: { secret: "JBSWY3DP" } }, "totp.secret invalid_format"],
  ["a passkey without its key", { passkeys: [{ id: "a" }] }, "passkeys.0.public_key required"],
  ["a key of 900 KB", passkey({ ...JWK, x: "x".repeat(900_000) }), "passkeys.0.public_key.x invalid_format"],
  ["the private part of a key", passkey({ ...JWK, d: "secret" }), "passkeys.0.public_key.d unknown_field"],
  ["a key of another algorithm", passkey(JWK, -7), "passkeys.0.algorithm invalid_format"],
])("the import refuses %s, and creates nothing of it", async (_, fields, ...reasons) => {
  const refused = { id: "1", email: "a@example.com", ...fields };
  const imported = await importUsers([refused, { id: "2", email: "b@example.com" }]);

  expect(imported.reasons).toEqual(expect.arrayContaining(reasons.map((reason) => `1 ${reason}`)));
  expect(imported).toMatchObject({ created: 1, refused: 1 });
  expect(await rowCount("users")).toBe(1);
});

it.each([
  BCRYPT,
  BCRYPT.replace("2b", "2y"),
  argon2("m=102400,t=2,p=8"),
  argon2("m=8192,t=8,p=1").replace("argon2id", "argon2i"),
  pbkdf2(1_200_000),
  pbkdf2(210_000).replace("256", "512"),
  `$better-auth$${"0a".repeat(16)}$${"0a".repeat(64)}`,
  firebase("ln=14,r=8"),
])("the import stores %s unchanged", async (password_hash) => {
  await importUsers([{ id: "1", email: "jane@example.com", password_hash }]);

  expect((await exportUsers())[0]).toMatchObject({ password_hash });
});

it("the secret of an app needs the pepper of the service", async () => {
  const account = { id: "1", email: "a@example.com", totp: { secret: "JBSWY3DPEHPK3PXP" } };

  expect((await importUsers([account], { peppers: undefined })).reasons).toEqual(["1 totp required"]);
});

it("a line of 10 MB, a value that is no object and a line that is cut off do not stop the others", async () => {
  const [first, second] = [1, 2].map((n) => toNdjson([{ id: `${n}`, email: `${n}@example.com` }]));
  const long = toNdjson([{ id: "3", email: "c@example.com", first_name: "x".repeat(10_000_000) }]);
  const { created, reasons } = await importFile(`${first}\n${long}[]\n${second}{"id":"4","em`);

  expect([created, reasons]).toEqual([2, ["3  too_long", "4  wrong_type", "6  invalid_format"]]);
});
