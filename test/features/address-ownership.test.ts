import { describe, expect, it } from "vitest";
import { addApp, postTo } from "../support/authenticator.ts";
import { NO_COOLDOWN, outbox, sentBy } from "../support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { logIn } from "../support/people.ts";
import { atOnce } from "../support/race.ts";
import { eventCount, firstRow, prefer, rowCount, verifyEmails, verifyPhones } from "../support/rows.ts";
import { createWorld, createWorldWithJane } from "../support/world.ts";

const VICTIM = "victim@example.com";
const ATTACKER = "+12025550166";
const ATTACKER_EMAIL = "attacker@example.com";
const EVIL_PASSWORD = "evil-horse-battery-7";

/** An attacker has registered the victim's address with a phone number of their own. */
async function preHijacked(contact: "email" | "phone" = "email", settings: Partial<Env> = {}) {
  const world = createWorld({ ...NO_COOLDOWN, ...settings });
  await world.post("/auth/register", { email: VICTIM, phone: ATTACKER, contact, password: EVIL_PASSWORD });
  await world.flush();
  const { json: evil } = await logIn(world, VICTIM, EVIL_PASSWORD);
  const verifyPhone = async () => {
    const [message] = await sentBy(world, "/auth/verify/resend", { phone: ATTACKER });
    return world.post("/auth/verify", { phone: ATTACKER, otp: message?.code || "000000" });
  };
  return { world, evil, verifyPhone };
}

describe("an account that nobody has proven", () => {
  it("is taken clean by the first reset: the other address and the sessions are gone", async () => {
    const { world, evil } = await preHijacked();
    const [link] = await sentBy(world, "/auth/forgot-password", { email: VICTIM });

    const { token } = link!;
    expect((await world.post("/auth/reset-password", { token, new_password: FRESH_PASSWORD })).status).toBe(204);

    const { json: own } = await logIn(world, VICTIM, FRESH_PASSWORD);
    expect((await world.me(own.access_token)).json).toMatchObject({ email_verified: true, phone: null, contact: null });
    expect((await world.refresh(evil.refresh_token)).status).toBe(401);
    expect(await sentBy(world, "/auth/request-reset", { phone: ATTACKER })).toEqual([]);
    expect(await eventCount("phone_removed")).toBe(1);
  });

  it("is verified by a code alone at its preferred address only, and not at a mistyped second one", async () => {
    const { verifyPhone, world } = await preHijacked();

    expect((await verifyPhone()).status).toBe(400);
    const [sent] = await sentBy(world, "/auth/request-reset", { phone: ATTACKER });
    expect([sent?.to, sent?.code, sent?.token === ""]).toEqual([ATTACKER, "", false]);
  });

  it("loses a mistyped second address to its holder, who gets nothing else", async () => {
    const { world, evil: own } = await preHijacked();
    const [sent] = await sentBy(world, "/auth/request-reset", { phone: ATTACKER });

    expect((await world.post("/auth/release-address", { token: sent!.token })).status).toBe(204);

    expect((await world.me(own.access_token)).json).toMatchObject({ email: VICTIM, phone: null });
  });

  it("keeps its other address when one is verified by a code, but that recovers nothing anymore", async () => {
    const { world, verifyPhone } = await preHijacked();
    const [message] = await sentBy(world, "/auth/verify/resend", { email: VICTIM });
    expect((await world.post("/auth/verify", { email: VICTIM, otp: message!.code })).status).toBe(204);

    expect((await verifyPhone()).status).toBe(400);
    const [sent] = await sentBy(world, "/auth/request-reset", { phone: ATTACKER });
    expect([sent?.code, (await firstRow("users")).phone_verified_at]).toEqual(["", null]);
  });
});

describe("a phone number that another person registered as the preferred one", () => {
  it("takes the account clean when its owner recovers it, before and after the new password", async () => {
    const world = createWorld(NO_COOLDOWN);
    const evil = { email: ATTACKER_EMAIL, phone: "+12025550123", contact: "phone", password: EVIL_PASSWORD };
    expect((await world.post("/auth/register", evil)).status).toBe(201);
    const { access_token: token, refresh_token } = (await logIn(world, ATTACKER_EMAIL, EVIL_PASSWORD)).json;
    const phone = evil.phone;
    await addApp(postTo(world), token);
    const [first] = await sentBy(world, "/auth/request-reset", { phone });

    expect((await world.post("/auth/verify", { phone, otp: first!.code })).status).toBe(204);

    expect([await rowCount("totps"), await rowCount("recovery_codes")]).toEqual([0, 0]);
    expect((await world.refresh(refresh_token)).status).toBe(401);
    const proof = { email: ATTACKER_EMAIL, password: EVIL_PASSWORD };
    expect((await world.call("POST", "/users/me/email", { token, body: proof })).status).toBe(401);
    expect((await logIn(world, phone, EVIL_PASSWORD)).status).toBe(401);
    const [second] = await sentBy(world, "/auth/request-reset", { phone });
    const reset = { phone, otp: second!.code, new_password: FRESH_PASSWORD };
    expect((await world.post("/auth/verify-reset", reset)).status).toBe(204);
    expect((await logIn(world, ATTACKER_EMAIL, FRESH_PASSWORD)).status).toBe(401);
    const { json } = await logIn(world, phone, FRESH_PASSWORD);
    expect((await world.me(json.access_token)).json).toMatchObject({ email: null, phone, phone_verified: true });
  });

  it("keeps the email address, the password and the sessions if an address was proven before", async () => {
    const world = createWorld(NO_COOLDOWN);
    const jane = { email: VICTIM, phone: "+12025550123", contact: "phone", password: PASSWORD };
    await world.post("/auth/register", jane);
    const [code] = await sentBy(world, "/auth/request-reset", { phone: jane.phone });
    await verifyEmails();

    // The number does not recover the account anymore.
    expect((await world.post("/auth/verify", { phone: jane.phone, otp: code!.code })).status).toBe(400);
    expect((await logIn(world, VICTIM, PASSWORD)).status).toBe(200);
  });
});

describe("an unproven address of an account that another address proves", () => {
  it.each([
    ["/auth/forgot-password", { email: VICTIM }],
    ["/auth/request-reset", { email: VICTIM }],
    ["/auth/verify/resend", { email: VICTIM }],
    ["/auth/register", { email: VICTIM, password: PASSWORD }],
  ])("gets a link to release it by POST %s, and can then be registered", async (path, body) => {
    const { world, verifyPhone } = await preHijacked("phone");
    expect((await verifyPhone()).status).toBe(204);

    const [mail, ...more] = await sentBy(world, path, body);

    expect([mail?.to, mail?.subject, more]).toEqual([VICTIM, "Is this your account?", []]);
    const token = mail!.token;
    expect((await world.post("/auth/reset-password", { token, new_password: FRESH_PASSWORD })).status).toBe(400);
    expect((await world.post("/auth/release-address", { token })).status).toBe(204);
    expect((await world.post("/auth/release-address", { token })).status).toBe(400);
    await world.flush();
    expect((await outbox.last()).to).toBe(ATTACKER);
    expect((await world.post("/auth/register", { email: VICTIM, password: PASSWORD })).status).toBe(201);
    expect((await logIn(world, ATTACKER, EVIL_PASSWORD)).json.code).toBeUndefined();
  });

  it("gets the link also if registration does not reveal that it is taken", async () => {
    const { world, verifyPhone } = await preHijacked("phone", { REQUIRE_VERIFICATION: "true" });
    await verifyPhone();

    const [mail] = await sentBy(world, "/auth/register", { email: VICTIM, password: PASSWORD });

    expect(mail?.subject).toBe("Is this your account?");
  });

  it("is released once when twenty requests race, and only while it is unproven", async () => {
    const { world, verifyPhone } = await preHijacked("phone");
    await verifyPhone();
    const [first] = await sentBy(world, "/auth/forgot-password", { email: VICTIM });
    await verifyEmails();
    expect((await world.post("/auth/release-address", { token: first!.token })).status).toBe(400);
    await world.env.DB.exec("update users set email_verified_at = null");

    const answers = await atOnce(20, () => world.post("/auth/release-address", { token: first!.token }));

    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(await eventCount("email_removed")).toBe(1);
  });

  it("resets nothing by a link or code that was sent before the other one was proven", async () => {
    const { world, verifyPhone } = await preHijacked("phone");
    await prefer("email");
    const [link] = await sentBy(world, "/auth/forgot-password", { email: VICTIM });
    const [code] = await sentBy(world, "/auth/request-reset", { email: VICTIM });
    await prefer("phone");
    await verifyPhone();
    const before = (await firstRow("passwords")).hash;

    const new_password = FRESH_PASSWORD;
    expect((await world.post("/auth/reset-password", { token: link!.token, new_password })).status).toBe(400);
    const body = { email: VICTIM, otp: code!.code, new_password };
    expect((await world.post("/auth/verify-reset", body)).status).toBe(400);
    expect((await firstRow("passwords")).hash).toBe(before);
  });

  it("is not used for a username, which stands for the proven one", async () => {
    const { world } = await createWorldWithJane(NO_COOLDOWN);
    await verifyPhones();

    const [code] = await sentBy(world, "/auth/request-reset", { username: "janedoe" });
    expect(code?.to).toBe("+12025550123");
    expect(await sentBy(world, "/auth/forgot-password", { username: "janedoe" })).toEqual([]);
  });

  it("is proven in a session of the account, and the proven one is notified", async () => {
    const { world, login } = await createWorldWithJane(NO_COOLDOWN);
    await verifyPhones();
    const { access_token: token } = await login();
    const body = { email: "jane.doe@example.com", password: PASSWORD };
    await world.call("POST", "/users/me/email", { token, body });
    await world.flush();
    const { code: otp } = await outbox.last();

    const confirmed = await world.call("POST", "/users/me/email/confirm", { token, body: { otp } });

    expect((await world.me(confirmed.json.access_token)).json.email_verified).toBe(true);
    await world.flush();
    const { to, text } = await outbox.last();
    expect([to, text]).toEqual(["+12025550123", expect.stringContaining("was verified")]);
    expect([await eventCount("email_verified"), await eventCount("email_changed")]).toEqual([1, 0]);
  });
});

describe("an address that was proven after the one that resets the password", () => {
  it("is no longer proven, so that a person who knew the old password cannot come back by it", async () => {
    const { world, evil } = await preHijacked();
    const [mailed] = await sentBy(world, "/auth/verify/resend", { email: VICTIM });
    await world.post("/auth/verify", { email: VICTIM, otp: mailed!.code });
    await world.call("POST", "/users/me/phone", {
      token: evil.access_token,
      body: { phone: ATTACKER, password: EVIL_PASSWORD },
    });
    await world.flush();
    const { code: otp } = await outbox.last();
    const proven = await world.call("POST", "/users/me/phone/confirm", { token: evil.access_token, body: { otp } });
    expect((await world.me(proven.json.access_token)).json.phone_verified).toBe(true);

    const [link] = await sentBy(world, "/auth/forgot-password", { email: VICTIM });
    const body = { token: link!.token, new_password: FRESH_PASSWORD };
    expect((await world.post("/auth/reset-password", body)).status).toBe(204);

    const [sent] = await sentBy(world, "/auth/request-reset", { phone: ATTACKER });
    expect([sent?.code, await eventCount("phone_unverified")]).toEqual(["", 1]);
    expect(await firstRow("users")).toMatchObject({ phone: ATTACKER, phone_verified_at: null });
  });

  it("stays proven after a month, and if it was proven first", async () => {
    const { world } = await createWorldWithJane(NO_COOLDOWN);
    const now = Date.now();
    const proven = async (email: number, phone: number) => {
      await world.env.DB.prepare("update users set email_verified_at = ?, phone_verified_at = ?")
        .bind(email, phone)
        .run();
      const [link] = await sentBy(world, "/auth/forgot-password", { username: "janedoe" });
      await world.post("/auth/reset-password", { token: link!.token, new_password: FRESH_PASSWORD });
      return (await firstRow("users")).phone_verified_at;
    };

    expect(await proven(now - 90 * 86_400_000, now - 31 * 86_400_000)).toBe(now - 31 * 86_400_000);
    expect(await proven(now - 1000, now - 2000)).toBe(now - 2000);
    expect(await proven(now - 2000, now - 1000)).toBeNull();
  });

  it("leaves an account with one address as it is", async () => {
    const world = createWorld(NO_COOLDOWN);
    await world.post("/auth/register", { email: VICTIM, contact: "email", password: PASSWORD });
    const [link] = await sentBy(world, "/auth/forgot-password", { email: VICTIM });
    await world.post("/auth/reset-password", { token: link!.token, new_password: FRESH_PASSWORD });

    expect((await firstRow("users")).contact).toBe("email");
    expect([await eventCount("phone_removed"), await eventCount("phone_unverified")]).toEqual([0, 0]);
  });
});
