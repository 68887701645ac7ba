import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { interruptedD1 } from "../support/bindings.ts";
import { outbox } from "../support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { JANE, logIn, people } from "../support/people.ts";
import { count, race } from "../support/race.ts";
import {
  disableUsers,
  eventCount,
  firstRow,
  removeEmails,
  replaceEmails,
  repurposeSecrets,
  rowCount,
} from "../support/rows.ts";
import { createWorld, ISSUER, stopClock, type World } from "../support/world.ts";

const canLogIn = async (world: World, password: string) => (await logIn(world, JANE.username, password)).status === 200;

describe("a reset link", () => {
  it("is mailed to the account's address, leads to this service and works once", async () => {
    const { world, reset, mail, jane } = await people.jane.requestedReset();
    expect(mail).toMatchObject({ to: jane.email, subject: "Reset your password" });
    expect(mail.text).toContain(`${ISSUER}/reset-password?token=${mail.token}`);
    expect(mail.token).toMatch(/^[\w-]{43}$/);

    expect((await reset(mail.token)).status).toBe(204);

    expect([await canLogIn(world, FRESH_PASSWORD), await canLogIn(world, PASSWORD)]).toEqual([true, false]);
    const again = await reset(mail.token, "another-horse-9");
    expect([again.status, again.json.code]).toEqual([400, "invalid_token"]);
  });

  it("works with the token in the path, under both prefixes", async () => {
    const { world, mail, request } = await people.jane.requestedReset();

    expect((await world.post(`/auth/reset-password/${mail.token}`, { new_password: FRESH_PASSWORD })).status).toBe(204);
    const { token } = await request();
    expect((await world.post(`/api/v1/auth/reset-password/${token}`, { new_password: FRESH_PASSWORD })).status).toBe(
      204,
    );
  });

  it("can be requested by email, phone or username in any spelling", async () => {
    const { world } = await people.jane.requestedReset();
    await outbox.clear();

    for (const body of [{ email: "Jane.Doe@EXAMPLE.com" }, { phone: "+1 202 555-0123" }, { username: "JaneDoe" }]) {
      await world.post("/auth/forgot-password", body);
    }
    await world.flush();

    expect((await outbox.all()).map(({ to }) => to)).toEqual(Array(3).fill("jane.doe@example.com"));
  });

  it("is accepted once when fifty requests race", async () => {
    const { world, reset, mail } = await people.jane.requestedReset();

    const statuses = await race(50, (n) => reset(mail.token, `racing-horse-${n}`));

    expect(count(statuses, 204)).toBe(1);
    expect(statuses.filter((status) => ![204, 400, 503].includes(status))).toEqual([]);
    expect(await canLogIn(world, `racing-horse-${statuses.indexOf(204)}`)).toBe(true);
    expect(await eventCount("password_reset")).toBe(1);
  });

  it("voids an older link and no newer one", async () => {
    const { reset, mail, request } = await people.jane.requestedReset();
    const { token } = await request();

    expect((await reset(mail.token)).status).toBe(400);
    expect((await reset(token)).status).toBe(204);
  });

  it.each([
    [599, 204],
    [600, 400],
  ])("after %i seconds answers %i", async (seconds, status) => {
    const start = Date.now();
    stopClock(start);
    const { reset, mail } = await people.jane.requestedReset();
    expect(mail.text).toContain("10 minutes");

    stopClock(start + seconds * 1000);

    expect((await reset(mail.token)).status).toBe(status);
  });

  it("is stored only as a hash", async () => {
    const { mail } = await people.jane.requestedReset();

    const row = await firstRow("one_time_secrets");

    expect(JSON.stringify(row)).not.toContain(mail.token);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(mail.token)));
    expect(row).toMatchObject({
      digest: btoa(String.fromCharCode(...digest))
        .replace(/\+/g, "-")
        .replace(/\//g, "_")
        .replace(/=/g, ""),
    });
  });

  it("is refused after the account's address changed", async () => {
    const { world, reset, mail } = await people.jane.requestedReset();
    await replaceEmails();

    expect((await reset(mail.token)).status).toBe(400);
    expect(await canLogIn(world, PASSWORD)).toBe(true);
  });

  it("is neither accepted nor sent for a disabled account", async () => {
    const { reset, mail, ask } = await people.jane.requestedReset();
    await disableUsers();

    expect((await reset(mail.token)).status).toBe(400);
    await outbox.clear();
    await ask();
    expect(await outbox.all()).toEqual([]);
  });

  it("is refused after a password change", async () => {
    const { world, reset, mail, login } = await people.jane.requestedReset();
    const body = { old_password: PASSWORD, new_password: "changed-horse-8" };
    await world.call("POST", "/auth/change-password", { token: (await login()).access_token, body });

    expect((await reset(mail.token)).status).toBe(400);
    expect(await canLogIn(world, "changed-horse-8")).toBe(true);
  });

  it("is refused if it was issued for another purpose", async () => {
    const { mail, reset } = await people.jane.requestedReset();
    await repurposeSecrets();

    expect((await reset(mail.token)).status).toBe(400);
  });

  it("is not sent to an account without an email address", async () => {
    const { ask } = await people.jane.requestedReset();
    await removeEmails();
    await outbox.clear();

    await ask();
    expect(await outbox.all()).toEqual([]);
  });

  it.each(["", "x", "x".repeat(43), "x".repeat(4096), "../..", "%00"])(
    "is refused if it is malformed or unknown (%#)",
    async (token) => {
      const world = createWorld();

      const { status, json } = await world.post("/auth/reset-password", { token, new_password: FRESH_PASSWORD });

      expect([status, json.code]).toEqual([400, "invalid_token"]);
    },
  );

  it("stays valid if the new password is refused", async () => {
    const { world, mail, reset } = await people.jane.requestedReset();
    const token = mail.token;

    for (const body of [
      { token, new_password: "short" },
      { token, new_password: FRESH_PASSWORD, confirm_password: "different-8" },
      { token },
    ]) {
      expect((await world.post("/auth/reset-password", body)).status).toBe(422);
    }
    expect((await reset(token)).status).toBe(204);
  });
});

describe("after a reset by link", () => {
  it("all sessions and secrets are void, the address is verified and the owner is notified", async () => {
    const { world, login, reset, mail, jane } = await people.jane.requestedReset();
    const sessions = [await login(), await login()];
    await world.post("/auth/request-reset", { identifier: jane.email });
    await world.post("/auth/verify/resend", { identifier: jane.email });
    await world.flush();
    const [resetCode, verifyCode] = (await outbox.all()).slice(-2).map(({ code }) => code);
    await outbox.clear();

    expect((await reset(mail.token)).status).toBe(204);
    await world.flush();

    for (const { access_token, refresh_token } of sessions) {
      expect((await world.me(access_token)).status).toBe(401);
      expect((await world.refresh(refresh_token)).status).toBe(401);
    }
    const byCode = { identifier: jane.email, otp: resetCode, new_password: "third-horse-9" };
    expect((await world.post("/auth/verify-reset", byCode)).json.code).toBe("invalid_code");
    const verify = { identifier: jane.email, otp: verifyCode };
    expect((await world.post("/auth/verify", verify)).json.code).toBe("invalid_code");
    expect(await outbox.all()).toMatchObject([{ to: jane.email, subject: "Your password was changed" }]);

    const tokens = await logIn(world, "janedoe", FRESH_PASSWORD);
    const { json } = await world.me(tokens.json.access_token);
    expect([json.email_verified, json.phone_verified]).toEqual([true, false]);
  });

  it("a login that started with the old password opens no session", async () => {
    const { reset, mail } = await people.jane.requestedReset();
    const DB = interruptedD1(env.DB, 2, () => reset(mail.token));

    const { json } = await createWorld({ DB }).post("/auth/login", { identifier: "janedoe", password: PASSWORD });

    expect(json.code).toBe("invalid_credentials");
    expect(await rowCount("sessions")).toBe(0);
  });

  it("a second use that lost the race ends no session", async () => {
    const { world, reset, mail } = await people.jane.requestedReset();
    let session = { refresh_token: "" };
    const DB = interruptedD1(env.DB, 2, async () => {
      await reset(mail.token);
      session = (await logIn(world, "janedoe", FRESH_PASSWORD)).json;
    });

    const body = { token: mail.token, new_password: "losing-horse-9" };
    expect((await createWorld({ DB }).post("/auth/reset-password", body)).status).toBe(400);

    expect((await world.refresh(session.refresh_token)).status).toBe(200);
  });

  it("other users keep their sessions and secrets", async () => {
    const { world, reset, mail } = await people.jane.requestedReset();
    const john = { email: "john@example.com", password: PASSWORD };
    await world.post("/auth/register", john);
    const { json } = await world.post("/auth/login", john);
    await world.flush();
    const { code: otp } = await outbox.last();

    expect((await reset(mail.token)).status).toBe(204);

    expect((await world.refresh(json.refresh_token)).status).toBe(200);
    expect((await world.post("/auth/verify", { email: john.email, otp })).status).toBe(204);
  });
});
