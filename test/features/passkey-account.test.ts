import { env } from "cloudflare:workers";
import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { appCode, postTo } from "../support/authenticator.ts";
import { addPasskey, asserted, created, signInWith } from "../support/passkeys.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { logIn, people } from "../support/people.ts";
import { rowCount } from "../support/rows.ts";
import { base64url, createPasskey, UP } from "../support/security-key.ts";
import { createWorldWithJane, sidOf, stopClock } from "../support/world.ts";

const { withPasskey } = people.jane;

describe("an account with a passkey", () => {
  it("asks for it after the password, and lists it as the factor", async () => {
    const { world, post, own } = await withPasskey();
    const { status, json } = await logIn(world);
    expect([status, json.factors]).toEqual([403, ["passkey", "recovery_code"]]);

    const options = await post("/auth/login/second-factor/options", { login_token: json.login_token });
    expect(options.allowCredentials).toMatchObject([{ id: base64url(own.passkey.id) }]);
    // A key without a user handle and without a fingerprint is enough beside the password.
    const credential = await asserted(own.passkey, options, null, { flags: UP });
    const body = { login_token: json.login_token, credential };
    const answers = await Promise.all(Array.from({ length: 10 }, () => world.post("/auth/login/second-factor", body)));
    const [opened] = answers.filter((answer) => answer.status === 200);

    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(decodeJwt(opened?.json.access_token)["amr"]).toEqual(["pwd", "hwk", "mfa"]);
  });

  it("takes no response to the options of another user or another session", async () => {
    const { world, post, own } = await withPasskey();
    await world.post("/auth/register", { email: "john@example.com", password: PASSWORD });
    await addPasskey(post, (await logIn(world, "john@example.com")).json.access_token);
    const [jane, john] = [(await logIn(world)).json, (await logIn(world, "john@example.com")).json];
    const foreign = await post("/auth/login/second-factor/options", { login_token: john.login_token });
    const body = { login_token: jane.login_token, credential: await asserted(own.passkey, foreign, own.user_handle) };
    expect((await world.post("/auth/login/second-factor", body)).json.code).toBe("invalid_code");

    const { access_token: other } = (
      await world.post("/auth/passkeys/login", { credential: await signInWith(post, own) })
    ).json;
    const options = await post("/users/me/reauthenticate/options", {}, other);
    const credential = await asserted(own.passkey, options, own.user_handle);
    const renewed = await world.call("POST", "/users/me/reauthenticate", {
      token: own.access_token,
      body: { credential },
    });
    expect(renewed.json.code).toBe("invalid_code");
  });

  it("takes an authenticator app as another factor, and either of them finishes the sign-in", async () => {
    const { world, post, own, call } = await withPasskey();
    const { secret } = (await call("POST", "/users/me/totp")).json;
    await call("POST", "/users/me/totp/confirm", { code: appCode(secret) });

    const { json } = await logIn(world);
    expect(json.factors).toEqual(["totp", "passkey", "recovery_code"]);
    const totp = { login_token: json.login_token, code: appCode(secret, 1) };
    expect((await world.post("/auth/login/second-factor", totp)).status).toBe(200);
    const options = await post("/auth/login/second-factor/options", { login_token: json.login_token });
    const passkey = {
      login_token: json.login_token,
      credential: await asserted(own.passkey, options, own.user_handle),
    };
    expect((await world.post("/auth/login/second-factor", passkey)).status).toBe(200);
  });

  it("renews the authentication of a session by the passkey, in that session only", async () => {
    const { world, own, call } = await withPasskey();
    const options = (await call("POST", "/users/me/reauthenticate/options")).json;
    const credential = await asserted(own.passkey, options, own.user_handle);
    const sid = sidOf(own.access_token);

    const { status, json } = await call("POST", "/users/me/reauthenticate", { credential });
    expect(status).toBe(200);
    expect(sidOf(json.access_token)).not.toBe(sid);
    expect((await call("POST", "/users/me/reauthenticate", { credential })).json.code).toBe("invalid_code");
    expect(
      (
        await world.call("POST", "/users/me/reauthenticate", {
          token: own.access_token,
          body: { credential, password: PASSWORD },
        })
      ).status,
    ).toBe(422);
  });

  it("changes factors only in a session that two factors opened recently", async () => {
    const { world, own, call, id } = await withPasskey();
    const acts = [
      ["POST", "/users/me/totp"],
      ["POST", "/users/me/recovery-codes"],
      ["POST", "/users/me/passkeys/options"],
      ["DELETE", `/users/me/passkeys/${id}`],
    ] as const;
    stopClock(Date.now() + 301_000);
    for (const [method, path] of acts) {
      const { status, headers } = await call(method, path, { password: PASSWORD });
      expect([path, status]).toEqual([path, 401]);
      expect(headers.get("www-authenticate")).toContain('acr_values="aal2"');
    }
    // The password alone is not enough.
    const weak = await call("POST", "/users/me/reauthenticate", { password: PASSWORD });
    expect(decodeJwt(weak.json.access_token)).toMatchObject({ amr: ["pwd"], acr: "aal1" });
    for (const [method, path] of acts) expect((await call(method, path)).status).toBe(401);

    const options = (await call("POST", "/users/me/reauthenticate/options")).json;
    const credential = await asserted(own.passkey, options, own.user_handle);
    expect((await call("POST", "/users/me/reauthenticate", { credential })).status).toBe(200);
    for (const [method, path] of acts) expect([path, (await call(method, path)).status]).toEqual([path, 200]);
    expect(await rowCount("passkeys")).toBe(0);
    expect((await world.me(own.access_token)).status).toBe(200);
  });

  it("needs only the password again after the last passkey is removed, which voids the recovery codes", async () => {
    const { world, call, id } = await withPasskey();
    expect((await call("DELETE", `/users/me/passkeys/${id}`)).status).toBe(200);
    expect([await rowCount("passkeys"), await rowCount("recovery_codes")]).toEqual([0, 0]);
    expect((await logIn(world)).status).toBe(200);
  });

  it("lists, renames and removes its own passkeys and no others", async () => {
    const { world, call, id } = await withPasskey();
    await world.post("/auth/register", { email: "john@example.com", password: PASSWORD });
    const john = await addPasskey(postTo(world), (await logIn(world, "john@example.com")).json.access_token);
    const foreign = `/users/me/passkeys/${base64url(john.passkey.id)}`;

    expect((await call("PATCH", `/users/me/passkeys/${id}`, { name: " My  phone " })).json.name).toBe("My  phone");
    expect((await call("GET", "/users/me/passkeys")).json).toMatchObject({
      passkeys: [{ id, name: "My  phone", backed_up: false }],
      rp_id: "auth.test",
    });
    expect((await call("PATCH", foreign, { name: "x" })).status).toBe(404);
    expect((await call("DELETE", foreign)).status).toBe(404);
    expect((await call("DELETE", "/users/me/passkeys/none")).status).toBe(404);
    expect(await rowCount("passkeys")).toBe(2);
    for (const name of ["", "x".repeat(61), "a\nb"]) {
      expect((await call("PATCH", `/users/me/passkeys/${id}`, { name })).status).toBe(422);
    }
  });

  it("keeps the passkey that is the last way in", async () => {
    const { call, id } = await withPasskey();
    await env.DB.exec("delete from passwords");
    expect((await call("DELETE", `/users/me/passkeys/${id}`)).json.code).toBe("last_credential");
    expect(await rowCount("passkeys")).toBe(1);
  });
});

describe("the password of an account with a passkey", () => {
  it("can be removed and set again", async () => {
    const { world, call, own, signIn } = await withPasskey();
    const before = decodeJwt(own.access_token);
    expect(before["amr"]).toContain("pwd");
    stopClock(Date.now() + 60_000);
    expect((await call("DELETE", "/users/me/password")).status).toBe(200);
    const { amr, acr, auth_time } = decodeJwt(own.access_token);
    expect([amr, acr, auth_time]).toEqual([["hwk", "user", "mfa"], "aal2", before["auth_time"]]);
    expect((await call("GET", "/users/me/factors")).json).toMatchObject({ password: false, passkeys: 1 });
    expect((await logIn(world)).json.code).toBe("invalid_credentials");
    expect((await signIn()).status).toBe(200);
    expect((await call("DELETE", "/users/me/password")).json.code).toBe("not_found");

    expect((await call("POST", "/users/me/password", { new_password: FRESH_PASSWORD })).status).toBe(200);
    expect((await logIn(world, "janedoe", FRESH_PASSWORD)).json.code).toBe("second_factor_required");
  });

  it.each([
    ["an account without a passkey", "delete from passkeys"],
    ["an account whose passkey does not sign in alone", "update passkeys set first_factor = 0"],
  ])("stays on %s", async (_, change) => {
    const { call } = await withPasskey();
    await env.DB.exec(change);
    expect((await call("DELETE", "/users/me/password")).json.code).toBe("last_credential");
    expect(await rowCount("passwords")).toBe(1);
  });

  it.each([
    ["the authenticator did not verify its user", { flags: UP | 0x40 }, {}],
    ["the browser says that it is not discoverable", {}, { clientExtensionResults: { credProps: { rk: false } } }],
  ])("is needed beside a passkey if %s", async (_, deviation, members) => {
    const { world, login } = await createWorldWithJane();
    const { access_token: token } = await login();
    const post = postTo(world);
    const options = await post("/users/me/passkeys/options", {}, token);
    const credential = { ...created(await createPasskey(), options, deviation), ...members };
    const added = await post("/users/me/passkeys", { credential }, token);

    const removed = await world.call("DELETE", "/users/me/password", { token: added.access_token });
    expect(removed.json.code).toBe("last_credential");
  });
});
