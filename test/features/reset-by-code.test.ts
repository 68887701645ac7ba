import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { NO_COOLDOWN, outbox, sentBy } from "../support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { JANE, logIn, people, wrongCode } from "../support/people.ts";
import { atOnce, count } from "../support/race.ts";
import { attemptCount, firstRow, repurposeSecrets, rows, verifyAddresses } from "../support/rows.ts";
import { createWorld, stopClock, unlock } from "../support/world.ts";

const { phone: PHONE, email: EMAIL } = JANE;

/** Jane, who has requested a code at this identifier and received it. */
async function requestedCode(identifier = PHONE) {
  const jane = await people.jane.requestedResetCode(identifier);
  const logsIn = async (password: string) => (await logIn(jane.world, JANE.username, password)).status === 200;
  /** Sends this number of wrong codes, one after the other. */
  const guess = async (code: string, times: number) => {
    for (let n = 1; n <= times; n++) {
      expect(await jane.reset(wrongCode(code, n))).toBe(400);
      await unlock();
    }
  };
  return { ...jane, guess, logsIn };
}

describe("a reset code", () => {
  it.each([
    [PHONE, PHONE, 6],
    [EMAIL, EMAIL, 8],
    ["janedoe", EMAIL, 8],
  ])("requested for %s is sent to %s with %i digits and works once", async (identifier, to, digits) => {
    const { reset, logsIn, message } = await requestedCode(identifier);
    expect(message.to).toBe(to);
    expect(message.code).toHaveLength(digits);

    expect(await reset(message.code)).toBe(204);

    expect([await logsIn(FRESH_PASSWORD), await logsIn(PASSWORD)]).toEqual([true, false]);
    expect(await reset(message.code)).toBe(400);
  });

  it("requested by username is sent to the preferred contact", async () => {
    const { world, login, request } = await requestedCode();
    await verifyAddresses();
    await world.call("PATCH", "/users/me", { token: (await login()).access_token, body: { contact: "phone" } });

    expect((await request("janedoe")).to).toBe(PHONE);
  });

  it("ends its text message with the origin-bound line that phones fill in", async () => {
    const { message } = await requestedCode();

    expect(message.text).toBe(
      `${message.code} is your code to reset your auth.test password. Don't share it.\n\n@auth.test #${message.code}`,
    );
  });

  it("is compared at most five times when fifty guesses race, then refuses the right code", async () => {
    const { message, reset } = await requestedCode();

    const statuses = await atOnce(50, (n) => reset(wrongCode(message.code, n + 1)));

    expect(count(statuses, 400)).toBe(5);
    expect(count(statuses, 429)).toBe(45);
    expect(await attemptCount()).toBe(5);
    await unlock();
    expect(await reset(message.code)).toBe(400);
    const attempted = (await rows("audit_events")).filter(({ type }) => type === "otp_attempted");
    expect(attempted.map(({ user_id }) => user_id)).toEqual(Array(6).fill((await firstRow("users")).id));
  });

  it("is accepted on the fifth attempt", async () => {
    const { message, reset, guess } = await requestedCode();
    await guess(message.code, 4);

    expect(await reset(message.code)).toBe(204);
  });

  it("is accepted once when fifty requests race", async () => {
    const { message, reset, logsIn } = await requestedCode();

    const statuses = await atOnce(50, (n) => reset(message.code, PHONE, `racing-horse-${n}`));

    expect(count(statuses, 204)).toBe(1);
    expect(statuses.filter((status) => ![204, 400, 429].includes(status))).toEqual([]);
    expect(await logsIn(`racing-horse-${statuses.indexOf(204)}`)).toBe(true);
  });

  it("is not affected by attempts made while no code was open", async () => {
    const start = Date.now();
    stopClock(start);
    const { message, request, reset, guess } = await requestedCode();
    stopClock(start + 300_000);
    await guess(message.code, 20);

    expect(await reset((await request()).code)).toBe(204);
  });

  it.each(["12345", "1234567", "123456789", "12345a", "------"])(
    "in the form %j is refused as malformed",
    async (otp) => {
      const { reset } = await requestedCode();

      expect(await reset(otp)).toBe(422);
    },
  );

  it("voids an older code, also at the other address", async () => {
    const { message, request, reset } = await requestedCode(PHONE);
    await verifyAddresses();
    const second = await request(EMAIL);

    expect(await reset(message.code, PHONE)).toBe(400);
    expect(await reset(second.code, EMAIL)).toBe(204);
  });

  it.each([
    [299, 204],
    [300, 400],
  ])("after %i seconds answers %i", async (seconds, status) => {
    const start = Date.now();
    stopClock(start);
    const { message, reset } = await requestedCode();

    stopClock(start + seconds * 1000);

    expect(await reset(message.code)).toBe(status);
  });

  it("works only at the address that it was sent to", async () => {
    const { message, reset } = await requestedCode(PHONE);

    expect(await reset(message.code, EMAIL)).toBe(400);
    expect(await reset(message.code, PHONE)).toBe(204);
  });

  it("works only for its own account", async () => {
    const { world, message, reset, request } = await requestedCode();
    const john = { phone: "+12025550177", password: PASSWORD };
    await world.post("/auth/register", john);
    await request(john.phone);

    expect(await reset(message.code, john.phone)).toBe(400);
    // Not even if the row is copied: the digest covers user and purpose.
    await env.DB.exec(
      "update one_time_secrets set digest = (select digest from one_time_secrets where address = '+12025550123')",
    );
    expect(await reset(message.code, john.phone)).toBe(400);
  });

  it("works only for its own purpose", async () => {
    const { world, message, login } = await requestedCode();
    const { access_token: token } = await login();
    const otp = message.code;

    expect((await world.post("/auth/verify", { identifier: PHONE, otp })).status).toBe(400);
    for (const kind of ["email", "phone"]) {
      expect((await world.call("POST", `/users/me/${kind}/confirm`, { token, body: { otp } })).status).toBe(400);
    }
    // Not even if the row claims the other purpose.
    await repurposeSecrets();
    expect((await world.post("/auth/verify", { identifier: PHONE, otp })).status).toBe(400);
  });

  it("works only under the pepper that it was made with, also after a rotation", async () => {
    const { message, reset } = await requestedCode();
    const other = "x".repeat(43);

    const body = { identifier: PHONE, otp: message.code, new_password: FRESH_PASSWORD };
    expect((await createWorld({ PEPPER: other }).post("/auth/verify-reset", body)).status).toBe(400);
    expect((await createWorld({ PEPPER: `${other},${env.PEPPER}` }).post("/auth/verify-reset", body)).status).toBe(204);
    expect(await reset(message.code)).toBe(400);
  });

  it("is not sent for an unknown identifier, with the same answers as for a known one", async () => {
    const { world } = await requestedCode();
    await outbox.clear();

    for (const identifier of ["nobody@example.com", "+12025550199", "nobody", "12", "@", "mıke@example.com"]) {
      expect((await world.post("/auth/request-reset", { identifier })).status).toBe(202);
      const body = { identifier, otp: "123456", new_password: FRESH_PASSWORD };
      expect((await world.post("/auth/verify-reset", body)).json.code).toBe("invalid_code");
    }
    await world.flush();

    expect(await outbox.all()).toEqual([]);
  });

  it("verifies only the address that it was sent to", async () => {
    const { world, message, reset } = await requestedCode(EMAIL);
    await reset(message.code);

    const { json } = await logIn(world, "janedoe", FRESH_PASSWORD);
    const { json: jane } = await world.me(json.access_token);

    expect([jane.email_verified, jane.phone_verified]).toEqual([true, false]);
  });

  it("goes to no number that was never verified, which gets a code that verifies it", async () => {
    const world = createWorld(NO_COOLDOWN);
    await world.post("/auth/register", { phone: PHONE, password: PASSWORD });
    const ask = async () => (await sentBy(world, "/auth/request-reset", { phone: PHONE }))[0]!;
    const reset = async (otp: string) => {
      const body = { phone: PHONE, otp, new_password: FRESH_PASSWORD };
      return (await world.post("/auth/verify-reset", body)).status;
    };

    const { code: otp, text } = await ask();

    expect(text).toContain("is your code to verify this phone number");
    expect(await reset(otp)).toBe(400);
    expect((await world.post("/auth/verify", { phone: PHONE, otp })).status).toBe(204);
    expect(await reset((await ask()).code)).toBe(204);
  });
});
