import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { NO_COOLDOWN, outbox, PROVIDERS, script, sentBy } from "../support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD, WRONG_PASSWORD } from "../support/passwords.ts";
import { JANE, logIn } from "../support/people.ts";
import {
  deleteUsers,
  disableUsers,
  eventTypes,
  firstRow,
  replaceEmails,
  rowCount,
  rows,
  verifyAddresses,
} from "../support/rows.ts";
import { createWorld, createWorldWithJane } from "../support/world.ts";

const { email: EMAIL, phone: PHONE } = JANE;

/** A world in which this account was registered and its message delivered. */
async function registered(fields: object, overrides: Partial<Env> = {}) {
  const world = createWorld({ ...NO_COOLDOWN, ...overrides });
  const { status, json } = await world.post("/auth/register", { password: PASSWORD, ...fields });
  expect(status).toBe(201);
  await world.flush();
  const verify = (identifier: string, otp: string) => world.post("/auth/verify", { identifier, otp });
  const resend = async (identifier: string) => {
    expect((await world.post("/auth/verify/resend", { identifier })).status).toBe(202);
    await world.flush();
    return outbox.last();
  };
  const me = async (identifier: string) => {
    const { json: tokens } = await logIn(world, identifier);
    return (await world.me(tokens.access_token)).json;
  };
  return { world, user: json, verify, resend, me };
}

describe("verification", () => {
  it.each([
    [{ email: EMAIL }, EMAIL, "email_verified"],
    [{ phone: PHONE }, PHONE, "phone_verified"],
    [{ email: EMAIL, phone: PHONE }, EMAIL, "email_verified"],
    [{ email: EMAIL, phone: PHONE, contact: "email" }, EMAIL, "email_verified"],
    [{ email: EMAIL, phone: PHONE, contact: "phone" }, PHONE, "phone_verified"],
  ])("after registering %j begins at %s", async (fields, address, field) => {
    const { verify, me } = await registered(fields);
    const message = await outbox.only();
    expect(message.to).toBe(address);

    expect((await verify(address, message.code)).status).toBe(204);

    const user = await me(address);
    const verified = Object.keys(user).filter((key) => key.endsWith("_verified") && user[key]);
    expect(verified).toEqual([field]);
    expect(await eventTypes()).toContain(field);
    expect((await verify(address, message.code)).json.code).toBe("invalid_code");
  });

  it("appears in the access token after the next refresh", async () => {
    const { world, verify } = await registered({ email: EMAIL });
    const { json } = await world.post("/auth/login", { identifier: EMAIL, password: PASSWORD });
    const claims = (token: string) => JSON.parse(atob(token.split(".")[1]!));

    await verify(EMAIL, (await outbox.first()).code);

    expect(claims(json.access_token).email_verified).toBe(false);
    expect(claims((await world.refresh(json.refresh_token)).json.access_token).email_verified).toBe(true);
  });

  it("is for the preferred address while none is verified, and for no other one afterwards", async () => {
    const { verify, resend, me } = await registered({ email: EMAIL, phone: PHONE });
    const first = await outbox.first();
    expect((await resend(PHONE)).code).toBe("");

    expect((await verify(PHONE, first.code)).status).toBe(400);
    expect((await verify(EMAIL, first.code)).status).toBe(204);
    // From now on the other address is proven in a session.
    expect((await resend(PHONE)).code).toBe("");
    expect(await me(EMAIL)).toMatchObject({ email_verified: true, phone_verified: false });
  });

  it("by username verifies the preferred contact", async () => {
    const { verify, resend, me } = await registered({ email: EMAIL, phone: PHONE, contact: "phone", username: "jane" });
    const message = await resend("jane");
    expect(message.to).toBe(PHONE);

    expect((await verify("jane", message.code)).status).toBe(204);
    expect(await me("jane")).toMatchObject({ email_verified: false, phone_verified: true });
  });

  it("sends nothing to a verified or unknown address, or to a disabled account", async () => {
    const { verify, world } = await registered({ email: EMAIL, username: "jane" });
    await verify(EMAIL, (await outbox.first()).code);
    await outbox.clear();
    const ask = (identifier: string) => world.post("/auth/verify/resend", { identifier });

    const answers = await Promise.all([EMAIL, "nobody@example.com", "jane", "+12025550199"].map(ask));
    await world.flush();
    await env.DB.exec("update users set disabled_at = 1, email_verified_at = null");
    await ask(EMAIL);
    await world.flush();

    expect(answers.map(({ status, text }) => [status, text])).toEqual(Array(4).fill([202, ""]));
    expect(await outbox.all()).toEqual([]);
  });

  it("refuses a code for an address that the account no longer has", async () => {
    const { verify } = await registered({ email: EMAIL, phone: PHONE, username: "jane" });
    const message = await outbox.first();
    await replaceEmails();

    expect((await verify("jane", message.code)).status).toBe(400);
    expect((await firstRow("users")).email_verified_at).toBeNull();
  });

  it("does not redirect a redelivered message to another address", async () => {
    const { world } = await createWorldWithJane(NO_COOLDOWN);
    const { json } = await logIn(world);
    await world.post("/auth/verify/resend", { identifier: "janedoe" });
    const message = { id: "m-", timestamp: new Date() };
    await script({ status: 500, body: "{}" });
    await world.deliver(world.sent, message);
    await world.call("PATCH", "/users/me", { token: json.access_token, body: { contact: "phone" } });
    await outbox.clear();

    await world.deliver(world.sent, { ...message, attempts: 2 });

    expect(await outbox.all()).toEqual([]);
  });

  it("verifies only its own user", async () => {
    const { verify, world } = await registered({ email: EMAIL });
    await world.post("/auth/register", { email: "john@example.com", password: PASSWORD });

    await verify(EMAIL, (await outbox.first()).code);

    const verified = (await rows("users")).filter(({ email_verified_at }) => email_verified_at !== null);
    expect(verified.map(({ email }) => email)).toEqual([EMAIL]);
  });
});

describe("if verification is required", () => {
  const REQUIRED = { REQUIRE_VERIFICATION: "true" };
  const login = (world: ReturnType<typeof createWorld>, password = PASSWORD) =>
    world.post("/auth/login", { identifier: EMAIL, password });

  it("login fails until then, and only a correct password learns why", async () => {
    const { world, verify } = await registered({ email: EMAIL }, REQUIRED);

    const refused = await login(world);
    expect([refused.status, refused.json.code]).toEqual([403, "verification_required"]);
    expect((await login(world, WRONG_PASSWORD)).json.code).toBe("invalid_credentials");
    expect(await rowCount("sessions")).toBe(0);

    await verify(EMAIL, (await outbox.first()).code);
    expect((await login(world)).status).toBe(200);
  });

  it("a verified phone number is sufficient", async () => {
    const { verify, world } = await registered({ email: EMAIL, phone: PHONE, contact: "phone" }, REQUIRED);

    await verify(PHONE, (await outbox.first()).code);

    expect((await login(world)).status).toBe(200);
  });

  it("a disabled account receives nothing", async () => {
    const { world } = await registered({ email: EMAIL }, REQUIRED);
    await disableUsers();
    await outbox.clear();

    await world.post("/auth/register", { email: EMAIL, password: PASSWORD });
    await world.post("/auth/request-reset", { email: EMAIL });
    await world.flush();

    expect(await outbox.all()).toEqual([]);
  });

  it("a reset by link verifies the address", async () => {
    const { world } = await registered({ email: EMAIL }, REQUIRED);
    await world.post("/auth/forgot-password", { email: EMAIL });
    await world.flush();
    const { token } = await outbox.last();

    await world.post("/auth/reset-password", { token, new_password: FRESH_PASSWORD });

    expect((await login(world, FRESH_PASSWORD)).status).toBe(200);
  });

  it.each([
    { email: EMAIL },
    { phone: PHONE },
    { email: EMAIL, phone: PHONE, username: "new-jane" },
    { email: "new@example.com", phone: PHONE, first_name: "Jane" },
  ])("registering %j answers the same for taken and free, and notifies the owner", async (fields) => {
    const free = await registered(fields, REQUIRED);
    await deleteUsers();
    const { world } = await createWorldWithJane({ ...NO_COOLDOWN, ...REQUIRED });
    await verifyAddresses();
    await outbox.clear();
    const before = await rows("users");

    const { status, json, headers } = await world.post("/auth/register", { ...fields, password: "attackers-horse-6" });

    expect(status).toBe(201);
    const same = ({ id, created_at, updated_at, ...rest }: Record<string, unknown>) => rest;
    expect(same(json)).toEqual(same(free.user));
    expect([...headers.keys()].sort()).not.toContain("location");
    expect(await rows("users")).toEqual(before);
    await world.flush();
    const told = await outbox.only();
    expect(told.to).toBe("email" in fields && fields.email === EMAIL ? EMAIL : PHONE);
    expect(told.text).toContain("You already have an account with it");
    expect(told.code).toBe("");
  });

  it("registering a taken username reveals it, but not whether the address is taken", async () => {
    const { world } = await createWorldWithJane({ ...NO_COOLDOWN, ...REQUIRED });

    for (const email of [EMAIL, "free@example.com"]) {
      const { status, json } = await world.post("/auth/register", { email, username: "janedoe", password: PASSWORD });
      expect([status, json.code, json.errors]).toEqual([
        409,
        "username_taken",
        [{ path: "username", code: "taken", message: "Taken." }],
      ]);
    }
    expect(world.sent).toEqual([]);
  });

  it("the owner of a taken address is notified within the message budget", async () => {
    const { world } = await createWorldWithJane({ ...PROVIDERS, ...REQUIRED });

    for (let n = 0; n < 3; n++) await world.post("/auth/register", { email: EMAIL, password: PASSWORD });
    await world.flush();

    expect(await outbox.all()).toHaveLength(1);
  });

  it("registrations by strangers do not use up the owner's recovery messages", async () => {
    const { world } = await createWorldWithJane({ ...NO_COOLDOWN, ...REQUIRED });
    for (let n = 0; n < 30; n++) await world.post("/auth/register", { email: EMAIL, password: PASSWORD });
    await world.flush();
    expect(await outbox.all()).toHaveLength(5);
    const [sent] = await sentBy(world, "/auth/forgot-password", { email: EMAIL });

    expect(sent?.token).toHaveLength(43);
  });
});
