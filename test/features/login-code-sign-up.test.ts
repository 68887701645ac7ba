import { env } from "cloudflare:workers";
import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { appCode } from "../support/authenticator.ts";
import { failingD1, interruptedD1 } from "../support/bindings.ts";
import { byCode, byLink, requestCode } from "../support/login-codes.ts";
import { NO_COOLDOWN, outbox, sentBy } from "../support/outbox.ts";
import { passkeySignUp } from "../support/passkeys.ts";
import { wrongCode } from "../support/people.ts";
import { count, race, times } from "../support/race.ts";
import { eventTypes, rowCount, rows, verifyEmails } from "../support/rows.ts";
import { createWorld, dumpRows, stopClock, unlock } from "../support/world.ts";

const CODES = { ...NO_COOLDOWN, LOGIN_METHODS: "passkey,email_code,phone_code" };
const REQUEST = "/auth/login/request-code";
const KIM = { email: "kim@example.com" };
const PHONE = { phone: "+12025550144" };

/** Kim, who has no account and has asked for a code. */
async function newcomer(settings: Partial<Env> = {}, name: object = KIM) {
  const world = createWorld({ ...CODES, ...settings });
  return { world, ...(await requestCode(world, name)) };
}

describe("a code to an address that no account has", () => {
  it("creates the account, with the address as proven, and no row before", async () => {
    const { world, code } = await newcomer();
    expect([await rowCount("users"), await rowCount("pending_sign_ups")]).toEqual([0, 1]);

    const { status, json } = await byCode(world, code, KIM);

    expect([status, decodeJwt(json.access_token)]).toMatchObject([200, { amr: ["otp"], email_verified: true }]);
    expect((await world.me(json.access_token)).json).toMatchObject({ ...KIM, email_verified: true, phone: null });
    expect([await eventTypes(), await rowCount("pending_sign_ups")]).toEqual([["registered", "logged_in"], 0]);
    const again = await requestCode(world, KIM);
    expect((await byCode(world, again.code, KIM)).status).toBe(200);
    expect(await rowCount("users")).toBe(1);
  });

  it("does so by the link of the browser that asked, and shows the code elsewhere", async () => {
    const { world, code, token, nonce } = await newcomer();

    const elsewhere = await byLink(world, token, "A".repeat(43));
    expect([elsewhere.json.code, elsewhere.json.otp, await rowCount("users")]).toEqual(["other_browser", code, 0]);
    expect((await byLink(world, token, nonce)).status).toBe(200);
    expect((await byLink(world, token, nonce)).status).toBe(400);
  });

  it("does so for a phone number", async () => {
    const { world, code } = await newcomer({}, PHONE);
    const { status, json } = await byCode(world, code, PHONE);
    expect([status, decodeJwt(json.access_token)["amr"]]).toEqual([200, ["sms"]]);
    expect((await world.me(json.access_token)).json).toMatchObject({ ...PHONE, phone_verified: true, email: null });
  });

  it("creates one account of fifty requests, by the code and the link at once", async () => {
    const { world, code, token, nonce } = await newcomer();

    const statuses = await race(50, (n) => (n < 4 ? byCode(world, code, KIM) : byLink(world, token, nonce)));

    expect([count(statuses, 200), await rowCount("users"), await rowCount("sessions")]).toEqual([1, 1, 1]);
  });

  it("is replaced by a newer one, and void once another sign-up has the address", async () => {
    const { world, code } = await newcomer();
    const newer = await requestCode(world, KIM);
    expect((await byCode(world, code, KIM)).status).toBe(code === newer.code ? 200 : 400);

    const { body } = await passkeySignUp(world, KIM);
    expect((await world.post("/auth/register", body)).status).toBe(201);
    expect((await byCode(world, newer.code, KIM)).status).toBe(400);
    expect((await byLink(world, newer.token, newer.nonce)).status).toBe(400);
    expect(await rowCount("users")).toBe(1);
  });

  it("creates nothing if a newer request replaces it while it is checked", async () => {
    const { world, code } = await newcomer();
    const DB = interruptedD1(env.DB, 2, () => requestCode(world, KIM));

    expect((await byCode(createWorld({ ...CODES, DB }), code, KIM)).json.code).toBe("invalid_code");
    expect([await rowCount("users"), await rowCount("sessions"), await rowCount("pending_sign_ups")]).toEqual([
      0, 0, 1,
    ]);
  });

  it("is compared five times, and ten times an hour with the codes after it", async () => {
    const { world, ...first } = await newcomer();
    const guess = async (otp: string) => {
      await unlock();
      return (await byCode(world, otp, KIM)).status;
    };
    for (let n = 1; n <= 5; n++) expect(await guess(wrongCode(first.code, n))).toBe(400);
    expect(await guess(first.code)).toBe(400);
    const second = await requestCode(world, KIM);
    for (let n = 1; n <= 5; n++) expect(await guess(wrongCode(second.code, n))).toBe(400);
    const third = await requestCode(world, KIM);

    expect([await guess(third.code), await rowCount("users")]).toEqual([400, 0]);
    stopClock(Date.now() + 3_600_001);
    expect(await guess((await requestCode(world, KIM)).code)).toBe(200);
  });

  it("of fifty wrong ones at once locks the address out", async () => {
    const { world, code } = await newcomer();
    const statuses = await race(50, (n) => byCode(world, wrongCode(code, n + 1), KIM));
    expect([count(statuses, 400), count(statuses, 429)]).toEqual([5, 45]);
  });

  it.each([1, 2])("still works after a failure of the database at trip %d", async (trip) => {
    const { world, code } = await newcomer();
    const broken = createWorld({ ...CODES, DB: failingD1(env.DB, trip, "before") });

    expect((await byCode(broken, code, KIM)).status).toBe(503);
    expect(await rowCount("users")).toBe(0);
    expect((await byCode(world, code, KIM)).status).toBe(200);
  });

  it("is not sent again, and does not work again, when the queue delivers its message twice", async () => {
    const world = createWorld(CODES);
    await world.post(REQUEST, KIM);
    const [message] = world.sent.splice(0);
    const timestamp = new Date();
    await world.deliver([message], { id: "kim-", timestamp });
    const { code } = await outbox.only();
    expect((await byCode(world, code, KIM)).status).toBe(200);

    await world.deliver([message], { id: "kim-", timestamp });

    expect([(await outbox.all()).length, (await byCode(world, code, KIM)).status]).toEqual([1, 400]);
  });

  it("has the account add a second factor before the first session, if the service requires one", async () => {
    const { world, code } = await newcomer({ MFA_POLICY: "required" });

    const { status, json } = await byCode(world, code, KIM);
    expect([status, json.code, await rowCount("users"), await rowCount("sessions")]).toEqual([
      403,
      "enrollment_required",
      1,
      0,
    ]);
    const { login_token } = json;
    const { secret } = (await world.post("/auth/login/enroll/totp", { login_token })).json;
    const enrolled = await world.post("/auth/login/enroll/totp/confirm", { login_token, code: appCode(secret) });
    expect(enrolled.status).toBe(200);
  });
});

describe("a request for a code, where codes sign up", () => {
  it("and the attempt look the same whether the account exists", async () => {
    const { world, code } = await newcomer();
    await byCode(world, code, KIM);
    await unlock();
    const seen = async (name: { email: string }) => {
      const cost = await world.cost(() => world.post(REQUEST, name));
      await world.flush();
      const { subject, text } = await outbox.last();
      const answers: unknown[] = [];
      const attempt = await world.cost(async () => {
        const { status, json } = await byCode(world, "000000", name);
        answers.push(status, json);
      });
      return [cost, attempt, answers, subject, text.replace(/\d{6}|token=[\w-]+/g, "…")];
    };

    expect(await seen({ email: "nobody@example.com" })).toEqual(await seen(KIM));
  });

  it("is bounded by the budget of the recipient, and leaves no row for long", async () => {
    const world = createWorld(CODES);
    await times(8, () => world.post(REQUEST, KIM));
    await world.flush();
    expect([(await outbox.all()).length, await rowCount("pending_sign_ups")]).toEqual([5, 1]);

    stopClock(Date.now() + 25 * 3_600_000);
    await world.schedule();
    expect([await rowCount("pending_sign_ups"), await rowCount("requested_messages")]).toEqual([0, 0]);
  });

  it("sends no second one within the cool-down", async () => {
    const world = createWorld({ ...CODES, OTP_RESEND_COOLDOWN_SECONDS: "30" });
    await times(3, () => world.post(REQUEST, KIM));
    await world.flush();
    expect(await outbox.all()).toHaveLength(1);
  });

  it.each([
    ["with passwords", { LOGIN_METHODS: "password,email_code" }, KIM],
    ["without codes by mail", { LOGIN_METHODS: "passkey,phone_code" }, KIM],
    ["for a username", {}, { username: "kim" }],
    ["for what is no address", {}, { identifier: "kim@@example" }],
    ["for a number that gets no texts", {}, { phone: "+12025550144".slice(0, 8) }],
  ])("signs nobody up %s", async (_, settings, name) => {
    const world = createWorld({ ...CODES, ...settings });
    const before = await dumpRows();

    expect(await sentBy(world, REQUEST, name)).toEqual([]);
    expect(await dumpRows()).toEqual(before);
  });

  it("signs nobody up for the address of a disabled account", async () => {
    const { world, code } = await newcomer();
    await byCode(world, code, KIM);
    await verifyEmails();
    await env.DB.exec("update users set disabled_at = 1");

    expect(await sentBy(world, REQUEST, KIM)).toEqual([]);
    expect(await rows("pending_sign_ups")).toEqual([]);
  });
});
