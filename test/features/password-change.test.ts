import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { FRESH_PASSWORD, PASSWORD, WRONG_PASSWORD } from "../support/passwords.ts";
import { logIn } from "../support/people.ts";
import { race } from "../support/race.ts";
import { createWorldWithJane, dumpRows, sidOf } from "../support/world.ts";

describe.each(["/users/me/password", "/auth/change-password", "/api/v1/auth/change-password"])("POST %s", (path) => {
  it("replaces the password, ends the other sessions and gives the current one a new id", async () => {
    const { world, login } = await createWorldWithJane();
    const [own, other] = [await login(), await login()];

    const body = { old_password: PASSWORD, new_password: FRESH_PASSWORD, confirm_password: FRESH_PASSWORD };
    const { status, json } = await world.call("POST", path, { token: own.access_token, body });

    expect(status).toBe(200);
    expect((await world.refresh(other.refresh_token)).status).toBe(401);
    expect((await world.me(other.access_token)).status).toBe(401);
    expect(await env.DENYLIST.get(`sid:${sidOf(other.access_token)}`)).not.toBeNull();
    expect(sidOf(json.access_token)).not.toBe(sidOf(own.access_token));
    expect((await world.me(json.access_token)).status).toBe(200);
    expect((await world.refresh(json.refresh_token)).status).toBe(200);
    expect((await logIn(world)).status).toBe(401);
    expect((await logIn(world, "janedoe", FRESH_PASSWORD)).status).toBe(200);
  });

  it("accepts current_password as well", async () => {
    const { world, login } = await createWorldWithJane();
    const body = { current_password: PASSWORD, new_password: FRESH_PASSWORD };

    expect((await world.call("POST", path, { token: (await login()).access_token, body })).status).toBe(200);
  });
});

describe("a password change", () => {
  it.each([
    [
      "a wrong old password",
      { old_password: WRONG_PASSWORD, new_password: FRESH_PASSWORD },
      401,
      "invalid_credentials",
    ],
    [
      "the old password in another case",
      { old_password: "CORRECT-horse-7", new_password: FRESH_PASSWORD },
      401,
      "invalid_credentials",
    ],
    [
      "two old passwords",
      { old_password: PASSWORD, current_password: PASSWORD, new_password: FRESH_PASSWORD },
      422,
      "invalid_request",
    ],
    ["a new password that is too short", { old_password: PASSWORD, new_password: "seven77" }, 422, "invalid_request"],
    [
      "a confirmation that differs",
      { old_password: PASSWORD, new_password: FRESH_PASSWORD, confirm_password: PASSWORD },
      422,
      "invalid_request",
    ],
  ])("with %s is refused, and changes neither account nor sessions", async (_, body, status, code) => {
    const { world, login } = await createWorldWithJane();
    const [own, other] = [await login(), await login()];
    const before = await dumpRows();

    const answer = await world.call("POST", "/auth/change-password", { token: own.access_token, body });

    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect((await dumpRows()).slice(0, 3)).toEqual(before.slice(0, 3));
    expect((await world.refresh(other.refresh_token)).status).toBe(200);
  });

  it("succeeds once when ten requests race", async () => {
    const { world, login } = await createWorldWithJane();
    const { access_token: token } = await login();
    const changed: { refresh_token: string }[] = [];
    const change = (n: number) =>
      world.call("POST", "/auth/change-password", {
        token,
        body: { old_password: PASSWORD, new_password: `${FRESH_PASSWORD}${n}` },
      });

    const statuses = await race(10, async (n) => {
      const answer = await change(n);
      if (answer.status === 200) changed.push(answer.json);
      return answer;
    });

    expect(statuses.sort()).toEqual([200, ...Array(9).fill(401)]);
    expect((await world.refresh(changed[0]!.refresh_token)).status).toBe(200);
  });

  it("leaves no session of a concurrent login with the old password", async () => {
    const { world, login } = await createWorldWithJane();
    const { access_token: token } = await login();
    const body = { old_password: PASSWORD, new_password: FRESH_PASSWORD };

    const [changed, ...logins] = await Promise.all([
      world.call("POST", "/auth/change-password", { token, body }),
      ...Array.from({ length: 5 }, () => logIn(world)),
    ]);

    expect(changed.status).toBe(200);
    for (const { status, json } of logins) {
      if (status === 200) expect((await world.refresh(json.refresh_token)).status).toBe(401);
    }
  });
});
