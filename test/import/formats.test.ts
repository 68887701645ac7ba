import { expect, it } from "vitest";
import { firebase } from "../../scripts/import/formats/firebase.ts";
import { FORMATS } from "../../scripts/import/formats/formats.ts";
import { exportUsers, importFile, toNdjson } from "../support/account-files.ts";
import * as files from "../support/foreign-exports.ts";

const JOINED = "2020-05-01T10:20:30.000Z";
const GOOGLE = { provider: "google", issuer: "https://accounts.google.com", subject: "1046" };
const TOTP = { secret: "JBSWY3DPEHPK3PXP" };

/** Imports a file, and returns the accounts by the first of their names. */
async function moveFrom(name: string, text: string, from = FORMATS[name]) {
  const { reasons, skipped } = await importFile(text, { from });
  const accounts = await exportUsers();
  const find = (identifier: string) =>
    accounts.find(({ email, phone, username }) => [email, phone, username].includes(identifier));
  return { reasons, skipped, find, ann: find("ann@example.com"), bob: find("bob@example.com") };
}

it("accounts come from Auth0 with passwords, and with identities of a user export", async () => {
  const { reasons, ann, bob } = await moveFrom("auth0", files.AUTH0);

  expect(reasons).toEqual([]);
  expect(ann).toMatchObject({ email_verified: true, password_hash: files.BCRYPT, disabled_at: null });
  expect(bob).toMatchObject({ first_name: "Bob", created_at: JOINED, identities: [GOOGLE], password_hash: null });
  expect(bob?.disabled_at).not.toBe(null);
});

it("accounts come from better-auth with passwords, roles and known identities", async () => {
  const { reasons, ann } = await moveFrom("better-auth", files.BETTER_AUTH);

  expect(reasons).toEqual([]);
  expect(ann).toMatchObject({
    email_verified: true,
    first_name: "Ann",
    last_name: "Lee Doe",
    roles: ["admin"],
    created_at: JOINED,
    updated_at: "2020-05-02T10:20:30.000Z",
    password_hash: `$better-auth$${"0a".repeat(16)}$${"0b".repeat(64)}`,
    identities: [{ provider: "github", issuer: "https://github.com", subject: "583231" }],
  });
});

it("accounts come from Clerk with passwords and apps, and each address as it was proven", async () => {
  const { reasons, ann, bob } = await moveFrom("clerk", files.CLERK);

  expect(reasons).toEqual([]);
  expect(ann).toMatchObject({
    email_verified: true,
    phone: "+12025550123",
    phone_verified: false,
    username: "ann",
    last_name: 'Lee, "PhD"',
    password_hash: files.BCRYPT,
    totp: TOTP,
  });
  expect(bob).toMatchObject({ email_verified: false, password_hash: null, totp: null });
});

it("accounts come from Django with passwords; groups are skipped and unknown hashes refused", async () => {
  const { reasons, skipped, ann, bob, find } = await moveFrom("django", files.DJANGO);

  expect([skipped, reasons]).toEqual([1, [expect.stringMatching(/^\d+ password_hash invalid_format$/)]]);
  const hash = "$pbkdf2-sha256$i=600000$NVl0UVZTZVhhUlJoQlpXa2JCQlRXcw$3kOUcTOA1bJOvhVkHfOT0hb3yUoJgeBGY8nCJpCGc/0";
  expect(ann).toMatchObject({ email_verified: false, username: "ann", password_hash: hash, roles: [] });
  expect(ann).toMatchObject({ created_at: "2020-05-01T10:20:30.123Z", disabled_at: expect.any(String) });
  expect(bob).toMatchObject({ username: null, password_hash: files.BCRYPT });
  expect(find("dee")).toMatchObject({ password_hash: `$scrypt$ln=14,r=8,p=5$cGVwcGVy$${files.KEY}` });
  expect(find("cem")).toMatchObject({ email: null, password_hash: null });
});

it("accounts come from Firebase with passwords, by the parameters of the project", async () => {
  const { reasons, ann, find } = await moveFrom("firebase", files.FIREBASE, firebase(files.FIREBASE_CONFIG));

  expect(reasons).toEqual([]);
  expect(ann).toMatchObject({
    email_verified: true,
    first_name: "Ann",
    created_at: JOINED,
    password_hash: files.FIREBASE_PHC,
    identities: [{ ...GOOGLE, email: "ann@gmail.com" }],
  });
  expect(find("+12025550123")).toMatchObject({ phone_verified: true, password_hash: null });
});

it("passwords of Firebase are refused without the parameters of the project", async () => {
  expect((await moveFrom("firebase", files.FIREBASE)).reasons).toEqual(["3 password_hash invalid_format"]);
  expect(() => firebase("base64_signer_key: YQ==")).toThrow("no base64_salt_separator, rounds, mem_cost");
});

it("accounts come from Keycloak with ids, passwords, apps and roles; those of clients are skipped", async () => {
  const { reasons, skipped, ann, bob } = await moveFrom("keycloak", files.KEYCLOAK);

  expect([skipped, reasons]).toEqual([1, [expect.stringMatching(/totp.secret invalid_format$/)]]);
  expect(ann).toMatchObject({
    id: "3f0c2f52-9a3e-4f9c-8a44-7d1f7a3f4f11",
    email_verified: true,
    last_name: "{Doe}",
    locale: "de",
    roles: ["editor"],
    created_at: JOINED,
    password_hash: `$argon2id$v=19$m=7168,t=5,p=1$c29tZXNhbHQ$${files.KEY}`,
    // The secret of RFC 6238, appendix B.
    totp: { secret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", confirmed_at: JOINED },
    identities: [GOOGLE],
  });
  const hash = `$pbkdf2-sha512$i=210000$c29tZXNhbHQ$${files.KEY}`;
  expect(bob).toMatchObject({ username: null, disabled_at: expect.any(String), password_hash: hash });
});

it("accounts come from Kratos with ids, passwords, apps and identities", async () => {
  const { reasons, ann, bob } = await moveFrom("kratos", files.KRATOS);

  expect(reasons).toEqual([]);
  expect(ann).toMatchObject({
    id: "3f0c2f52-9a3e-4f9c-8a44-7d1f7a3f4f11",
    email_verified_at: "2020-05-02T10:20:30.000Z",
    first_name: "Ann",
    last_name: "Doe",
    created_at: "2020-05-01T10:20:30.123Z",
    disabled_at: "2021-05-01T10:20:30.000Z",
    password_hash: files.BCRYPT,
    totp: TOTP,
    identities: [GOOGLE],
  });
  const hash = `$pbkdf2-sha256$i=100000$c29tZXNhbHQ$${files.KEY}`;
  expect(bob).toMatchObject({ email_verified: false, password_hash: hash });
});

it("accounts come from Supabase with ids, passwords, apps and identities; anonymous ones are skipped", async () => {
  const { reasons, skipped, ann, bob } = await moveFrom("supabase", files.SUPABASE);

  expect([skipped, reasons]).toEqual([1, []]);
  expect(ann).toMatchObject({
    id: "3f0c2f52-9a3e-4f9c-8a44-7d1f7a3f4f11",
    email_verified_at: "2020-05-02T10:20:30.123Z",
    phone: "+12025550123",
    phone_verified: false,
    last_name: "Doe",
    updated_at: "2020-05-01T10:20:30.123Z",
    password_hash: files.BCRYPT.replace("2b", "2a"),
    totp: TOTP,
    identities: [{ ...GOOGLE, email: "ann@gmail.com" }],
  });
  const hash = `$firebase-scrypt$ln=14,r=8$c29tZXNhbHQ$Bw$c2lnbmVyc2lnbmVyc2lnbmVy$${files.KEY}`;
  expect(bob).toMatchObject({ email_verified: false, password_hash: hash });
});

it.each(Object.keys(FORMATS))("%s refuses records of another kind, and names their lines", async (name) => {
  const from = FORMATS[name];
  const text = from?.csv
    ? "id,email\n1,a@example.com,x\n\n,b@example.com\n"
    : from?.list
      ? `{"users": [\n{"users": 1},\n{"id": [], "username": {}, "localId": false}]}`
      : `${toNdjson([{ id: [], model: 1 }])}\n{"traits": 1, "fields": 2, "id": {}}\n`;

  const { created, refused, problems } = await importFile(text, { from });
  expect([created, refused]).toEqual([0, 2]);
  expect(new Set(problems.map(({ line }) => line))).toEqual(new Set(from?.csv ? [2, 4] : from?.list ? [2, 3] : [1, 3]));
});

it.each([
  ["a document that ends in the middle", "firebase", `{"users": [{"localId": "1"`, /ends in the middle/],
  ["a document without its list", "firebase", `{"accounts": []}`, /no list users/],
  ["a document after the list", "kratos", "[]\n{}", /more than one/],
  ["a CSV file that ends in a field", "clerk", 'id\n"user', /ends in a quoted field/],
])("refuses %s", async (_, name, text, message) => {
  await expect(importFile(text, { from: FORMATS[name] })).rejects.toThrow(message);
});
