import { env } from "cloudflare:workers";
import nodeCrypto from "node:crypto";
import { decodeJwt } from "jose";
import { describe, expect, it, vi } from "vitest";
import { interruptedD1 } from "../support/bindings.ts";
import { guess, statuses, told } from "../support/guesses.ts";
import { FRESH_PASSWORD, PASSWORD, WRONG_PASSWORD } from "../support/passwords.ts";
import { JANE, logIn, NEW, people } from "../support/people.ts";
import { atOnce, times } from "../support/race.ts";
import { disableUsers, eventCount, rowCount, rows } from "../support/rows.ts";
import { createWorld, createWorldWithJane, dumpRows, stopClock, unlock } from "../support/world.ts";

describe("failed logins", () => {
  it.each([
    ["an account", "janedoe"],
    ["an identifier that nobody has", "nobody"],
  ])("lock %s from the fifth on, doubling from 30 seconds to 15 minutes", async (_, identifier) => {
    const { world } = await createWorldWithJane();
    let now = Date.now();
    stopClock(now);
    expect(statuses(await times(5, () => guess(world, identifier)))).toEqual(Array(5).fill(401));

    for (const seconds of [30, 60, 120, 240, 480, 900, 900]) {
      expect(told(await guess(world, identifier))).toEqual([429, "too_many_attempts", `${seconds}`]);
      stopClock(now + seconds * 1000 - 1);
      expect(told(await guess(world, identifier))).toEqual([429, "too_many_attempts", "1"]);
      now += seconds * 1000;
      stopClock(now);
      expect((await guess(world, identifier)).status).toBe(401);
    }
  });

  it("get equal bytes at equal cost with and without an account", async () => {
    const { world } = await createWorldWithJane();
    stopClock(Date.now());

    const seen = async (identifier: string) => {
      const answers: unknown[] = [];
      for (let n = 0; n < 7; n++) {
        const cost = await world.cost(async () => {
          const { status, text, headers } = await guess(world, identifier);
          answers.push([status, text, [...headers]]);
        });
        answers.push(cost);
      }
      return answers;
    };

    expect(await seen("janedoe")).toEqual(await seen("nobody"));
  });

  it("cost no hash and no write while locked, even with the right password", async () => {
    const { world } = await createWorldWithJane();
    await times(5, () => guess(world));
    const scrypt = vi.spyOn(nodeCrypto, "scryptSync");
    const before = await dumpRows();

    const cost = await world.cost(async () => expect((await logIn(world, "janedoe", PASSWORD)).status).toBe(429));

    expect(cost).toEqual({ d1: 1, kv: 0, queue: 0 });
    expect(scrypt).not.toHaveBeenCalled();
    expect(await dumpRows()).toEqual(before);
  });

  it("are cleared by a success", async () => {
    const { world } = await createWorldWithJane();

    for (let n = 0; n < 3; n++) {
      expect(statuses(await times(4, () => guess(world)))).toEqual(Array(4).fill(401));
      expect((await logIn(world, "janedoe", PASSWORD)).status).toBe(200);
    }
  });

  it("are forgotten after a day and no sooner", async () => {
    const { world } = await createWorldWithJane();
    const start = Date.now();
    stopClock(start);
    await times(4, () => guess(world));

    stopClock(start + 86_399_999);
    await world.schedule();
    expect((await guess(world)).status).toBe(401);
    expect((await guess(world)).status).toBe(429);

    stopClock(start + 2 * 86_399_999 + 1);
    expect(statuses(await times(5, () => guess(world)))).toEqual(Array(5).fill(401));
    stopClock(start + 4 * 86_400_000);
    await world.schedule();
    expect(await rowCount("lockouts")).toBe(0);
  });

  it("are counted under every spelling of an identifier, which is not stored", async () => {
    const { world } = await createWorldWithJane();
    for (const spelling of ["jane.doe@example.com", "JANE.DOE@example.com", "janedoe", "JaneDoe", "+1 202 555 0123"]) {
      expect((await guess(world, spelling)).status).toBe(401);
    }
    for (const identifier of Object.values(JANE)) expect((await guess(world, identifier)).status).toBe(429);

    for (const spelling of ["nobody", "NoBody", "NOBODY", "nobodY", "nOBODY"]) await guess(world, spelling);
    // The database does not treat the Kelvin sign as a k, so the lockout must not either.
    for (const known of ["mike@example.com", "luke@example.com"]) {
      if (known.startsWith("mike")) await world.post("/auth/register", { email: known, password: PASSWORD });
      await times(5, () => guess(world, known));
      expect((await guess(world, known.replace("k", "\u212a"))).status).toBe(401);
    }
    expect((await guess(world, "nobody")).status).toBe(429);
    expect(JSON.stringify(await rows("lockouts")).toLowerCase()).not.toContain("nobody");
  });

  it("do not count for other identifiers", async () => {
    const { world } = await createWorldWithJane();
    for (const identifier of ["janedoe", "nobody"]) await times(5, () => guess(world, identifier));

    await world.post("/auth/register", { email: "john@example.com", password: PASSWORD });
    for (const identifier of ["john@example.com", "nobody@example.com", "nobodyelse", "+12025550199"]) {
      expect((await guess(world, identifier)).status).toBe(401);
    }
  });

  it("do not include logins with the right password that are refused otherwise", async () => {
    const { world } = await createWorldWithJane({ REQUIRE_VERIFICATION: "true" });
    expect(statuses(await times(8, () => logIn(world, "janedoe", PASSWORD)))).toEqual(Array(8).fill(403));

    await disableUsers();
    expect(statuses(await times(8, () => logIn(world, "janedoe", PASSWORD)))).toEqual(Array(8).fill(403));
    await times(5, () => guess(world));
    expect((await logIn(world, "janedoe", PASSWORD)).status).toBe(429);
  });
});

/** The lockout that other guesses caused. */
const BLOCK = "insert into lockouts (subject, failures, last_failed_at, locked_until) values (?, 5, ?, ?)";
const sub = (token: string) => decodeJwt(token).sub;

describe("concurrent guesses", () => {
  it("are compared only five times", async () => {
    const { world } = await createWorldWithJane();

    const answers = await atOnce(30, (n) => logIn(world, "janedoe", `wrong-horse-${n}`));

    expect(statuses(answers).filter((status) => status === 401)).toHaveLength(5);
    expect(statuses(answers).filter((status) => status === 429)).toHaveLength(25);
    // The guesses that came too late do not extend the lockout.
    expect(Number((await guess(world)).headers.get("retry-after"))).toBeLessThanOrEqual(30);
  });

  it.each([
    ["POST", "/auth/login", "password", { identifier: "janedoe" }],
    ["POST", "/users/me/password", "old_password", { new_password: FRESH_PASSWORD }],
    ["POST", "/users/me/password", "old_password", { new_password: JANE.email }],
    ["POST", "/users/me/email", "password", { email: NEW.email }],
    ["POST", "/users/me/email", "password", { email: JANE.email }],
    ["DELETE", "/users/me", "password", {}],
  ])(
    "at %s %s (%s, %j) that arrive after the lockout look the same whether right or wrong",
    async (method, path, field, body) => {
      const { own, world } = await people.jane.signedIn();
      const scrypt = vi.spyOn(nodeCrypto, "scryptSync");
      const block = () =>
        env.DB.prepare(BLOCK)
          .bind(sub(own.access_token), Date.now(), Date.now() + 60_000)
          .run();

      /** Everything that a client can observe. */
      const seen = async (password: string) => {
        await unlock();
        const late = createWorld({ SCRYPT_PARAMS: "ln=15,r=8,p=3", DB: interruptedD1(env.DB, 2, block) });
        const before = await dumpRows();
        scrypt.mockClear();
        const { d1 } = late.counts;
        const answer = await late.call(method, path, { token: own.access_token, body: { ...body, [field]: password } });
        const after = (await dumpRows()).slice(0, -1);
        expect(after).toEqual(before.slice(0, -1));
        return [answer.status, answer.json.code, late.counts.d1 - d1, scrypt.mock.calls.length];
      };

      const wrong = await seen(WRONG_PASSWORD);
      expect(await seen(PASSWORD)).toEqual(wrong);
      expect((await guess(world)).status).toBe(wrong[0] === 422 ? 401 : 429);
    },
  );

  it("leave only five events", async () => {
    const { world } = await createWorldWithJane();

    await atOnce(20, (n) => logIn(world, "janedoe", `wrong-horse-${n}`));

    expect(await eventCount("login_failed")).toBe(5);
  });

  it("all succeed with the right password", async () => {
    const { world } = await createWorldWithJane();

    const answers = await atOnce(15, () => logIn(world, "janedoe", PASSWORD));

    expect(statuses(answers)).toEqual(Array(15).fill(200));
  });
});
