import { describe, expect, it } from "vitest";
import { outbox } from "../support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { JANE, NEW, people, wrongCode } from "../support/people.ts";
import { eventTypes, verifyEmails } from "../support/rows.ts";
import { stopClock, unlock } from "../support/world.ts";

const { phone: PHONE, email: EMAIL } = JANE;

/** Jane, who has received a reset code by text. */
async function requestedCode() {
  const jane = await people.jane.requestedResetCode(PHONE);
  /** Sends this number of wrong codes, one after the other. */
  const guess = async (code: string, times: number, device = {}) => {
    for (let n = 1; n <= times; n++) {
      expect(await jane.reset(wrongCode(code, n), PHONE, FRESH_PASSWORD, device)).toBe(400);
      await unlock();
    }
  };
  return { ...jane, guess };
}

describe("a reset code", () => {
  it("allows ten attempts a day in total, however often it is sent again", async () => {
    const start = Date.now();
    stopClock(start);
    const { world, message, request, reset, guess } = await requestedCode();
    await guess(message.code, 5);
    await guess((await request()).code, 4);
    const { code } = await request();
    await guess(code, 1);

    expect(await reset(code)).toBe(400);
    stopClock(start + 86_399_000);
    await world.schedule();
    await outbox.clear();
    await expect(request()).rejects.toThrow("no message was delivered");
    expect((await eventTypes()).at(-1)).toBe("message_withheld");
    stopClock(start + 86_400_000);
    expect(await reset((await request()).code)).toBe(204);
  });

  it("leaves the link to reset the password by, once its attempts of the day are used up", async () => {
    const { world, message, request, guess } = await requestedCode();
    await guess(message.code, 5);
    await guess((await request()).code, 5);
    await verifyEmails();

    await world.post("/auth/forgot-password", { identifier: EMAIL });
    await world.flush();

    const { token } = await outbox.last();
    expect((await world.post("/auth/reset-password", { token, new_password: FRESH_PASSWORD })).status).toBe(204);
  });

  it("that the owner requested has attempts that strangers' codes do not use up", async () => {
    const { world, jane, message, request, reset, guess, login } = await requestedCode();
    const { device_token } = await login();
    await guess(message.code, 5);
    await guess((await request()).code, 5);
    await outbox.clear();
    const asOwner = () =>
      world.deliver(
        [
          {
            kind: "password-reset-code",
            identifier: { kind: "phone", value: PHONE },
            trusted: { user_id: jane.id, credential_version: 0 },
          },
        ],
        { id: crypto.randomUUID() },
      );

    for (let codes = 0; codes < 2; codes++) {
      await asOwner();
      await guess((await outbox.last()).code, 5, { device_token });
    }
    await outbox.clear();
    await asOwner();
    expect(await outbox.all()).toEqual([]);
    stopClock(Date.now() + 86_400_000);
    await asOwner();
    expect(await reset((await outbox.only()).code)).toBe(204);
  });

  it("is not affected by attempts at codes that verify an address, nor are they by its own", async () => {
    const { world, message, guess, reset } = await requestedCode();
    const resend = async () => {
      await world.post("/auth/verify/resend", { identifier: PHONE });
      await world.flush();
      return (await outbox.last()).code;
    };
    const verify = async (otp: string) => (await world.post("/auth/verify", { identifier: PHONE, otp })).status;
    for (let codes = 0; codes < 2; codes++) {
      const code = await resend();
      for (let n = 1; n <= 5; n++) {
        expect(await verify(wrongCode(code, n))).toBe(400);
        await unlock();
      }
    }

    await guess(message.code, 4);
    expect(await reset(message.code)).toBe(204);
  });

  it("leaves the codes of the owner's session alone when strangers use up its attempts", async () => {
    const { world, message, login, request, guess } = await requestedCode();
    const { access_token: token } = await login();
    await world.call("POST", "/users/me/phone", { token, body: { phone: NEW.phone, password: PASSWORD } });
    await world.flush();
    const { code: otp } = await outbox.last();
    await guess(message.code, 5);
    await guess((await request()).code, 5);

    expect((await world.call("POST", "/users/me/phone/confirm", { token, body: { otp } })).status).toBe(200);
  });
});
