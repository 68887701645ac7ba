import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { interruptedD1 } from "../support/bindings.ts";
import { outbox } from "../support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD, WRONG_PASSWORD } from "../support/passwords.ts";
import { JANE, NEW, people } from "../support/people.ts";
import { atOnce } from "../support/race.ts";
import { eventSessions, firstRow, openSecretCount, prefer, verifyEmails, verifyPhones } from "../support/rows.ts";
import { createWorld, sidOf, stopClock, unlock } from "../support/world.ts";

const OLD = { email: JANE.email, phone: JANE.phone };

describe.each(["email", "phone"] as const)("a change of %s", (kind) => {
  it("takes effect by its code, ends other sessions and notifies the old address", async () => {
    const { world, own, other, ask, confirm, me } = await people.jane.signedIn();
    const before = sidOf(own.access_token);

    expect((await ask(kind, NEW[kind])).status).toBe(202);
    const message = await outbox.first();
    expect(message.to).toBe(NEW[kind]);
    expect(await me()).toMatchObject(OLD);
    await outbox.clear();

    expect((await confirm(kind, message.code)).status).toBe(200);
    await world.flush();

    expect(await me()).toMatchObject({ ...OLD, [kind]: NEW[kind], [`${kind}_verified`]: true });
    expect((await world.refresh(own.refresh_token)).status).toBe(200);
    expect((await world.refresh(other.refresh_token)).status).toBe(401);
    expect(await env.DENYLIST.get(`sid:${sidOf(other.access_token)}`)).not.toBeNull();
    expect(await outbox.all()).toMatchObject([{ to: OLD[kind], code: "" }]);
    expect(await eventSessions(`${kind}_changed`)).toEqual([before]);
    expect(sidOf(own.access_token)).not.toBe(before);
    expect(await env.DENYLIST.get(`sid:${before}`)).not.toBeNull();
    expect((await confirm(kind, message.code)).status).toBe(400);
  });

  it("is confirmed once when twenty requests race", async () => {
    const { ask, confirm } = await people.jane.signedIn();
    await ask(kind, NEW[kind]);
    const { code } = await outbox.first();

    const answers = await atOnce(20, () => confirm(kind, code));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => ![200, 400, 401, 429].includes(status))).toEqual([]);
  });

  it("requires the password and sends nothing without it", async () => {
    const { world, call } = await people.jane.signedIn();

    const body = { [kind]: NEW[kind], password: WRONG_PASSWORD };
    const { status, json } = await call("POST", `/users/me/${kind}`, body);

    expect([status, json.code]).toEqual([401, "invalid_credentials"]);
    expect(world.sent).toEqual([]);
  });

  it("requires an active session to request and to confirm it", async () => {
    const { world, own, ask, confirm } = await people.jane.signedIn();
    await ask(kind, NEW[kind]);
    const { code } = await outbox.first();
    await world.logout({ refresh_token: own.refresh_token });

    expect((await confirm(kind, code)).json.code).toBe("unauthenticated");
    expect((await ask(kind, NEW[kind])).json.code).toBe("unauthenticated");
    expect((await firstRow("users"))[kind]).toBe(OLD[kind]);
  });

  it("is not confirmed if the session ends or the password changes during the check", async () => {
    const { own, login, ask, world } = await people.jane.signedIn();
    const second = await login();
    const body = { old_password: PASSWORD, new_password: FRESH_PASSWORD };
    const changePassword = () => world.call("POST", "/auth/change-password", { token: own.access_token, body });
    const logout = () => world.logout({ refresh_token: second.refresh_token });

    const open = openSecretCount;

    for (const [act, { access_token: token }, left] of [
      [logout, second, 1],
      [changePassword, own, 0],
    ] as const) {
      await ask(kind, NEW[kind], token);
      const { code } = await outbox.last();
      const interrupted = createWorld({ DB: interruptedD1(env.DB, 2, act) });
      const { status } = await interrupted.call("POST", `/users/me/${kind}/confirm`, { token, body: { otp: code } });
      expect([status, await open()]).toEqual([400, left]);
    }
    expect((await firstRow("users"))[kind]).toBe(OLD[kind]);
  });

  it("to a taken address is not revealed, but its owner is notified", async () => {
    const { world, ask, confirm, me } = await people.jane.signedIn();
    await world.post("/auth/register", { [kind]: NEW[kind], password: PASSWORD });
    await world.flush();
    await outbox.clear();

    const free = await ask(kind, kind === "email" ? "free@example.com" : "+12025550155");
    const taken = await ask(kind, NEW[kind]);

    expect([taken.status, taken.text]).toEqual([free.status, free.text]);
    const told = await outbox.last();
    expect(await outbox.all()).toHaveLength(2);
    expect(told).toMatchObject({ to: NEW[kind], code: "" });
    expect(told.text).toContain("You already have an account");
    expect((await confirm(kind, "123456")).json.code).toBe("invalid_code");
    expect(await me()).toMatchObject(OLD);
  });

  it("fails if another account takes the address first", async () => {
    const { world, ask, confirm, me } = await people.jane.signedIn();
    await ask(kind, NEW[kind]);
    const { code } = await outbox.first();
    await world.post("/auth/register", { [kind]: NEW[kind], password: PASSWORD });

    expect((await confirm(kind, code)).json.code).toBe("invalid_code");
    expect(await me()).toMatchObject(OLD);
  });

  it("to the current address is refused if that is verified", async () => {
    const { ask, world } = await people.jane.signedIn();
    await verifyEmails();
    await verifyPhones();

    const { status, json } = await ask(kind, OLD[kind].toUpperCase());

    expect([status, json.errors[0].path]).toEqual([422, kind]);
    expect(world.sent).toEqual([]);
  });

  it("voids another change that is pending, whose code confirms neither", async () => {
    const { ask, confirm, me } = await people.jane.signedIn();
    const second = kind === "email" ? "second@example.com" : "+12025550166";
    await ask(kind, NEW[kind]);
    await ask(kind, second);
    const [a, b] = await outbox.exactly(2);

    expect((await confirm(kind, a.code)).status).toBe(200);
    expect((await me())[kind]).toBe(NEW[kind]);
    for (const { code } of [a, b]) expect((await confirm(kind, code)).status).toBe(400);
    expect((await me())[kind]).toBe(NEW[kind]);
  });

  it("is not confirmed by a code for another purpose", async () => {
    const { world, ask, confirm, me } = await people.jane.signedIn();
    await prefer(kind);
    await ask(kind, NEW[kind]);
    await outbox.clear();
    await world.post("/auth/verify/resend", { identifier: OLD[kind] });
    await world.post("/auth/request-reset", { identifier: OLD[kind] });
    await world.flush();

    const [verification, reset] = await outbox.exactly(2);
    expect((await confirm(kind, verification.code)).status).toBe(400);
    // A mail has a code of eight digits, which is malformed here.
    expect((await confirm(kind, reset.code)).status).toBe(kind === "email" ? 422 : 400);
    expect(await me()).toMatchObject(OLD);
  });

  it("has a code that expires, and is void after five attempts", async () => {
    const start = Date.now();
    stopClock(start);
    const { ask, confirm } = await people.jane.signedIn();
    await ask(kind, NEW[kind]);
    const { code } = await outbox.first();
    stopClock(start + 300_000);
    expect((await confirm(kind, code)).status).toBe(400);

    await ask(kind, NEW[kind]);
    const { code: next } = await outbox.last();
    const wrong = String((Number(next) + 1) % 1_000_000).padStart(6, "0");
    for (let n = 0; n < 5; n++) {
      expect((await confirm(kind, wrong)).status).toBe(400);
      await unlock();
    }
    expect((await confirm(kind, next)).status).toBe(400);
  });

  it("voids every open link and code", async () => {
    const { world, ask, confirm } = await people.jane.signedIn();
    await prefer(kind);
    await world.post("/auth/verify/resend", { identifier: OLD[kind] });
    await world.post("/auth/request-reset", { identifier: OLD[kind] });
    await world.flush();
    await verifyEmails();
    await verifyPhones();
    await world.post("/auth/forgot-password", { identifier: "janedoe" });
    await ask(kind, NEW[kind]);
    const [verify, reset, link, change] = await outbox.exactly(4);
    await confirm(kind, change.code);

    const new_password = FRESH_PASSWORD;
    for (const identifier of ["janedoe", OLD[kind], NEW[kind]]) {
      expect((await world.post("/auth/verify", { identifier, otp: verify.code })).status).toBe(400);
      const { status } = await world.post("/auth/verify-reset", { identifier, otp: reset.code, new_password });
      expect(status).toBe(400);
    }
    const byLink = await world.post("/auth/reset-password", { token: link.token, new_password });
    expect(byLink.status).toBe(400);
  });
});
