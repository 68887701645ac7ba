import { describe, expect, it } from "vitest";
import { appCode, postTo, wrongAppCode } from "../support/authenticator.ts";
import { statuses } from "../support/guesses.ts";
import { asserted, created } from "../support/passkeys.ts";
import { PASSWORD, WRONG_PASSWORD } from "../support/passwords.ts";
import { logIn, people } from "../support/people.ts";
import { atOnce } from "../support/race.ts";
import { firstRow, passwordHashes } from "../support/rows.ts";
import { createPasskey, UP, UV } from "../support/security-key.ts";
import { createWorld, createWorldWithJane } from "../support/world.ts";

const { withApp, withPasskey } = people.jane;

describe("a person who knows the password", () => {
  it.each(["reauthenticate", "password"])(
    "cannot clear the count of wrong codes inside a session by the right password (%s)",
    async (act) => {
      const { app, call } = await withApp();
      const body = act === "password" ? { current_password: PASSWORD, new_password: PASSWORD } : { password: PASSWORD };
      const answers: number[] = [];
      for (let n = 0; n < 6; n++) {
        answers.push((await call("POST", "/users/me/reauthenticate", { code: wrongAppCode(app.secret) })).status);
        await call("POST", `/users/me/${act}`, body);
      }
      expect(answers).toEqual([400, 400, 400, 400, 400, 429]);
      expect((await call("POST", "/users/me/reauthenticate", { code: appCode(app.secret, 1) })).status).toBe(429);
    },
  );

  it("shares the count of codes between the sign-in and the session", async () => {
    const { app, call, prove, loginToken } = await withApp();
    const token = await loginToken();
    for (let n = 0; n < 3; n++) await prove(wrongAppCode(app.secret), token);
    for (let n = 0; n < 2; n++) await call("POST", "/users/me/reauthenticate", { code: wrongAppCode(app.secret) });
    expect((await prove(appCode(app.secret, 1), token)).status).toBe(429);
  });

  it("learns nothing from a right guess that comes after the lockout", async () => {
    const { world } = await withApp();
    const answers = await atOnce(20, (n) => logIn(world, "janedoe", n < 19 ? WRONG_PASSWORD : PASSWORD));
    expect(statuses(answers).filter((status) => status === 401)).toHaveLength(5);
    expect(answers.at(-1)?.status).toBe(429);
  });

  it.each(["/users/me/totp", "/users/me/passkeys/options"])(
    "learns nothing from a right guess after the lockout at %s",
    async (path) => {
      const { world, login } = await createWorldWithJane();
      const { access_token: token } = await login();
      const guess = (password: string) => world.call("POST", path, { token, body: { password } });
      const answers = await atOnce(20, (n) => guess(n < 19 ? WRONG_PASSWORD : PASSWORD));
      expect(answers.at(-1)?.status).toBe(429);
    },
  );
});

describe("a passkey that did not verify its user when it was added", () => {
  it("does not sign in alone later, and is no proof of its user", async () => {
    const { world, login } = await createWorldWithJane();
    const { access_token: token } = await login();
    const post = postTo(world);
    const passkey = await createPasskey();
    const options = await post("/users/me/passkeys/options", {}, token);
    await post("/users/me/passkeys", { credential: created(passkey, options, { flags: UP | 0x40 }) }, token);

    const alone = await asserted(passkey, await post("/auth/passkeys/options", {}), options.user.id, {
      flags: UP | UV,
    });
    expect((await world.post("/auth/passkeys/login", { credential: alone })).json.code).toBe("invalid_credentials");
    expect(await firstRow("passkeys")).toMatchObject({ first_factor: 0 });
  });
});

describe("a session that a passkey opened", () => {
  it("is not renewed by a touch that verifies nobody", async () => {
    const { own, call } = await withPasskey();
    const { json: options } = await call("POST", "/users/me/reauthenticate/options");
    expect(options.userVerification).toBe("required");
    const credential = await asserted(own.passkey, options, own.user_handle, { flags: UP });
    expect((await call("POST", "/users/me/reauthenticate", { credential })).json.code).toBe("invalid_code");
  });
});

describe("REAUTHENTICATION_SECONDS=0", () => {
  it.each(["/users/me/totp", "/users/me/passkeys/options"])("asks for the password each time at %s", async (path) => {
    const { world, login } = await createWorldWithJane({ REAUTHENTICATION_SECONDS: "0" });
    const { access_token: token } = await login();
    expect((await world.call("POST", path, { token })).json.code).toBe("reauthentication_required");
    expect((await world.call("POST", path, { token, body: { password: PASSWORD } })).status).toBe(200);
  });
});

describe("the hash of an account with a second factor", () => {
  it("is replaced after the right password when its parameters are outdated", async () => {
    await withApp();
    const [before] = await passwordHashes();
    expect((await logIn(createWorld({ SCRYPT_PARAMS: "ln=14,r=8,p=5" }))).status).toBe(403);
    const [after] = await passwordHashes();
    expect(after).not.toBe(before);
    expect((await logIn(createWorld())).json.code).toBe("second_factor_required");
  });
});
