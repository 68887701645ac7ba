import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { postTo } from "../support/authenticator.ts";
import { NO_COOLDOWN, outbox } from "../support/outbox.ts";
import { addPasskey, asserted, created, passkeySignUp, signInWith } from "../support/passkeys.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { logIn, people } from "../support/people.ts";
import { verifyEmails } from "../support/rows.ts";
import { administer, call as callRpc } from "../support/rpc.ts";
import { createPasskey } from "../support/security-key.ts";
import { createWorld, dumpRows } from "../support/world.ts";

const KEYS_ONLY = { ...NO_COOLDOWN, LOGIN_METHODS: "passkey" };
const PASSWORDS_ONLY = { ...NO_COOLDOWN, LOGIN_METHODS: "password" };

/** Jane with a password and a passkey, in a world that offers less than before. */
async function offeredLess(settings: Partial<Env>) {
  const jane = await people.jane.withPasskey();
  const world = createWorld(settings);
  const call = async (method: string, path: string, body?: object) => {
    const answer = await world.call(method, path, { token: jane.own.access_token, body });
    if (answer.json?.access_token) Object.assign(jane.own, answer.json);
    return answer;
  };
  return { ...jane, before: jane.world, world, call };
}

const LINK = { token: "x".repeat(43), new_password: FRESH_PASSWORD };
const OTP = { identifier: "janedoe", otp: "12345678", new_password: FRESH_PASSWORD };
const SIGN_IN = { identifier: "janedoe", password: PASSWORD };
const LEE = { email: "lee@example.com" };

describe("a service whose LOGIN_METHODS do not list password", () => {
  it.each<[string, string, object]>([
    ["POST", "/auth/login", SIGN_IN],
    ["POST", "/auth/register", { ...LEE, password: PASSWORD }],
    ["POST", "/auth/forgot-password", { identifier: "janedoe" }],
    ["POST", "/auth/request-reset", { identifier: "janedoe" }],
    ["POST", "/auth/reset-password", LINK],
    ["POST", `/auth/reset-password/${LINK.token}`, { new_password: FRESH_PASSWORD }],
    ["POST", "/auth/verify-reset", OTP],
    ["POST", "/users/me/password", { old_password: PASSWORD, new_password: FRESH_PASSWORD }],
    ["POST", "/auth/change-password", { old_password: PASSWORD, new_password: FRESH_PASSWORD }],
  ])("answers 404 to %s %s, and changes nothing", async (method, path, body) => {
    const { call } = await offeredLess(KEYS_ONLY);
    const rows = await dumpRows();
    const { status, json } = await call(method, path, body);
    expect([status, json.code, json.detail]).toEqual([404, "not_found", "`LOGIN_METHODS` does not list `password`."]);
    expect(await dumpRows()).toEqual(rows);
  });

  it("refuses the same over a service binding, and the OAuth form", async () => {
    const { world, jane } = await offeredLess(KEYS_ONLY);
    const calls: [string, object][] = [
      ["login", SIGN_IN],
      ["register", { ...LEE, password: PASSWORD }],
      ["forgotPassword", { identifier: "janedoe" }],
      ["requestReset", { identifier: "janedoe" }],
      ["resetPassword", LINK],
      ["verifyReset", OTP],
    ];
    for (const [method, input] of calls)
      expect([method, (await callRpc(world, method, input)).code]).toEqual([method, "not_found"]);
    expect((await administer(world, "sendResetLink", jane.id)).code).toBe("not_found");
    for (const path of ["/auth/login", "/auth/refresh"]) {
      const form = await world.form(path, { grant_type: "password", username: "janedoe", password: PASSWORD });
      expect([form.status, form.json.error]).toEqual([400, "unsupported_grant_type"]);
    }
  });

  it("still signs in and registers by passkey, and takes the password away", async () => {
    const { world, post, own, call } = await offeredLess(KEYS_ONLY);
    const credential = await signInWith(post, own);
    expect((await world.post("/auth/passkeys/login", { credential })).status).toBe(200);
    expect((await world.post("/auth/register", (await passkeySignUp(world, LEE)).body)).status).toBe(201);
    expect((await call("DELETE", "/users/me/password")).status).toBe(200);
  });

  it("keeps the last passkey although the account has a password", async () => {
    const { call, id } = await offeredLess(KEYS_ONLY);
    expect((await call("DELETE", `/users/me/passkeys/${id}`)).json.code).toBe("last_credential");
    const second = await addPasskey(async (path, body) => (await call("POST", path, body)).json, "");
    expect(second.passkey).toBeTruthy();
    expect((await call("DELETE", `/users/me/passkeys/${id}`)).status).toBe(200);
  });

  it("sends notices whose buttons lead to a page that it has", async () => {
    const { world, call } = await offeredLess(KEYS_ONLY);
    await verifyEmails();
    await world.flush();
    await outbox.clear();
    await call("POST", "/users/me/recovery-codes");
    await world.flush();
    expect((await outbox.last()).text).toContain("https://auth.test/account/activity");
  });

  it("sends notices by text that do not advise to reset a password", async () => {
    const { world, call } = await offeredLess(KEYS_ONLY);
    await env.DB.exec("update users set email = null, phone_verified_at = 1");
    await world.flush();
    await outbox.clear();
    await call("POST", "/users/me/recovery-codes");
    await world.flush();
    expect((await outbox.only()).text).toBe(
      "New recovery codes were created (auth.test). If it wasn't you, sign in and check your account right away.",
    );
  });
});

describe("a service whose LOGIN_METHODS do not list passkey", () => {
  it("answers 404 to a sign-in by passkey and to new ones, and changes nothing", async () => {
    const { before, world, post, own, call, signIn } = await offeredLess(PASSWORDS_ONLY);
    const credential = await signInWith(post, own);
    const added = created(await createPasskey(), (await call("POST", "/users/me/reauthenticate/options")).json);
    const { body } = await passkeySignUp(before, LEE);
    const rows = await dumpRows();
    const requests: [string, object][] = [
      ["/auth/passkeys/options", {}],
      ["/auth/passkeys/login", { credential }],
      ["/auth/register/options", LEE],
      ["/auth/register", body],
      ["/users/me/passkeys/options", {}],
      ["/users/me/passkeys", { credential: added }],
    ];
    for (const [path, given] of requests) {
      const { status, json } = await call("POST", path, given);
      expect([path, status, json.detail]).toEqual([path, 404, "`LOGIN_METHODS` does not list `passkey`."]);
    }
    for (const [method, ...given] of [["passkeyOptions"], ["passkeyLogin", { credential }], ["registerOptions", LEE]]) {
      expect((await callRpc(world, method as string, ...given)).code).toBe("not_found");
    }
    expect(await dumpRows()).toEqual(rows);
    expect((await signIn()).status).toBe(200);
  });

  it("goes on asking for a passkey as the second factor, and takes it", async () => {
    const { world, own, call, id } = await offeredLess(PASSWORDS_ONLY);
    const post = postTo(world);
    const { code, login_token, factors } = (await logIn(world)).json;
    expect([code, factors]).toEqual(["second_factor_required", ["passkey", "recovery_code"]]);
    const options = await post("/auth/login/second-factor/options", { login_token });
    const credential = await asserted(own.passkey, options, own.user_handle);
    expect((await post("/auth/login/second-factor", { login_token, credential })).access_token).toBeTruthy();

    const again = (await call("POST", "/users/me/reauthenticate/options")).json;
    const proof = { credential: await asserted(own.passkey, again, own.user_handle) };
    expect((await call("POST", "/users/me/reauthenticate", proof)).status).toBe(200);
    expect((await call("PATCH", `/users/me/passkeys/${id}`, { name: "Old phone" })).status).toBe(200);
    expect((await call("DELETE", `/users/me/passkeys/${id}`)).status).toBe(200);
  });

  it("keeps the password of an account with a passkey, and sets one where there is none", async () => {
    const { call } = await offeredLess(PASSWORDS_ONLY);
    expect((await call("DELETE", "/users/me/password")).json.code).toBe("last_credential");
    await env.DB.exec("delete from passwords");
    expect((await call("POST", "/users/me/password", { new_password: FRESH_PASSWORD })).status).toBe(200);
  });
});
