import { env } from "cloudflare:workers";
import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { postTo } from "../support/authenticator.ts";
import { failingD1 } from "../support/bindings.ts";
import { addPasskey, asserted, created, signInWith } from "../support/passkeys.ts";
import { PASSWORD } from "../support/passwords.ts";
import { logIn, people } from "../support/people.ts";
import { count, race } from "../support/race.ts";
import { firstRow, rowCount, rows } from "../support/rows.ts";
import { call as callRpc } from "../support/rpc.ts";
import { BE, BS, createPasskey, UP, UV } from "../support/security-key.ts";
import { createWorld, createWorldWithJane, dumpRows, stopClock, unlock } from "../support/world.ts";

const { withPasskey } = people.jane;

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
