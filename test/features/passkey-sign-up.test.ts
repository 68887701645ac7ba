import { env } from "cloudflare:workers";
import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { postTo } from "../support/authenticator.ts";
import { failingD1 } from "../support/bindings.ts";
import { NO_COOLDOWN, outbox } from "../support/outbox.ts";
import { addPasskey, asserted, created, passkeySignUp, signInWith } from "../support/passkeys.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { logIn } from "../support/people.ts";
import { count, race } from "../support/race.ts";
import { firstRow, rowCount, rows } from "../support/rows.ts";
import { call as callRpc } from "../support/rpc.ts";
import { BE, BS, createPasskey, UP, UV } from "../support/security-key.ts";
import { createWorld, createWorldWithJane, dumpRows, stopClock } from "../support/world.ts";

const KIM = { email: "kim@example.com", username: "kimpark" };
const LEE = { email: "lee@example.com" };

/** The tables that a registration fills. */
const TABLES = ["users", "passwords", "passkeys", "recovery_codes", "audit_events"] as const;
const counts = () => Promise.all(TABLES.map(rowCount));
const NOTHING = [0, 0, 0, 0, 0];
const ONE_ACCOUNT = [1, 0, 1, 10, 1];

describe("a registration with a passkey", () => {
  it("creates an account without a password, which the passkey signs in to", async () => {
    const world = createWorld(NO_COOLDOWN);
    const { options, body, own } = await passkeySignUp(world, KIM);
    expect(options).toMatchObject({
      user: { name: KIM.email, displayName: KIM.email },
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
      excludeCredentials: [],
    });

    const { status, json } = await world.post("/auth/register", { ...body, passkey_name: " My phone " });

    expect([status, json.email, json.recovery_codes.length]).toEqual([201, KIM.email, 10]);
    expect(await counts()).toEqual(ONE_ACCOUNT);
    expect(await firstRow("passkeys")).toMatchObject({ user_id: json.id, name: "My phone", first_factor: 1 });
    await world.flush();
    expect(await outbox.last()).toMatchObject({ to: KIM.email, code: expect.stringMatching(/^\d{6}$/) });

    const post = postTo(world);
    const tokens = await post("/auth/passkeys/login", { credential: await signInWith(post, own) });
    expect(decodeJwt(tokens.access_token)).toMatchObject({ sub: json.id, amr: ["hwk", "user", "mfa"], acr: "aal2" });
    expect((await world.call("GET", "/users/me/factors", { token: tokens.access_token })).json).toEqual({
      password: false,
      totp: null,
      passkeys: 1,
      recovery_codes_left: 10,
      identities: 0,
      removal_due_at: null,
    });
    expect((await logIn(world, KIM.email)).json.code).toBe("invalid_credentials");
    expect(
      (await world.call("DELETE", `/users/me/passkeys/${body.credential.id}`, { token: tokens.access_token })).json
        .code,
    ).toBe("last_credential");
  });

  it("gives recovery codes that work beside a password that is set later", async () => {
    const world = createWorld(NO_COOLDOWN);
    const { body, own } = await passkeySignUp(world, KIM);
    const [code] = (await world.post("/auth/register", body)).json.recovery_codes;
    const post = postTo(world);
    const { access_token: token } = await post("/auth/passkeys/login", { credential: await signInWith(post, own) });
    await world.call("POST", "/users/me/password", { token, body: { new_password: FRESH_PASSWORD } });

    const { login_token } = (await logIn(world, KIM.username, FRESH_PASSWORD)).json;
    expect((await post("/auth/login/second-factor", { login_token, code })).access_token).toBeTruthy();
  });

  it("works over a service binding", async () => {
    const world = createWorld();
    const options = (await callRpc(world, "registerOptions", LEE)).value;
    const credential = created(await createPasskey(), options);
    const { ok, value } = await callRpc(world, "register", { ...LEE, credential });
    expect([ok, value.email, value.recovery_codes.length]).toEqual([true, LEE.email, 10]);
    expect((await callRpc(world, "registerOptions", { username: "lee" })).code).toBe("invalid_request");
  });

  it("makes one account of fifty requests at once, also for fifty addresses", async () => {
    const world = createWorld();
    const { body } = await passkeySignUp(world, LEE);

    const answers = await race(50, (n) =>
      world.post("/auth/register", { ...body, email: `${n}@example.com` }, { "cf-connecting-ip": `198.51.100.${n}` }),
    );

    expect([count(answers, 201), count(answers, 400), await counts()]).toEqual([1, 49, ONE_ACCOUNT]);
  });

  it("is not repeated for its challenge, also after the account is deleted", async () => {
    const world = createWorld(NO_COOLDOWN);
    const { options, body, own } = await passkeySignUp(world, LEE);
    await world.post("/auth/register", body);
    const post = postTo(world);
    const { access_token: token } = await post("/auth/passkeys/login", { credential: await signInWith(post, own) });
    expect((await world.call("DELETE", "/users/me", { token, body: {} })).status).toBe(204);

    const other = created(await createPasskey(), options);
    for (const credential of [body.credential, other]) {
      expect((await world.post("/auth/register", { ...KIM, credential })).json.code).toBe("invalid_passkey");
    }
    expect([await rowCount("users"), await rowCount("passkeys")]).toEqual([0, 0]);
  });

  it("is refused for a passkey that an account has", async () => {
    const { world, login } = await createWorldWithJane();
    const { passkey } = await addPasskey(postTo(world), (await login()).access_token);
    const before = await counts();
    const { body } = await passkeySignUp(world, LEE, { passkey });

    const { status, json } = await world.post("/auth/register", body);

    expect([status, json.code, await counts()]).toEqual([409, "passkey_exists", before]);
  });

  it("names taken identifiers like a registration with a password, and creates nothing", async () => {
    const { world, jane } = await createWorldWithJane();
    const before = await counts();
    const { body } = await passkeySignUp(world, { email: jane.email, username: "janedoe" });

    const { status, json } = await world.post("/auth/register", body);

    expect([status, json.code]).toEqual([409, "email_taken"]);
    expect(json.errors.map(({ path }: { path: string }) => path)).toEqual(["email", "username"]);
    expect(await counts()).toEqual(before);
  });

  it("answers the same for a taken address if that is hidden, also when it is repeated", async () => {
    const { jane } = await createWorldWithJane();
    const world = createWorld({ ...NO_COOLDOWN, REQUIRE_VERIFICATION: "true" });
    const answersOf = async (email: string) => {
      const { body } = await passkeySignUp(world, { email });
      const [first, again] = [await world.post("/auth/register", body), await world.post("/auth/register", body)];
      return [first.status, Object.keys(first.json), first.json.recovery_codes.length, again.status, again.json.code];
    };

    expect(await answersOf(jane.email)).toEqual(await answersOf(LEE.email));
    expect([await rowCount("users"), await rowCount("passkeys")]).toEqual([2, 1]);
    expect(await rows("users")).toContainEqual(expect.objectContaining(LEE));
    await world.flush();
    expect((await outbox.exactly(2)).map(({ to }: { to: string }) => to).sort()).toEqual([jane.email, LEE.email]);
  });

  it.each([
    ["both a password and a passkey", { password: PASSWORD }, 422, "invalid_request"],
    ["another origin", { clientData: { origin: "https://evil.test" } }, 400, "invalid_passkey"],
    ["another relying party", { rpId: "evil.test" }, 400, "invalid_passkey"],
    ["a user whom the authenticator did not verify", { flags: UP | 0x40 }, 400, "invalid_passkey"],
    ["no user at the authenticator", { flags: UV | 0x40 }, 400, "invalid_passkey"],
    ["a backup state without eligibility", { flags: UP | UV | 0x40 | BS }, 400, "invalid_passkey"],
    ["a passkey that is not discoverable", { credProps: { rk: false } }, 400, "invalid_passkey"],
    ["another id", { id: "AAAA" }, 400, "invalid_passkey"],
    [
      "trailing bytes",
      { encoded: (object: Buffer) => Buffer.concat([object, Buffer.from([0])]) },
      400,
      "invalid_passkey",
    ],
    ["a challenge of our own making", { clientData: { challenge: "Y2hhbGxlbmdl" } }, 400, "invalid_passkey"],
  ])("with %s is refused, and stores nothing", async (_, deviation, status, code) => {
    const world = createWorld();
    const { clientData = {}, password, credProps, ...others } = deviation as Record<string, object>;
    const { options } = await passkeySignUp(world, LEE);
    const data = { challenge: options.challenge, origin: "https://auth.test", ...clientData };
    const credential = created(await createPasskey(), options, { ...others, clientData: data });
    const body = { ...LEE, password, credential: { ...credential, clientExtensionResults: { credProps } } };

    const answer = await world.post("/auth/register", body);

    expect([answer.status, answer.json.code, await counts()]).toEqual([status, code, NOTHING]);
    expect(await rowCount("spent_challenges")).toBe(0);
  });

  it("takes a challenge of its own kind, until it expires", async () => {
    const { world, login } = await createWorldWithJane();
    const { access_token: token } = await login();
    const post = postTo(world);
    const options = await post("/users/me/passkeys/options", { password: PASSWORD }, token);
    const own = await passkeySignUp(world, LEE);
    const codeOf = async (path: string, body: object, bearer?: string) => (await post(path, body, bearer)).code;

    const added = created(await createPasskey(), options);
    expect(await codeOf("/auth/register", { ...LEE, credential: added })).toBe("invalid_passkey");
    expect(await codeOf("/users/me/passkeys", { credential: own.body.credential }, token)).toBe("invalid_passkey");
    const credential = await asserted(own.own.passkey, own.options, own.own.user_handle);
    expect(await codeOf("/auth/passkeys/login", { credential })).toBe("invalid_credentials");
    stopClock(Date.now() + 300_000);
    expect(await codeOf("/auth/register", own.body)).toBe("invalid_passkey");
  });

  it("says that a copied passkey is not bound to hardware", async () => {
    const world = createWorld();
    const { body } = await passkeySignUp(world, LEE, { flags: UP | UV | 0x40 | BE | BS });
    expect((await world.post("/auth/register", body)).status).toBe(201);
    expect(await firstRow("passkeys")).toMatchObject({ backup_eligible: 1, backed_up: 1 });
  });

  it.each([
    ["before", NOTHING, 201],
    ["after", ONE_ACCOUNT, 400],
  ] as const)("is whole or undone if the database fails %s its trip", async (when, left, again) => {
    const { body } = await passkeySignUp(createWorld(), LEE);
    const broken = createWorld({ DB: failingD1(env.DB, 1, when) });

    expect((await broken.post("/auth/register", body)).status).toBe(503);
    expect(await counts()).toEqual(left);
    expect((await createWorld().post("/auth/register", body)).status).toBe(again);
    expect(await counts()).toEqual(ONE_ACCOUNT);
  });
});

describe("the options of a registration", () => {
  it("are the same for a taken address, and ask the database nothing", async () => {
    const { world, jane } = await createWorldWithJane();
    const before = await dumpRows();
    const shapeOf = async (email: string) => {
      const { status, json } = await world.post("/auth/register/options", { email });
      const { challenge, user, ...same } = json;
      return { status, same, length: challenge.length, handle: user.id.length, name: user.name === email };
    };
    expect(await world.cost(async () => expect(await shapeOf(jane.email)).toEqual(await shapeOf(LEE.email)))).toEqual(
      await world.cost(async () => {}),
    );
    expect(await dumpRows()).toEqual(before);
  });

  it("name the user by the email address, else by the username, else by the number", async () => {
    const world = createWorld();
    const nameFor = async (body: object) => (await world.post("/auth/register/options", body)).json.user.name;
    expect(await nameFor({ phone: "+1 202 555 0177", username: "lee", ...LEE })).toBe(LEE.email);
    expect(await nameFor({ phone: "+1 202 555 0177", username: "lee" })).toBe("lee");
    expect(await nameFor({ phone: "+1 202 555 0177" })).toBe("+12025550177");
    expect((await world.post("/auth/register/options", { phone: "12" })).status).toBe(422);
  });
});
