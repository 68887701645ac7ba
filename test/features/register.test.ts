import { describe, expect, it } from "vitest";
import { PASSWORD } from "../support/passwords.ts";
import { race } from "../support/race.ts";
import { rowCount } from "../support/rows.ts";
import { createWorld, createWorldWithJane } from "../support/world.ts";

const jane = {
  first_name: "Jane",
  last_name: "Doe",
  email: "jane.doe@example.com",
  phone: "+12025550123",
  contact: "email",
  short_description: "Platform admin",
  username: "janedoe",
  password: PASSWORD,
  confirm_password: PASSWORD,
};

describe("registration with the payloads of other services", () => {
  it("accepts a full profile", async () => {
    const { status, json } = await createWorld().post("/auth/register", jane);

    expect(status).toBe(201);
    const { password, confirm_password, ...profile } = jane;
    expect(json).toMatchObject({ ...profile, email_verified: false, phone_verified: false });
    expect(json.created_at).toBe(json.updated_at);
  });

  it("registers a username and an email address that then log in by form", async () => {
    const world = createWorld();
    const johndoe = { username: "johndoe", email: "johndoe@example.com", password: "blue-kettle-42" };

    expect((await world.post("/auth/register", johndoe)).status).toBe(201);
    const form = await world.form("/auth/login", { username: "johndoe", password: "blue-kettle-42" });

    expect(form.status).toBe(200);
    expect(form.json.token_type).toBe("bearer");
  });

  it("reads a national phone number by DEFAULT_COUNTRY", async () => {
    const { status, json } = await createWorld({ DEFAULT_COUNTRY: "EG" }).post("/auth/register", {
      phone: "01012345678",
      password: "green-lantern-9",
    });

    expect(status).toBe(201);
    expect(json).toMatchObject({ phone: "+201012345678", email: null, username: null, contact: null });
  });

  it("registers a user who then logs in by JSON with an identifier", async () => {
    const world = createWorld();
    await world.post("/auth/register", jane);

    const { status } = await world.post("/auth/login", { identifier: "janedoe", password: jane.password });

    expect(status).toBe(200);
  });

  it("works under /api/v1 as well", async () => {
    const world = createWorld();

    expect((await world.post("/api/v1/auth/register", jane)).status).toBe(201);
    expect((await world.post("/api/v1/auth/login", { email: jane.email, password: jane.password })).status).toBe(200);
  });
});

describe("registration of taken identifiers", () => {
  it.each([
    ["email address", { email: "Jane.Doe@EXAMPLE.com" }, ["email"]],
    ["username", { email: "other@example.com", username: "JaneDoe" }, ["username"]],
    ["phone number", { phone: "+1 (202) 555-0123" }, ["phone"]],
    [
      "set of all three identifiers",
      { email: "jane.doe@example.com", phone: "+12025550123", username: "janedoe" },
      undefined,
    ],
  ])("fails for a taken %s in any spelling and names the field", async (_, identifiers, taken) => {
    const { world } = await createWorldWithJane();

    const { status, json } = await world.post("/auth/register", { ...identifiers, password: PASSWORD });

    const paths = taken ?? ["email", "phone", "username"];
    expect(status).toBe(409);
    expect(json.code).toBe(`${paths[0]}_taken`);
    expect(json.errors.map((error: { path: string }) => error.path)).toEqual(paths);
    expect(await rowCount("users")).toBe(1);
  });

  it("names every taken field, also if they belong to different accounts", async () => {
    const { world } = await createWorldWithJane();
    await world.post("/auth/register", { email: "john@example.com", password: PASSWORD });

    const { json } = await world.post("/auth/register", {
      email: "john@example.com",
      username: "janedoe",
      password: PASSWORD,
    });

    expect(json.errors.map((error: { path: string }) => error.path)).toEqual(["email", "username"]);
  });

  it("succeeds once when twenty requests for one address race", async () => {
    const world = createWorld();
    const spellings = ["race@example.com", "RACE@example.com", "Race@Example.Com"];

    const statuses = await race(20, (i) =>
      world.post("/auth/register", { email: spellings[i % 3], password: PASSWORD }),
    );

    expect(statuses.sort()).toEqual([201, ...Array(19).fill(409)]);
    expect(await rowCount("users")).toBe(1);
  });

  it("is prevented by the database itself, ignoring case", async () => {
    const { world } = await createWorldWithJane();
    const insert = world.env.DB.prepare(
      "insert into users (id, username, created_at, updated_at) values ('x', 'JANEDOE', 0, 0)",
    );

    await expect(insert.run()).rejects.toThrow(/UNIQUE/);
  });
});

describe("an invalid registration", () => {
  it.each([
    ["no email address or phone number", { username: "nobody" }, "email"],
    ["a malformed email address", { email: "jane.doe" }, "email"],
    ["two email addresses", { email: "a@example.com,b@example.com" }, "email"],
    ["a list of email addresses", { email: ["a@example.com", "b@example.com"] }, "email"],
    ["a look-alike email address", { email: "mıke@example.com" }, "email"],
    ["an email address that is too long", { email: `${"a".repeat(250)}@example.com` }, "email"],
    ["a malformed phone number", { phone: "call me" }, "phone"],
    ["a phone number of 20 digits", { phone: "+12345678901234567890" }, "phone"],
    ["a username that starts with a digit", { email: "a@example.com", username: "1abc" }, "username"],
    ["a username like an email address", { email: "a@example.com", username: "a@example.com" }, "username"],
    ["a short password", { email: "a@example.com", password: "1234567" }, "password"],
    ["a short password of wide characters", { email: "a@example.com", password: "😀😀😀😀😀😀😀" }, "password"],
    ["a long password", { email: "a@example.com", password: "a".repeat(257) }, "password"],
    [
      "a confirmation that differs",
      { email: "a@example.com", confirm_password: "correct-horse-8" },
      "confirm_password",
    ],
    ["a contact without its address", { email: "a@example.com", contact: "phone" }, "contact"],
    ["a line break in a name", { email: "a@example.com", first_name: "Jane\r\nBcc: x@example.com" }, "first_name"],
    ["an unknown field", { email: "a@example.com", role: "admin" }, "role"],
    ["a field of the table", { email: "a@example.com", email_verified: true }, "email_verified"],
  ])("is refused because of %s", async (_, body, path) => {
    const { status, json } = await createWorld().post("/auth/register", { password: PASSWORD, ...body });

    expect(status).toBe(422);
    expect(json.code).toBe("invalid_request");
    expect(json.errors.map((error: { path: string }) => error.path)).toContain(path);
    expect(await rowCount("users")).toBe(0);
  });

  it("is refused because of a national phone number if DEFAULT_COUNTRY is empty", async () => {
    const { status, json } = await createWorld({ DEFAULT_COUNTRY: "" }).post("/auth/register", {
      phone: "01012345678",
      password: PASSWORD,
    });

    expect(status).toBe(422);
    expect(json.errors).toEqual([{ path: "phone", code: "invalid_format", message: "Must be a phone number." }]);
  });
});

it("registration accepts passwords of 8 to 256 code points", async () => {
  const world = createWorld();
  const passwords = ["😀".repeat(8), "é".repeat(256), "        ", "𝒸ℴ𝓇𝓇ℯ𝒸𝓉 𝒽ℴ𝓇𝓈ℯ"];

  for (const [i, password] of passwords.entries()) {
    const email = `user${i}@example.com`;
    expect((await world.post("/auth/register", { email, password })).status).toBe(201);
    expect((await world.post("/auth/login", { email, password })).status).toBe(200);
    const shorter = [...password].slice(0, -1).join("");
    expect((await world.post("/auth/login", { email, password: shorter })).status).toBe(401);
  }
});

it("registration stores email addresses in lower case, usernames as typed and phone numbers as E.164", async () => {
  const { json } = await createWorld().post("/auth/register", {
    email: "Jane.Doe@Example.COM",
    username: "JaneDoe",
    phone: "+1 (202) 555-0123",
    password: PASSWORD,
  });

  expect(json).toMatchObject({ email: "jane.doe@example.com", username: "JaneDoe", phone: "+12025550123" });
});

it("registration treats null as absent", async () => {
  const { status, json } = await createWorld().post("/auth/register", {
    ...jane,
    phone: null,
    short_description: null,
  });

  expect(status).toBe(201);
  expect(json).toMatchObject({ phone: null, short_description: null });
});

it("registration never returns a password or its hash", async () => {
  const { text } = await createWorld().post("/auth/register", jane);

  expect(text).not.toMatch(/correct-horse|scrypt|password/);
});
