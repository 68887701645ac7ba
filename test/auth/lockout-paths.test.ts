import { describe, expect, it } from "vitest";
import { guess, statuses, told } from "../support/guesses.ts";
import { fillHashQueue } from "../support/hash-queue.ts";
import { NO_COOLDOWN, outbox, PROVIDERS } from "../support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD, WRONG_PASSWORD } from "../support/passwords.ts";
import { JANE, logIn, NEW, people } from "../support/people.ts";
import { times } from "../support/race.ts";
import { verifyPhones } from "../support/rows.ts";
import { type Answer, createWorldWithJane } from "../support/world.ts";

type Ways = Record<string, (they: Awaited<ReturnType<typeof people.jane.signedIn>>) => Promise<Answer>>;

/** Every way to guess at an account without a session, each with a wrong guess. */
const OUTSIDE: Ways = {
  "a password by mail address": ({ world }) => guess(world, JANE.email),
  "a password by phone number": ({ world }) => guess(world, JANE.phone),
  "a password by form": ({ world }) => world.form("/auth/login", { username: JANE.username, password: WRONG_PASSWORD }),
  "a code to reset": ({ world }) =>
    world.post("/auth/verify-reset", { phone: JANE.phone, otp: "000000", new_password: FRESH_PASSWORD }),
  "a code to verify": ({ world }) => world.post("/auth/verify", { email: JANE.email, otp: "000000" }),
};

/** Every way to guess inside a session. */
const INSIDE: Ways = {
  "a code for an address": ({ confirm }) => confirm("email", "000000"),
  "a code for a number": ({ confirm }) => confirm("phone", "000000"),
  "the old password": ({ call }) =>
    call("POST", "/users/me/password", { old_password: WRONG_PASSWORD, new_password: FRESH_PASSWORD }),
  "the password, to change the address": ({ call }) =>
    call("POST", "/users/me/email", { email: NEW.email, password: WRONG_PASSWORD }),
  "the password, to change the number": ({ call }) =>
    call("POST", "/users/me/phone", { phone: NEW.phone, password: WRONG_PASSWORD }),
  "the password, to delete the account": ({ call }) => call("DELETE", "/users/me", { password: WRONG_PASSWORD }),
};

describe("the lockout", () => {
  it.each([
    ...Object.keys(OUTSIDE).map((way) => [way, "without a session", OUTSIDE, INSIDE] as const),
    ...Object.keys(INSIDE).map((way) => [way, "inside the session", INSIDE, OUTSIDE] as const),
  ])("after five wrong guesses by %s applies to every way %s and to no other", async (way, _, same, others) => {
    const they = await people.jane.signedIn();
    const answers = await times(5, () => same[way]!(they));
    expect(statuses(answers).filter((status) => status !== 400 && status !== 401)).toEqual([]);

    for (const [name, guess] of Object.entries(same)) {
      const [status, code] = told(await guess(they));
      expect([name, status, code]).toEqual([name, 429, "too_many_attempts"]);
    }
    expect((await logIn(they.world, "janedoe", PASSWORD)).status).toBe(same === OUTSIDE ? 429 : 200);
    const [other] = Object.values(others);
    expect([400, 401]).toContain((await other!(they)).status);
  });

  it("counts the guesses of different ways together", async () => {
    const they = await people.jane.signedIn();
    for (const guess of Object.values(OUTSIDE)) await guess(they);

    expect((await logIn(they.world, "janedoe", PASSWORD)).status).toBe(429);
  });

  it("is cleared by a success in any way without a session", async () => {
    const { world } = await people.jane.signedIn();
    const four = () => times(4, () => guess(world));
    await world.post("/auth/verify/resend", { email: JANE.email });
    await world.flush();
    const { code } = await outbox.last();

    await four();
    expect((await world.post("/auth/verify", { email: JANE.email, otp: code })).status).toBe(204);
    await four();
    expect((await logIn(world, "janedoe", PASSWORD)).status).toBe(200);
    await four();
    expect((await logIn(world, "janedoe", PASSWORD)).status).toBe(200);
  });

  it("is cleared by a success in any way inside the session", async () => {
    const { ask, confirm, call } = await people.jane.signedIn();
    const four = () => times(4, () => call("DELETE", "/users/me", { password: WRONG_PASSWORD }));

    await four();
    expect((await ask("email", NEW.email)).status).toBe(202);
    await four();
    expect((await confirm("email", (await outbox.last()).code)).status).toBe(200);
    await four();
    const change = { old_password: PASSWORD, new_password: FRESH_PASSWORD };
    expect((await call("POST", "/users/me/password", change)).status).toBe(200);
    expect((await call("DELETE", "/users/me", { password: FRESH_PASSWORD })).status).toBe(204);
  });

  it("is lifted by a reset link, which does not count as a guess", async () => {
    const { world } = await createWorldWithJane(PROVIDERS);
    await times(5, () => guess(world));
    await world.post("/auth/forgot-password", { identifier: "janedoe" });
    await world.flush();
    const { token } = await outbox.first();

    const new_password = FRESH_PASSWORD;
    expect((await world.post("/auth/reset-password", { token, new_password })).status).toBe(204);

    expect((await logIn(world, "janedoe", new_password)).status).toBe(200);
  });

  it("is cleared by a right code even if the new password is refused", async () => {
    const { world } = await createWorldWithJane(NO_COOLDOWN);
    await verifyPhones();
    const reset = async (new_password: string) => {
      await world.post("/auth/request-reset", { identifier: JANE.phone });
      await world.flush();
      const { code: otp } = await outbox.last();
      return world.post("/auth/verify-reset", { phone: JANE.phone, otp, new_password });
    };

    await times(4, () => guess(world));
    expect((await reset(JANE.email)).status).toBe(422);
    await times(4, () => guess(world));
    const { crowd, release } = await fillHashQueue(world);
    expect((await reset(FRESH_PASSWORD)).json.code).toBe("overloaded");
    release();
    await Promise.all(crowd);
    await times(4, () => guess(world));
    expect((await reset(FRESH_PASSWORD)).status).toBe(204);
  });

  it("is not triggered by an ended session, which gets 401", async () => {
    const { world, own, confirm, call } = await people.jane.signedIn();
    await world.logout({ refresh_token: own.refresh_token, scope: "global" });

    for (let n = 0; n < 6; n++) {
      expect((await confirm("email", "000000")).status).toBe(401);
      expect((await call("DELETE", "/users/me", { password: WRONG_PASSWORD })).json.code).toBe("unauthenticated");
    }
    expect((await logIn(world, "janedoe", PASSWORD)).status).toBe(200);
  });
});
