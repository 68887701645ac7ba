import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { interruptedD1 } from "../support/bindings.ts";
import { outbox } from "../support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { JANE, NEW, people } from "../support/people.ts";
import { attemptCount, removeEmails, removePhones } from "../support/rows.ts";
import { createWorld, unlock } from "../support/world.ts";

const OLD = { email: JANE.email, phone: JANE.phone };

describe("adding a first address", () => {
  it("notifies the email address about the phone number", async () => {
    const { world, ask, confirm } = await people.jane.signedIn();
    await removePhones();
    await ask("phone", "01001234567");
    const message = await outbox.first();
    expect(message.to).toBe("+201001234567");
    await outbox.clear();

    expect((await confirm("phone", message.code)).status).toBe(200);
    await world.flush();

    expect(await outbox.all()).toMatchObject([{ to: OLD.email, subject: "Your phone number was changed" }]);
  });

  it("notifies the phone number about the email address", async () => {
    const { world, ask, confirm } = await people.jane.signedIn();
    await removeEmails();
    await ask("email", NEW.email);
    const { code } = await outbox.first();
    await outbox.clear();

    expect((await confirm("email", code)).status).toBe(200);
    await world.flush();

    expect(await outbox.all()).toMatchObject([{ to: OLD.phone, text: expect.stringContaining("email address") }]);
  });

  it("refuses a malformed phone number", async () => {
    const { status, json } = await (await people.jane.signedIn()).ask("phone", "x");

    expect([status, json.errors]).toEqual([
      422,
      [{ path: "phone", code: "invalid_format", message: "Must be a phone number." }],
    ]);
  });
});

describe("two accounts that want one address", () => {
  it("each receive a code, and the first to confirm gets the address", async () => {
    const { world, ask, confirm } = await people.jane.signedIn();
    await world.post("/auth/register", { email: "john@example.com", password: PASSWORD });
    const { json: john } = await world.post("/auth/login", { identifier: "john@example.com", password: PASSWORD });
    await world.flush();
    await outbox.clear();
    await ask("email", NEW.email);
    await ask("email", NEW.email, john.access_token);
    const [a, b] = await outbox.exactly(2);

    expect((await confirm("email", a.code, john.access_token)).status).toBe(400);
    expect((await confirm("email", b.code, john.access_token)).status).toBe(200);
    expect((await confirm("email", a.code)).status).toBe(400);
  });
});

describe("requesting a change of address", () => {
  it("looks the same whether the address is taken or free, also in the events", async () => {
    const { world, call, ask } = await people.jane.signedIn();
    await world.post("/auth/register", { email: "taken@example.com", password: PASSWORD });
    await world.post("/auth/forgot-password", { email: "taken@example.com" });
    await world.flush();
    const types = async () =>
      (await call("GET", "/users/me/events")).json.events.map(({ type }: { type: string }) => type).sort();
    const before = await types();
    const seen = [];

    for (const email of ["free@example.com", "taken@example.com"]) {
      for (let n = 0; n < 7; n++) await ask("email", email);
      seen.push(await types());
    }

    const [free, taken] = seen as [string[], string[]];
    const added = (after: string[], earlier: string[], type: string) =>
      after.filter((each) => each === type).length - earlier.filter((each) => each === type).length;
    for (const type of ["secret_sent", "message_withheld"]) {
      expect(added(taken, free, type), type).toBe(added(free, before, type));
      expect(added(taken, free, type), type).toBeGreaterThan(0);
    }
  });
});

describe("many pending changes of address", () => {
  it("allow ten comparisons an hour, against the newest two codes", async () => {
    const { ask, confirm } = await people.jane.signedIn();
    for (let n = 0; n < 12; n++) await ask("email", `new-${n}@example.com`);
    const codes = (await outbox.all()).map(({ code }) => code);
    const compared = attemptCount;
    const wrong = ["000000", "111111", "222222"].find((code) => !codes.includes(code)) ?? "333333";

    await confirm("email", wrong);
    expect(await compared()).toBe(2);
    expect((await confirm("email", codes[9]!)).status).toBe(400);
    for (let n = 0; n < 20; n++) {
      await confirm("email", wrong);
      await unlock();
    }
    expect(await compared()).toBe(10);
    expect((await confirm("email", codes[11]!)).status).toBe(400);
  });

  it("leave the newest two codes valid", async () => {
    const { ask, confirm } = await people.jane.signedIn();
    for (let n = 0; n < 3; n++) await ask("email", `new-${n}@example.com`);
    const [oldest, , newest] = await outbox.exactly(3);

    expect((await confirm("email", oldest.code)).status).toBe(400);
    expect((await confirm("email", newest.code)).status).toBe(200);
  });

  it("void neither codes of other users nor a newer one of the same user", async () => {
    const { world, own, ask, confirm } = await people.jane.signedIn();
    await world.post("/auth/register", { email: "john@example.com", password: PASSWORD });
    await world.flush();
    const { code: johns } = await outbox.first();
    await ask("email", NEW.email);
    const { code: otp } = await outbox.last();
    const DB = interruptedD1(env.DB, 2, async () => {
      expect((await confirm("email", otp)).status).toBe(200);
      await world.post("/auth/forgot-password", { identifier: NEW.email });
      await world.flush();
    });

    const token = own.access_token;
    const loser = await createWorld({ DB }).call("POST", "/users/me/email/confirm", { token, body: { otp } });
    expect(loser.status).toBe(400);

    expect((await world.post("/auth/verify", { email: "john@example.com", otp: johns })).status).toBe(204);
    const { token: link } = await outbox.last();
    const body = { token: link, new_password: FRESH_PASSWORD };
    expect((await world.post("/auth/reset-password", body)).status).toBe(204);
  });

  it("do not revive an old link when the old address returns", async () => {
    const { world, ask, confirm } = await people.jane.signedIn();
    await world.post("/auth/forgot-password", { identifier: OLD.email });
    await world.flush();
    const { token } = await outbox.first();
    for (const email of [NEW.email, OLD.email]) {
      await ask("email", email);
      expect((await confirm("email", (await outbox.last()).code)).status).toBe(200);
    }

    const body = { token, new_password: FRESH_PASSWORD };
    expect((await world.post("/auth/reset-password", body)).status).toBe(400);
  });

  it("send no notice about a taken address once they are confirmed", async () => {
    const { world, call, confirm } = await people.jane.signedIn();
    await call("POST", "/users/me/email", { email: NEW.email, password: PASSWORD });
    const message = { id: "m-", timestamp: new Date() };
    const [request] = world.sent.splice(0);
    await world.deliver([request], message);
    await confirm("email", (await outbox.first()).code);
    world.sent.length = 0;
    await outbox.clear();

    await world.deliver([request], { ...message, attempts: 2 });

    expect([await outbox.all(), world.sent]).toEqual([[], []]);
  });
});
