import { env } from "cloudflare:workers";
import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { appCode, postTo } from "../support/authenticator.ts";
import { failingD1 } from "../support/bindings.ts";
import { NO_COOLDOWN, outbox } from "../support/outbox.ts";
import { addPasskey, asserted, created, type EnrolledPasskey, signInWith } from "../support/passkeys.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { JANE, logIn } from "../support/people.ts";
import { count, race } from "../support/race.ts";
import { firstRow, replacePasswords, revokeSessions, rowCount, rows, verifyEmails } from "../support/rows.ts";
import { call as callRpc } from "../support/rpc.ts";
import { BE, BS, base64url, createPasskey, UP, UV } from "../support/security-key.ts";
import { createWorld, createWorldWithJane, dumpRows, sidOf, stopClock, unlock } from "../support/world.ts";

/** Jane, signed in with a passkey in her account. */
async function withPasskey(settings: Partial<Env> = {}) {
  const { world, jane, login } = await createWorldWithJane({ ...NO_COOLDOWN, ...settings });
  const post = postTo(world);
  const own = await addPasskey(post, (await login()).access_token);
  const signIn = async (deviation = {}, key: EnrolledPasskey = own) =>
    world.post("/auth/passkeys/login", { credential: await signInWith(post, key, deviation) });
  const call = async (method: string, path: string, body?: object) => {
    const answer = await world.call(method, path, { token: own.access_token, body });
    if (answer.json?.access_token) Object.assign(own, answer.json);
    return answer;
  };
  return { world, jane, post, own, signIn, call, id: base64url(own.passkey.id) };
}

describe("a sign-in with a passkey", () => {
  it.each(["ES256", "EdDSA", "RS256"] as const)(
    "needs no identifier and counts as two factors (%s)",
    async (algorithm) => {
      const { world, jane, post, call, signIn } = await withPasskey();
      const own = await addPasskey(
        post,
        (await call("POST", "/users/me/recovery-codes")).json.access_token,
        await createPasskey(algorithm),
      );

      const { status, json } = await signIn({ signCount: 1 }, own);

      expect(status).toBe(200);
      expect(decodeJwt(json.access_token)).toMatchObject({ sub: jane.id, amr: ["hwk", "user", "mfa"], acr: "aal2" });
      expect((await world.me(json.access_token)).status).toBe(200);
      expect((await rows("passkeys")).at(-1)).toMatchObject({ sign_count: 1, last_used_at: expect.any(Number) });
    },
  );

  it("says that a copied passkey is not bound to hardware", async () => {
    const { login, world } = await createWorldWithJane();
    const post = postTo(world);
    const { access_token: token } = await login();
    const passkey = await createPasskey();
    const options = await post("/users/me/passkeys/options", { password: PASSWORD }, token);
    const credential = created(passkey, options, { flags: UP | UV | 0x40 | BE | BS });
    const { passkey: stored } = await post("/users/me/passkeys", { credential }, token);
    expect(stored).toMatchObject({ name: "Passkey", backed_up: true, last_used_at: null });

    const answer = await asserted(passkey, await post("/auth/passkeys/options", {}), options.user.id, {
      flags: UP | UV | BE,
    });
    const { access_token } = await post("/auth/passkeys/login", { credential: answer });

    expect(decodeJwt(access_token)["amr"]).toEqual(["swk", "user", "mfa"]);
    expect(await firstRow("passkeys")).toMatchObject({ backed_up: 0 });
  });

  it("works over a service binding", async () => {
    const { world, own } = await withPasskey();
    const options = (await callRpc(world, "passkeyOptions")).value;
    const credential = await asserted(own.passkey, options, own.user_handle);
    expect(await callRpc(world, "passkeyLogin", { credential })).toMatchObject({ ok: true });
  });

  it("keeps the refresh token in the cookie if asked", async () => {
    const { world, post, own } = await withPasskey();
    const body = { credential: await signInWith(post, own), transport: "cookie" };
    const { headers, json } = await world.post("/auth/passkeys/login", body, { origin: "https://auth.test" });
    expect([json.refresh_token, headers.get("set-cookie")]).toEqual([
      undefined,
      expect.stringContaining("__Host-refresh_token="),
    ]);
  });

  it("opens one session for a response, also of fifty requests at once", async () => {
    const { world, post, own } = await withPasskey();
    const credential = await signInWith(post, own);
    const before = await rowCount("sessions");

    const answers = await race(50, (n) =>
      world.post("/auth/passkeys/login", { credential }, { "cf-connecting-ip": `198.51.100.${n}` }),
    );

    expect([count(answers, 200), await rowCount("sessions")]).toEqual([1, before + 1]);
    expect((await world.post("/auth/passkeys/login", { credential })).json.code).toBe("invalid_credentials");
  });

  const hostile: [string, object][] = [
    ["of another origin", { clientData: { origin: "https://evil.test" } }],
    ["inside a frame", { clientData: { crossOrigin: true } }],
    ["for another relying party", { rpId: "evil.test" }],
    ["without a user at the authenticator", { flags: UV }],
    ["without verifying the user", { flags: UP }],
    ["whose backup eligibility changed", { flags: UP | UV | BE }],
    ["that is backed up but not eligible", { flags: UP | UV | BS }],
    [
      "with a damaged signature",
      { signature: (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -1), Buffer.from([1])]) },
    ],
    ["with another user handle", { userHandle: "amFuZQ" }],
    ["without a user handle", { userHandle: null }],
  ];
  it.each(hostile)("is refused %s, and changes no passkey", async (_, deviation) => {
    const { world, post, own } = await withPasskey();
    const before = [await rows("passkeys"), await rowCount("sessions"), await rows("spent_challenges")];
    const { challenge } = await post("/auth/passkeys/options", {});
    const { clientData = {}, ...others } = deviation as { clientData?: object };
    const data = { challenge, origin: "https://auth.test", ...clientData };
    const credential = await asserted(own.passkey, { challenge }, own.user_handle, { ...others, clientData: data });

    const { status, json } = await world.post("/auth/passkeys/login", { credential });

    expect([status, json.code]).toEqual([401, "invalid_credentials"]);
    expect([await rows("passkeys"), await rowCount("sessions"), await rows("spent_challenges")]).toEqual(before);
  });

  it.each([
    ["5, then 5", [5, 5], [200, 401]],
    ["5, then 0", [5, 0], [200, 401]],
    ["0, then 0", [0, 0], [200, 200]],
    ["5, then 6", [5, 6], [200, 200]],
  ] as const)("with the counter %s answers as the specification says", async (_, counters, expected) => {
    const { signIn } = await withPasskey();
    const answers: number[] = [];
    for (const signCount of counters) answers.push((await signIn({ signCount })).status);
    expect(answers).toEqual(expected);
  });

  it("is refused for a challenge that is old, foreign, or of another purpose", async () => {
    const { world, post, own, call } = await withPasskey();
    const send = async (options: { challenge: string }) =>
      (await world.post("/auth/passkeys/login", { credential: await asserted(own.passkey, options, own.user_handle) }))
        .json.code;
    const first = (await logIn(world)).json.login_token;
    const others = [
      { challenge: "Y2hhbGxlbmdl" },
      (await call("POST", "/users/me/passkeys/options")).json,
      (await call("POST", "/users/me/reauthenticate/options")).json,
    ];
    for (const options of others) expect(await send(options)).toBe("invalid_credentials");
    await unlock();
    expect(await send(await post("/auth/login/second-factor/options", { login_token: first }))).toBe(
      "invalid_credentials",
    );
    const options = await post("/auth/passkeys/options", {});
    stopClock(Date.now() + 300_000);
    expect(await send(options)).toBe("invalid_credentials");
  });

  it("with an unknown passkey costs and answers the same as with a refused one", async () => {
    const { world, post, own } = await withPasskey();
    const stranger = { ...own, passkey: await createPasskey() };
    const cost = async (credential: object) => {
      let told: unknown;
      const spent = await world.cost(async () => {
        const { status, json } = await world.post("/auth/passkeys/login", { credential });
        told = [status, json.code];
      });
      return [spent, told];
    };

    const unknown = await cost(await signInWith(post, stranger));
    expect(await cost(await signInWith(post, own, { flags: UP }))).toEqual(unknown);
  });

  it("counts as a failed guess when it is refused", async () => {
    const { signIn } = await withPasskey();
    for (let n = 0; n < 5; n++) expect((await signIn({ flags: UP })).status).toBe(401);
    expect((await signIn()).status).toBe(429);
  });

  it("after it was registered in a frontend's page is accepted from there", async () => {
    const { login } = await createWorldWithJane();
    let { access_token: token } = await login();
    const world = createWorld({ ALLOWED_ORIGINS: "https://app.auth.test,https://*.preview.auth.test" });
    const post = postTo(world);
    for (const origin of ["https://app.auth.test", "https://pr-1.preview.auth.test"]) {
      const passkey = await createPasskey();
      const options = await post("/users/me/passkeys/options", {}, token);
      const credential = created(passkey, options, { clientData: { challenge: options.challenge, origin } });
      const added = await post("/users/me/passkeys", { credential }, token);
      token = added.access_token;
      const { challenge } = await post("/auth/passkeys/options", {});
      const answer = await asserted(passkey, { challenge }, options.user.id, { clientData: { challenge, origin } });
      expect((await post("/auth/passkeys/login", { credential: answer })).access_token).toBeTruthy();
    }
    expect((await world.get("/.well-known/webauthn")).json).toEqual({
      origins: ["https://auth.test", "https://app.auth.test"],
    });
  });
});

describe("a new passkey", () => {
  it("tells the owner, ends the other sessions, comes with recovery codes, and goes on with new tokens", async () => {
    const { world, login } = await createWorldWithJane(NO_COOLDOWN);
    await verifyEmails();
    const [own, other] = [await login(), await login()];
    const post = postTo(world);
    const added = await addPasskey(post, own.access_token);

    expect(added.recovery_codes).toHaveLength(10);
    expect(decodeJwt(added.access_token)).toMatchObject({ amr: ["pwd", "hwk", "user", "mfa"], acr: "aal2" });
    expect((await world.refresh(other.refresh_token)).status).toBe(401);
    expect((await world.refresh(own.refresh_token)).status).toBe(401);
    expect((await world.me(added.access_token)).status).toBe(200);
    await world.flush();
    expect(await outbox.last()).toMatchObject({ subject: "A passkey was added", to: JANE.email });
  });

  it("has options that exclude the passkeys of the account and say nothing of its id", async () => {
    const { call, id, jane } = await withPasskey();
    const { json } = await call("POST", "/users/me/passkeys/options");

    expect(json.excludeCredentials).toEqual([{ id, type: "public-key", transports: ["internal"] }]);
    expect(json.user.id).not.toContain(jane.id);
    expect(Buffer.from(json.user.id, "base64url").length).toBe(32);
    expect(json).toMatchObject({ rp: { id: "auth.test" }, attestation: "none" });
  });

  it.each([
    ["another origin", { clientData: { origin: "https://evil.test" } }],
    ["another relying party", { rpId: "evil.test" }],
    ["no user at the authenticator", { flags: UV | 0x40 }],
    ["a backup state without eligibility", { flags: UP | UV | 0x40 | BS }],
    ["another id", { id: "AAAA" }],
    ["trailing bytes", { encoded: (object: Buffer) => Buffer.concat([object, Buffer.from([0])]) }],
    ["a truncated object", { encoded: (object: Buffer) => object.subarray(0, -1) }],
    ["an id of 2 KB", { credentialId: new Uint8Array(2048), id: "AAAA", rawId: "AAAA" }],
  ])("with %s is refused, and stores nothing", async (_, deviation) => {
    const { world, login } = await createWorldWithJane();
    const { access_token: token } = await login();
    const post = postTo(world);
    const { challenge } = await post("/users/me/passkeys/options", { password: PASSWORD }, token);
    const { clientData = {}, ...others } = deviation as { clientData?: object };
    const data = { challenge, origin: "https://auth.test", ...clientData };
    const credential = created(await createPasskey(), { challenge }, { ...others, clientData: data });
    const before = await dumpRows();

    const answer = await world.call("POST", "/users/me/passkeys", { token, body: { credential } });

    expect([answer.status, answer.json.code]).toEqual([400, "invalid_passkey"]);
    expect(await dumpRows()).toEqual(before);
  });

  it.each([
    ["of another purpose", async (post: ReturnType<typeof postTo>) => post("/auth/passkeys/options", {})],
    ["of our own making", async () => ({ challenge: "Y2hhbGxlbmdl" })],
  ])("for a challenge %s is refused", async (_, challengeFrom) => {
    const { world, login } = await createWorldWithJane();
    const { access_token: token } = await login();
    const credential = created(await createPasskey(), await challengeFrom(postTo(world)));
    expect((await world.call("POST", "/users/me/passkeys", { token, body: { credential } })).json.code).toBe(
      "invalid_passkey",
    );
  });

  it.each([
    [
      "another session of the user",
      async (login: () => Promise<{ access_token: string }>) => (await login()).access_token,
    ],
  ])("for the options of this session is refused in %s", async (_, tokenOf) => {
    const { world, login } = await createWorldWithJane();
    const { access_token: token } = await login();
    const options = await postTo(world)("/users/me/passkeys/options", { password: PASSWORD }, token);
    const body = { credential: created(await createPasskey(), options) };
    const other = await tokenOf(login);
    expect((await world.call("POST", "/users/me/passkeys", { token: other, body })).json.code).toBe("invalid_passkey");
  });

  it.each([
    ["another password", replacePasswords, [400, "invalid_passkey"]],
    ["the end of the session", revokeSessions, [401, "unauthenticated"]],
  ] as const)("for options from before %s is refused", async (_, change, expected) => {
    const { world, login } = await createWorldWithJane();
    const { access_token: token } = await login();
    const options = await postTo(world)("/users/me/passkeys/options", { password: PASSWORD }, token);
    await change();
    const body = { credential: created(await createPasskey(), options) };
    const { status, json } = await world.call("POST", "/users/me/passkeys", { token, body });
    expect([status, json.code]).toEqual(expected);
  });

  it("that an account has is refused for every other, and fifty at once add one", async () => {
    const { world, own } = await withPasskey();
    await world.post("/auth/register", { email: "john@example.com", password: PASSWORD });
    const { access_token: token } = (await logIn(world, "john@example.com")).json;
    const post = postTo(world);
    const taken = created(own.passkey, await post("/users/me/passkeys/options", { password: PASSWORD }, token));
    const send = (credential: object) => world.call("POST", "/users/me/passkeys", { token, body: { credential } });
    expect((await send(taken)).json.code).toBe("passkey_exists");

    const fresh = created(
      await createPasskey(),
      await post("/users/me/passkeys/options", { password: PASSWORD }, token),
    );
    const answers = await race(50, () => send(fresh));
    expect([count(answers, 201), await rowCount("passkeys")]).toEqual([1, 2]);
  });

  it("is the last one after twenty", async () => {
    const { call, jane, own } = await withPasskey();
    const row = await firstRow("passkeys");
    for (let n = 0; n < 19; n++) {
      await env.DB.prepare(
        "insert into passkeys select ?, user_id, public_key, algorithm, sign_count, backup_eligible, backed_up, first_factor, transports, aaguid, name, created_at, last_used_at from passkeys where id = ?",
      )
        .bind(`copy-${n}`, row.id)
        .run();
    }
    expect([await rowCount("passkeys"), jane.id === row.user_id, Boolean(own)]).toEqual([20, true, true]);
    expect((await call("POST", "/users/me/passkeys/options")).json.code).toBe("passkey_exists");
  });
});

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
    const { world, call, signIn } = await withPasskey();
    expect((await call("DELETE", "/users/me/password")).status).toBe(200);
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

describe("a failure of the database", () => {
  it.each([1, 2])("at trip %d of a sign-in spends no challenge", async (trip) => {
    const { world, post, own } = await withPasskey();
    const credential = await signInWith(post, own);
    const before = await dumpRows();
    const broken = createWorld({ DB: failingD1(env.DB, trip, "before") });

    expect((await broken.post("/auth/passkeys/login", { credential })).status).toBe(503);
    expect(await dumpRows()).toEqual(before);
    expect((await world.post("/auth/passkeys/login", { credential })).status).toBe(200);
  });
});
