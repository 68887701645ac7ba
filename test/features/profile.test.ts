import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { PASSWORD, WRONG_PASSWORD } from "../support/passwords.ts";
import { expireSession, rowCount } from "../support/rows.ts";
import { createWorldWithJane, dumpRows, sidOf, stopClock } from "../support/world.ts";

describe("a profile change", () => {
  it("changes the given fields, keeps the others and clears a field with null", async () => {
    const { world, jane, login } = await createWorldWithJane();
    stopClock(Date.UTC(2030, 0, 1));
    const token = (await login()).access_token;

    const change = {
      username: "jane.d",
      first_name: "Jane",
      last_name: null,
      contact: "phone",
      short_description: "…",
    };
    const { status, json } = await world.call("PATCH", "/users/me", { token, body: change });
    expect(status).toBe(200);
    expect(json).toEqual({ ...jane, ...change, updated_at: "2030-01-01T00:00:00.000Z" });

    const emptied = await world.call("PATCH", "/users/me", { token, body: { username: null, contact: null } });
    expect(emptied.json).toEqual({ ...json, username: null, contact: null });
    expect((await world.me(token)).json).toEqual(emptied.json);
  });

  it("clears a field with an empty text as with null, and a registration takes such a field as left out", async () => {
    const { world, login } = await createWorldWithJane();
    const token = (await login()).access_token;
    const profile = {
      username: "",
      first_name: "",
      last_name: " \u200b",
      contact: "",
      short_description: "",
      locale: "",
    };
    const empty = { username: null, first_name: null, last_name: null, contact: null, short_description: null };

    await world.call("PATCH", "/users/me", { token, body: { first_name: "Jane", locale: "de", contact: "phone" } });
    const cleared = await world.call("PATCH", "/users/me", { token, body: profile });
    expect([cleared.status, cleared.json]).toEqual([200, expect.objectContaining({ ...empty, locale: null })]);

    const body = { ...profile, email: "jo@example.com", phone: "", turnstile_token: "", password: PASSWORD };
    const registered = await world.post("/auth/register", body);
    expect(registered.json).toMatchObject({ email: "jo@example.com", phone: null, ...empty, locale: null });
    const named = { identifier: "", email: "jo@example.com", phone: "", username: "", device_token: "", transport: "" };
    expect((await world.post("/auth/login", { ...named, password: PASSWORD, turnstile_token: "" })).status).toBe(200);
    expect((await world.call("DELETE", "/users/me", { token, body: { password: "" } })).status).toBe(204);
  });

  it("frees the old username and lets the user log in with the new one", async () => {
    const { world, login } = await createWorldWithJane();
    await world.call("PATCH", "/users/me", { token: (await login()).access_token, body: { username: "jane" } });

    expect((await world.post("/auth/login", { username: "jane", password: PASSWORD })).status).toBe(200);
    expect((await world.post("/auth/login", { username: "janedoe", password: PASSWORD })).status).toBe(401);
    const john = { email: "john@example.com", username: "janedoe", password: PASSWORD };
    expect((await world.post("/auth/register", john)).status).toBe(201);
  });

  it("refuses a taken username in any case and accepts the user's own", async () => {
    const { world, login } = await createWorldWithJane();
    const token = (await login()).access_token;
    await world.post("/auth/register", { email: "john@example.com", username: "john", password: PASSWORD });
    const before = await dumpRows();

    const { status, json } = await world.call("PATCH", "/users/me", {
      token,
      body: { username: "JOHN", first_name: "J" },
    });

    expect([status, json.code, json.errors]).toEqual([
      409,
      "username_taken",
      [{ path: "username", code: "taken", message: "Taken." }],
    ]);
    expect(await dumpRows()).toEqual(before);
    const own = await world.call("PATCH", "/users/me", { token, body: { username: "JaneDoe" } });
    expect([own.status, own.json.username]).toEqual([200, "JaneDoe"]);
  });

  it("gives a username to one of ten racing users", async () => {
    const { world } = await createWorldWithJane();
    const tokens = await Promise.all(
      Array.from({ length: 10 }, async (_, n) => {
        await world.post("/auth/register", { email: `user${n}@example.com`, password: PASSWORD });
        const { json } = await world.post("/auth/login", { email: `user${n}@example.com`, password: PASSWORD });
        return json.access_token as string;
      }),
    );

    const change = (token: string) => world.call("PATCH", "/users/me", { token, body: { username: "wanted" } });
    const statuses = (await Promise.all(tokens.map(change))).map(({ status }) => status);

    expect(statuses.sort()).toEqual([200, ...Array(9).fill(409)]);
  });

  it.each([
    ["nothing", {}],
    ["an e-mail address", { email: "new@example.com" }],
    ["a verification", { email_verified: true }],
    ["a name with a line break", { first_name: "Jane\r\nBcc: eve@example.com" }],
    ["a username that looks like an address", { username: "a@b" }],
  ])("refuses %s", async (_, body) => {
    const { world, login } = await createWorldWithJane();
    const before = (await dumpRows())[0];

    const { status } = await world.call("PATCH", "/users/me", { token: (await login()).access_token, body });

    expect(status).toBe(422);
    expect((await dumpRows())[0]).toEqual(before);
  });

  it("refuses a contact that the account does not have", async () => {
    const { world } = await createWorldWithJane();
    await world.post("/auth/register", { email: "john@example.com", password: PASSWORD });
    const { json: john } = await world.post("/auth/login", { email: "john@example.com", password: PASSWORD });

    const { status, json } = await world.call("PATCH", "/users/me", {
      token: john.access_token,
      body: { contact: "phone" },
    });

    expect([status, json.errors[0].path]).toEqual([422, "contact"]);
  });
});

describe("account deletion", () => {
  const body = { password: PASSWORD };

  it("ends every session and frees the identifiers", async () => {
    const { world, jane, login } = await createWorldWithJane();
    const [own, other, expired] = [await login(), await login(), await login()];
    await expireSession(sidOf(expired.access_token));

    expect((await world.call("DELETE", "/users/me", { token: own.access_token, body })).status).toBe(204);
    expect(await rowCount("denylist_outbox")).toBe(2);

    for (const { access_token, refresh_token } of [own, other]) {
      expect((await world.me(access_token)).status).toBe(401);
      expect((await world.refresh(refresh_token)).status).toBe(401);
      expect(await env.DENYLIST.get(`sid:${sidOf(access_token)}`)).not.toBeNull();
    }
    const [users, sessions] = await dumpRows();
    expect([users, sessions]).toEqual([[], []]);
    const { email, phone, username } = jane;
    expect((await world.post("/auth/register", { email, phone, username, password: PASSWORD })).status).toBe(201);
    expect((await world.me(own.access_token)).status).toBe(401);
  });

  it("requires the password, and records only an event if it is wrong", async () => {
    const { world, login } = await createWorldWithJane();
    const token = (await login()).access_token;
    const before = await dumpRows();

    const { status, json } = await world.call("DELETE", "/users/me", { token, body: { password: WRONG_PASSWORD } });

    expect([status, json.code]).toEqual([401, "invalid_credentials"]);
    expect((await dumpRows()).slice(0, 3)).toEqual(before.slice(0, 3));
    expect((await world.me(token)).status).toBe(200);
  });

  it("does not affect other users", async () => {
    const { world, login } = await createWorldWithJane();
    await world.post("/auth/register", { email: "john@example.com", password: PASSWORD });
    const { json: john } = await world.post("/auth/login", { email: "john@example.com", password: PASSWORD });

    await world.call("DELETE", "/users/me", { token: (await login()).access_token, body });

    expect((await world.refresh(john.refresh_token)).status).toBe(200);
  });
});
