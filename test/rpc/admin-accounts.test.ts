import nodeCrypto from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { outbox, PROVIDERS } from "../support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD, WRONG_PASSWORD } from "../support/passwords.ts";
import { logIn } from "../support/people.ts";
import { atOnce } from "../support/race.ts";
import { administer } from "../support/rpc.ts";
import { createWorld, createWorldWithJane, dumpRows } from "../support/world.ts";

const JOHN = { email: "John@Example.com", phone: "+1 202 555 0188", username: "johnny", first_name: "John" };

const typesOf = async (world: { env: Env }, id: string) =>
  (await administer(world, "listEvents", { id })).value.events.map(({ type }: { type: string }) => type);

describe("createUser", () => {
  it("creates an account without a password until its owner sets one by link", async () => {
    const world = createWorld(PROVIDERS);
    const { value: john } = await administer(world, "createUser", { ...JOHN, roles: ["editor", "billing", "editor"] });

    expect(john).toMatchObject({ email: "john@example.com", phone: "+12025550188", email_verified: false });
    expect([john.roles, john.first_name, john.disabled_at]).toEqual([["billing", "editor"], "John", null]);
    expect(world.sent).toEqual([]);
    const refused = await world.post("/auth/login", { identifier: "johnny", password: PASSWORD });
    expect([refused.status, refused.json.code]).toEqual([401, "invalid_credentials"]);

    await administer(world, "sendResetLink", john.id);
    await world.flush();
    const { token } = await outbox.first();
    expect((await world.post("/auth/reset-password", { token, new_password: FRESH_PASSWORD })).status).toBe(204);
    expect((await world.post("/auth/login", { identifier: "johnny", password: FRESH_PASSWORD })).status).toBe(200);
    const { value } = await administer(world, "listUsers", { query: john.id });
    expect(value.users[0].email_verified).toBe(true);
    expect((await typesOf(world, john.id)).at(-1)).toBe("registered");
  });

  it("creates an account whose failed logins cost the same as others", async () => {
    const { world } = await createWorldWithJane();
    await administer(world, "createUser", JOHN);
    const guess = (identifier: string) => logIn(world, identifier, WRONG_PASSWORD);

    const scrypt = vi.spyOn(nodeCrypto, "scryptSync");
    const ofJane = await world.cost(() => guess("janedoe"));
    expect(await world.cost(() => guess("johnny"))).toEqual(ofJane);
    const [first, second, ...rest] = scrypt.mock.calls.map(([, , length, params]) => ({ length, params }));
    expect(first).toEqual(second);
    expect(rest).toEqual([]);
  });

  it("refuses taken identifiers and invalid fields", async () => {
    const { world } = await createWorldWithJane({ REQUIRE_VERIFICATION: "true" });
    const before = await dumpRows();

    for (const [input, code, path] of [
      [{ email: "JANE.doe@example.com" }, "email_taken", "email"],
      [{ phone: "+12025550123" }, "phone_taken", "phone"],
      [{ email: "john@example.com", username: "JaneDoe" }, "username_taken", "username"],
      [{ username: "johnny" }, "invalid_request", "email"],
      [{ email: "john@example.com", contact: "phone" }, "invalid_request", "contact"],
      [{ phone: "5" }, "invalid_request", "phone"],
      [{ email: "john@example.com", password: FRESH_PASSWORD }, "invalid_request", "password"],
      [{ email: "john@example.com", roles: ["A"] }, "invalid_request", "roles.0"],
      [{ email: "john@example.com", email_verified: true }, "invalid_request", "email_verified"],
      [undefined, "malformed_body", undefined],
      ["john@example.com", "invalid_request", ""],
    ] as const) {
      const outcome = await administer(world, "createUser", input);
      expect([input, outcome.code, outcome.errors?.[0].path]).toEqual([input, code, path]);
    }
    expect(await dumpRows()).toEqual(before);
  });

  it("creates one account when ten calls race", async () => {
    const world = createWorld();
    const outcomes = await atOnce(10, () => administer(world, "createUser", JOHN));

    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(outcomes.filter(({ code }) => code === "email_taken")).toHaveLength(9);
  });
});

describe("updateUser", () => {
  it("changes the given fields and keeps the others", async () => {
    const { world, jane } = await createWorldWithJane();

    const { value } = await administer(world, "updateUser", jane.id, { first_name: "Jane", username: null });
    expect(value).toEqual({
      ...jane,
      first_name: "Jane",
      username: null,
      updated_at: value.updated_at,
      disabled_at: null,
    });
    expect(await typesOf(world, jane.id)).toEqual(["username_changed", "account_changed", "registered"]);
  });

  it("leaves a new email unverified, notifies the old one and voids its secrets", async () => {
    const { world, jane, login } = await createWorldWithJane(PROVIDERS);
    const { refresh_token } = await login();
    await administer(world, "setVerified", jane.id, jane.email, true);
    await world.post("/auth/forgot-password", { identifier: jane.email });
    await world.flush();
    const { token } = await outbox.first();

    const change = { email: "jane@new.example" };
    const { value } = await administer(world, "updateUser", jane.id, change);
    expect([value.email, value.email_verified]).toEqual(["jane@new.example", false]);
    await administer(world, "updateUser", jane.id, change);
    await world.flush();
    const mails = (await outbox.all()).slice(1);
    expect(mails.map(({ to }) => to)).toEqual([jane.email]);
    const reset = () => world.post("/auth/reset-password", { token, new_password: FRESH_PASSWORD });
    expect((await reset()).status).toBe(400);
    expect((await typesOf(world, jane.id)).filter((type: string) => type === "email_changed")).toHaveLength(1);
    await administer(world, "updateUser", jane.id, { email: jane.email });
    expect((await reset()).status).toBe(400);
    expect((await world.refresh(refresh_token)).status).toBe(200);
  });

  it("changes the phone number and notifies the old one", async () => {
    const { world, jane } = await createWorldWithJane(PROVIDERS);
    await administer(world, "setVerified", jane.id, jane.phone, true);

    const { value } = await administer(world, "updateUser", jane.id, { phone: "+12025550199" });
    expect([value.phone, value.phone_verified, value.email]).toEqual(["+12025550199", false, jane.email]);
    await world.flush();
    expect((await outbox.all()).map(({ to }) => to)).toEqual([jane.phone]);
  });

  it("keeps an unchanged address verified", async () => {
    const { world, jane } = await createWorldWithJane();
    await administer(world, "setVerified", jane.id, jane.email, true);

    const { value } = await administer(world, "updateUser", jane.id, { email: "Jane.Doe@Example.com" });
    expect(value.email_verified).toBe(true);
    expect(world.sent).toEqual([]);
  });

  it("refuses taken identifiers and invalid fields, and changes nothing", async () => {
    const { world, jane } = await createWorldWithJane();
    const { value: john } = await administer(world, "createUser", { email: "john@example.com" });
    const before = await dumpRows();

    for (const [id, change, code, path] of [
      [john.id, { email: "jane.doe@example.com", first_name: "X" }, "email_taken", "email"],
      [john.id, { username: "JANEDOE" }, "username_taken", "username"],
      [john.id, { phone: jane.phone }, "phone_taken", "phone"],
      [john.id, { contact: "phone" }, "invalid_request", "contact"],
      [john.id, {}, "invalid_request", ""],
      [john.id, null, "invalid_request", ""],
      [john.id, "first_name", "invalid_request", "0"],
      [john.id, { email: null }, "last_address", undefined],
      [john.id, { email: "" }, "last_address", undefined],
      [john.id, { phone: "12" }, "invalid_request", "phone"],
      [john.id, { roles: ["editor"] }, "invalid_request", "roles"],
      [john.id, { password: FRESH_PASSWORD }, "invalid_request", "password"],
      [john.id, { disabled_at: null }, "invalid_request", "disabled_at"],
      ["nobody", { first_name: "X" }, "not_found", undefined],
      [null, { first_name: "X" }, "invalid_request", "id"],
    ] as const) {
      const outcome = await administer(world, "updateUser", id, change);
      expect([change, outcome.code, outcome.errors?.[0].path]).toEqual([change, code, path]);
    }
    expect(await dumpRows()).toEqual(before);
  });

  it("clears an address for an empty text as for null, and tells its owner", async () => {
    const { world, jane } = await createWorldWithJane(PROVIDERS);
    await administer(world, "setVerified", jane.id, jane.email, true);

    const { value } = await administer(world, "updateUser", jane.id, { email: "" });

    expect([value.email, value.phone]).toEqual([null, jane.phone]);
    await world.flush();
    expect((await outbox.all()).map(({ to }) => to)).toEqual([jane.email]);
  });

  it("accepts a contact that is added in the same call", async () => {
    const { world } = await createWorldWithJane();
    const { value: john } = await administer(world, "createUser", { email: "john@example.com" });

    const { value } = await administer(world, "updateUser", john.id, { phone: "+12025550199", contact: "phone" });
    expect([value.phone, value.contact]).toEqual(["+12025550199", "phone"]);
  });
});

describe("setVerified", () => {
  it("allows and disallows login if verification is required", async () => {
    const { world, jane } = await createWorldWithJane({ REQUIRE_VERIFICATION: "true" });
    const attempt = async () => (await logIn(world)).status;

    expect(await attempt()).toBe(403);
    for (const verified of [true, true, false, false]) {
      expect(await administer(world, "setVerified", jane.id, jane.phone, verified)).toEqual({ ok: true });
      expect(await attempt()).toBe(verified ? 200 : 403);
    }
    const changes = (await typesOf(world, jane.id)).filter((type: string) => type.startsWith("phone_"));
    expect(changes).toEqual(["phone_unverified", "phone_verified"]);
  });

  it.each([
    ["another account's", "john@example.com", true, "not_found"],
    ["a username", "janedoe", true, "not_found"],
    ["empty", "", true, "invalid_request"],
    ["a number", 5, true, "invalid_request"],
    ["the account's own, without a state", "jane.doe@example.com", undefined, "invalid_request"],
  ])("refuses an address that is %s", async (_, address, verified, code) => {
    const { world, jane } = await createWorldWithJane();
    const before = await dumpRows();

    expect((await administer(world, "setVerified", jane.id, address, verified)).code).toBe(code);
    expect(await dumpRows()).toEqual(before);
  });
});

it("each change of an account by an administrator is logged", async () => {
  const world = createWorld();
  const logged = vi.spyOn(console, "info").mockImplementation(() => {});
  const { value: john } = await administer(world, "createUser", JOHN);
  await administer(world, "updateUser", john.id, { email: "john@new.example" });
  await administer(world, "setVerified", john.id, "john@new.example", true);

  const lines = logged.mock.calls.map(([line]) => JSON.parse(line)).filter(({ event }) => event === "security");
  const types = ["registered", "account_changed", "email_changed", "email_verified"];
  expect(lines.map(({ type, user, caller }) => [type, user, caller])).toEqual(
    types.map((type) => [type, john.id, "back-office"]),
  );
});
