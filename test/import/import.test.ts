import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { exportUsers, importUsers } from "../support/account-files.ts";
import { overlay } from "../support/bindings.ts";
import { eventTypes, rowCount } from "../support/rows.ts";
import { createWorld, createWorldWithJane, dumpTables, stopClock } from "../support/world.ts";

const ID = "0b9c2f6e-6d0f-4f0e-9a43-2f4b8b0c7d11";
const TAKEN = "5f8de1f2-0c0e-4d1c-8e77-0a63c6b3a5b1";
const NOW = "2026-01-01T00:00:00.000Z";
const CODE = { digest: "d".repeat(43), created_at: NOW };
const PASSKEY = {
  id: "a2V5",
  public_key: { kty: "OKP", crv: "Ed25519", x: "x".repeat(43) },
  algorithm: -8,
  sign_count: 0,
  backup_eligible: true,
  backed_up: true,
  first_factor: true,
  transports: [],
  aaguid: ID,
  name: "Key",
  created_at: NOW,
};
const MANY = Array.from({ length: 1200 }, (_, n) => ({ id: `u-${n}`, email: `u${n}@example.com` }));
const byId = async (id: string) => (await exportUsers()).find((account) => account.id === id);

it("an account keeps its id if that is a UUID, its fields, and when it was created", async () => {
  const account = {
    id: ID,
    email: "jane.doe@example.com",
    email_verified: true,
    email_verified_at: "2020-02-01T00:00:00.000Z",
    phone: "+12025550123",
    phone_verified: false,
    username: "janedoe",
    first_name: "Robert'); drop table users;--",
    last_name: "Ö",
    contact: "phone",
    short_description: 'Says "hi", \\ and ☃.',
    locale: "en-GB",
    roles: ["admin", "editor"],
    created_at: "2020-01-01T00:00:00.000Z",
    updated_at: "2020-03-01T00:00:00.000Z",
    disabled_at: "2021-01-01T00:00:00.000Z",
  };

  expect(await importUsers([account])).toMatchObject({ created: 1, reasons: [] });
  expect(await byId(ID)).toMatchObject(account);
  expect(await eventTypes()).toEqual(["imported"]);
});

it("an address is stored as the service stores it, and verified only if the file says so", async () => {
  await importUsers([
    { id: "1", email: " Jane.Doe@EXAMPLE.com ", phone: "+1 (202) 555-0123", username: "Jane" },
    { id: "2", email: "bob@example.com", email_verified: true },
  ]);

  const [jane, bob] = ["jane.doe@example.com", "bob@example.com"].map(async (email) =>
    (await exportUsers()).find((account) => account.email === email),
  );
  expect(await jane).toMatchObject({ email_verified: false, phone: "+12025550123", phone_verified: false });
  expect(await bob).toMatchObject({ email_verified: true, phone: null, phone_verified: false });
});

it("another id becomes the UUIDv5 of the source and the id", async () => {
  await importUsers([{ id: "auth0|5f7c8ec7", email: "jane@example.com" }]);

  // Python: uuid5(NAMESPACE_URL, "gatehouse:test:auth0|5f7c8ec7")
  expect(await byId("3497b196-4432-51b9-8c35-a9e3bab57d8e")).toBeDefined();
});

it("a second import changes nothing, also of accounts that have changed since", async () => {
  const accounts = [
    { id: "1", email: "jane@example.com", totp: { secret: "JBSWY3DPEHPK3PXP" } },
    { id: "2", email: "bob@example.com" },
  ];
  await importUsers(accounts);
  await env.DB.exec("update users set email = 'new@example.com' where email = 'jane@example.com'; delete from totps");
  const before = await dumpTables();

  expect(await importUsers(accounts)).toMatchObject({ created: 0, unchanged: 2, refused: 0 });
  expect(await dumpTables()).toEqual(before);
});

it("an import that was cut off goes on when it is started again", async () => {
  let calls = 0;
  const failing = overlay(env.DB, {
    batch: (statements: D1PreparedStatement[]) => {
      if (++calls > 3) throw new Error("killed");
      return env.DB.batch(statements);
    },
  } as Partial<D1Database>);
  await expect(importUsers(MANY, { database: failing })).rejects.toThrow("killed");
  expect(await rowCount("users")).toBe(500);

  expect(await importUsers(MANY)).toMatchObject({ created: 700, unchanged: 500, refused: 0 });
  expect(await rowCount("users")).toBe(1200);
  expect(await rowCount("audit_events")).toBe(1200);
});

it("an import goes on if the answer to a transaction is lost", async () => {
  let calls = 0;
  const flaky = overlay(env.DB, {
    batch: async (statements: D1PreparedStatement[]) => {
      const answer = await env.DB.batch(statements);
      if (++calls === 2) throw new Error("D1_ERROR: Network connection lost.");
      return answer;
    },
  } as Partial<D1Database>);

  expect(await importUsers(MANY.slice(0, 3), { database: flaky })).toMatchObject({ created: 0, unchanged: 3 });
  expect(await rowCount("users")).toBe(3);
});

it("an address that somebody registers during the import is refused, and the others are created", async () => {
  const world = createWorld();
  let calls = 0;
  const raced = overlay(env.DB, {
    batch: async (statements: D1PreparedStatement[]) => {
      if (++calls === 2) await world.post("/auth/register", { email: "u1@example.com", password: "correct-horse-7" });
      return env.DB.batch(statements);
    },
  } as Partial<D1Database>);

  const { created, reasons } = await importUsers(MANY.slice(0, 3), { database: raced });
  expect([created, reasons]).toEqual([2, ["2 email taken"]]);
});

it("an account is refused if another one has an identifier of it, in any spelling", async () => {
  await createWorldWithJane();
  const before = await dumpTables();
  const { created, reasons } = await importUsers([
    { id: "1", email: "JANE.DOE@example.com" },
    { id: "2", email: "a@example.com", username: "JaneDoe" },
    { id: "3", email: "b@example.com", phone: "+1 202 555 0123" },
  ]);

  expect([created, reasons]).toEqual([0, ["1 email taken", "2 username taken", "3 phone taken"]]);
  expect(await dumpTables()).toEqual(before);
});

it("of the accounts of a file that share something, the first is created", async () => {
  const identity = { provider: "google", issuer: "https://accounts.google.com", subject: "1" };
  const { created, reasons } = await importUsers([
    { id: "1", email: "jane@example.com", identities: [identity] },
    { id: "1", email: "other@example.com" },
    { id: "3", email: "Jane@Example.com" },
    { id: "4", email: "four@example.com", identities: [identity] },
  ]);

  expect([created, reasons]).toEqual([1, ["2 id conflict", "3 email conflict", "4 identities conflict"]]);
});

const google = (subject: string, id: string) => ({
  provider: "google",
  issuer: "https://accounts.google.com",
  subject,
  id,
});

it.each([
  ["the same identity twice", { identities: [google("1", ID), google("1", crypto.randomUUID())] }],
  ["two identities of one id", { identities: [google("1", ID), google("2", ID)] }],
  ["an identity's id that an account in the database has", { identities: [google("3", TAKEN)] }],
  ["the same recovery code twice", { recovery_codes: [CODE, CODE] }],
  ["the same passkey twice", { passkeys: [PASSKEY, PASSKEY] }],
])("an account with %s is refused, and the others are created", async (_, fields) => {
  await importUsers([{ id: "1", email: "a@example.com", identities: [google("4", TAKEN)] }]);

  const { created, refused } = await importUsers([
    { id: "2", email: "b@example.com", ...fields },
    { id: "3", email: "c@example.com" },
  ]);

  expect([created, refused]).toEqual([1, 1]);
});

const BCRYPT = `$2b$12$${"a".repeat(53)}`;

it("a field that may be left out does not keep an account from being created", async () => {
  const account = { id: ID, email: "jane@example.com", username: "x", password_hash: "md5", first_name: "Jane" };
  const drop = ["username", "password_hash"];

  expect(await importUsers([account], { drop: ["username"] })).toMatchObject({ created: 0, refused: 1 });
  const { created, refused, reasons } = await importUsers([account], { drop });
  expect({ created, refused, reasons }).toEqual({
    created: 1,
    refused: 0,
    reasons: ["1 username invalid_format", "1 password_hash invalid_format"],
  });
  expect(await byId(ID)).toMatchObject({ username: null, password_hash: null, first_name: "Jane" });
});

it("a dry run reports the same and changes nothing", async () => {
  const accounts = [{ id: "1", email: "jane@example.com" }, { id: "2", email: "jane@example.com" }, { id: "3" }];
  const tried = await importUsers(accounts, { isDryRun: true });
  expect(await rowCount("users")).toBe(0);
  expect(await rowCount("audit_events")).toBe(0);

  expect(await importUsers(accounts)).toEqual(tried);
});

it("the purge of unused accounts leaves those that were just imported", async () => {
  // Each minute of the day examines some accounts by their ids, and the first minute these.
  stopClock(Date.UTC(2026, 11, 1));
  const account = { email: "a@example.com", created_at: "2015-01-01T00:00:00.000Z", password_hash: BCRYPT };
  await importUsers([{ ...account, id: "00000000-0000-4000-8000-000000000001" }]);
  await createWorld().schedule();
  expect(await rowCount("users")).toBe(1);

  stopClock(Date.UTC(2027, 0, 1));
  await createWorld().schedule();
  expect(await rowCount("users")).toBe(0);
});
