import nodeCrypto from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { guess, statuses } from "../support/guesses.ts";
import { NO_COOLDOWN, outbox } from "../support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { JANE, logIn, NEW, people } from "../support/people.ts";
import { atOnce, count, times } from "../support/race.ts";
import { prefer, rowCount, rows, unverifyAddresses, verifyAddresses } from "../support/rows.ts";
import { createWorldWithJane, stopClock, unlock } from "../support/world.ts";

/** Jane, who can request links and codes. */
async function sent() {
  const they = await createWorldWithJane(NO_COOLDOWN);
  await verifyAddresses();
  const ask = async (path: string, identifier: string) => {
    await they.world.post(path, { identifier });
    await they.world.flush();
    return outbox.last();
  };
  const byCode = (otp: string, new_password = FRESH_PASSWORD) =>
    they.world.post("/auth/verify-reset", { identifier: JANE.phone, otp, new_password });
  const byLink = (token: string) => they.world.post("/auth/reset-password", { token, new_password: FRESH_PASSWORD });
  return { ...they, ask, byCode, byLink };
}

const wrong = (code: string, n: number) => String((Number(code) + n) % 1_000_000).padStart(6, "0");

/** Vulnerabilities of other projects, by their ids, in secrets and guessing. */
describe("known failures of other services", () => {
  it("better-auth#8067, #9993: a code is accepted once and compared five times under fifty racing uses", async () => {
    const { ask, byCode } = await sent();
    const { code } = await ask("/auth/request-reset", JANE.phone);
    const guesses = await atOnce(50, (n) => byCode(wrong(code, n + 1)));
    expect(statuses(guesses).filter((status) => status === 400)).toHaveLength(5);
    await unlock();
    expect((await byCode(code)).status).toBe(400);

    const fresh = await ask("/auth/request-reset", JANE.phone);
    await unlock();
    const uses = await atOnce(50, () => byCode(fresh.code));
    expect(statuses(uses).filter((status) => status === 204)).toHaveLength(1);
  });

  it("GHSA-hc7v-rggr-4hvx, CVE-2026-28268: a link works once, expires, and is purged", async () => {
    const start = Date.now();
    stopClock(start);
    const { world, ask, byLink } = await sent();
    const { token } = await ask("/auth/forgot-password", "janedoe");
    expect((await byLink(token)).status).toBe(204);
    expect((await byLink(token)).status).toBe(400);
    const old = await ask("/auth/forgot-password", "janedoe");

    stopClock(start + 600_000);
    expect((await byLink(old.token)).status).toBe(400);
    stopClock(start + 600_000 + 86_400_001);
    await world.schedule();
    expect((await byLink(old.token)).status).toBe(400);
    expect(await rowCount("one_time_secrets")).toBe(0);
  });

  it("AuthQuake, better-auth#10240: new codes do not allow more guesses", async () => {
    const { world, ask, byCode } = await sent();
    await unverifyAddresses();
    await prefer("phone");
    const seen: number[] = [];
    for (let n = 0; n < 10; n++) {
      const { code } = await ask(n % 2 ? "/auth/request-reset" : "/auth/verify/resend", JANE.phone);
      for (let guess = 1; guess <= 3; guess++) {
        const body = { identifier: JANE.phone, otp: wrong(code, guess) };
        seen.push((n % 2 ? await byCode(body.otp) : await world.post("/auth/verify", body)).status);
      }
    }

    expect(count(seen, 400)).toBe(5);
    expect((await logIn(world, "janedoe", PASSWORD)).status).toBe(429);
  });

  it("CVE-2026-35597: a wrong guess is counted even if its request fails", async () => {
    const { world, ask, byCode } = await sent();
    const { code } = await ask("/auth/request-reset", JANE.phone);
    for (let n = 1; n <= 5; n++) await byCode(wrong(code, n));

    const counts = await rows("lockouts");
    expect(counts.map(({ failures, locked_until }) => [failures, locked_until > Date.now()])).toEqual([
      [5, false],
      [5, true],
    ]);
    expect((await byCode(code)).status).toBe(429);
    expect((await logIn(world, "janedoe", PASSWORD)).status).toBe(429);
  });

  it("CVE-2026-9798: a lockout applies to every way in that can be guessed", async () => {
    const { world, call, confirm } = await people.jane.signedIn();
    await times(5, () => guess(world));

    const ways = [
      await logIn(world, JANE.email, PASSWORD),
      await world.form("/auth/login", { username: JANE.phone, password: PASSWORD }),
      await world.post("/auth/verify", { email: JANE.email, otp: "000000" }),
      await world.post("/auth/verify-reset", { email: JANE.email, otp: "000000", new_password: FRESH_PASSWORD }),
    ];
    expect(statuses(ways)).toEqual(Array(4).fill(429));

    await times(5, () => confirm("email", "000000"));
    const inside = [
      await call("POST", "/users/me/password", { old_password: PASSWORD, new_password: FRESH_PASSWORD }),
      await call("POST", "/users/me/phone", { phone: NEW.phone, password: PASSWORD }),
      await call("DELETE", "/users/me", { password: PASSWORD }),
      await confirm("email", "000000"),
    ];
    expect(statuses(inside)).toEqual(Array(4).fill(429));
  });

  it("GHSA-3529-5m8x-rpv3: a forged Host header does not change a link", async () => {
    const { world } = await sent();
    const evil = { host: "evil.test", "x-forwarded-host": "evil.test", forwarded: "host=evil.test" };
    await world.post("/auth/forgot-password", { identifier: "janedoe" }, evil);
    await world.flush();

    const { text } = await outbox.first();
    expect(text).toContain("https://auth.test/reset-password?token=");
    expect(text).not.toContain("evil");
  });

  it("CVE-2023-7028, CVE-2022-35924: a list of addresses is refused, and mail goes to the stored address only", async () => {
    const { world } = await sent();
    const evil = "evil@example.com";
    const bodies = [
      JSON.stringify({ email: [JANE.email, evil] }),
      JSON.stringify({ email: `${JANE.email},${evil}` }),
      JSON.stringify({ email: `${JANE.email}\r\nBcc: ${evil}` }),
      `{"email":"${JANE.email}","email":"${evil}"}`,
      JSON.stringify({ email: { $ne: evil } }),
    ];
    for (const body of bodies) {
      for (const path of ["/auth/forgot-password", "/auth/request-reset", "/auth/verify/resend"]) {
        const headers = { "content-type": "application/json" };
        expect([202, 400, 422]).toContain((await world.send(path, { method: "POST", headers, body })).status);
      }
    }
    await world.flush();

    expect(await outbox.all()).toEqual([]);
  });

  it("CVE-2019-19844, GHSA-7rqj-j65f-68wh: a look-alike address does not match an account", async () => {
    const { world } = await sent();
    for (const email of ["ȷane.doe@example.com", "jane.doe@examp1e.com", "jane.doé@example.com"]) {
      await world.post("/auth/forgot-password", { email });
    }
    await world.flush();
    expect(await outbox.all()).toEqual([]);

    await world.post("/auth/forgot-password", { email: "Jane.Doe@Example.COM" });
    await world.flush();
    expect((await outbox.all()).map(({ to }) => to)).toEqual([JANE.email]);
  });

  it("CVE-2026-32700, CVE-2019-16109: a code confirms only its own change, and an empty code none", async () => {
    const { ask, confirm, me } = await people.jane.signedIn();
    await ask("email", "first@example.com");
    await ask("email", "second@example.com");
    const first = await outbox.first();

    expect((await confirm("email", "")).status).toBe(422);
    expect((await confirm("email", first.code)).status).toBe(200);
    expect((await me()).email).toBe("first@example.com");
  });

  it("CVE-2026-40263, better-auth#10605: an unknown user and a wrong password cost and answer the same", async () => {
    const { world } = await sent();
    const scrypt = vi.spyOn(nodeCrypto, "scryptSync");
    const answers: unknown[] = [];
    for (const identifier of ["janedoe", "nobody", "nobody@example.com", "+12025550199"]) {
      scrypt.mockClear();
      const { status, text } = await guess(world, identifier);
      answers.push([status, text, scrypt.mock.calls.length]);
    }

    expect(answers).toEqual(Array(4).fill([401, expect.stringContaining("invalid_credentials"), 1]));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  it("emdash#3298, supabase/auth#1214: a GET or HEAD does not use up a link", async () => {
    const { world, ask, byLink } = await sent();
    const { token } = await ask("/auth/forgot-password", "janedoe");

    for (const method of ["GET", "HEAD", "OPTIONS"]) {
      await world.send(`/reset-password?token=${token}`, { method });
      await world.send(`/auth/reset-password/${token}`, { method });
    }
    expect((await byLink(token)).status).toBe(204);
  });
});
