import { env } from "cloudflare:workers";
import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { postTo } from "../support/authenticator.ts";
import { NO_COOLDOWN, outbox } from "../support/outbox.ts";
import { addPasskey, created } from "../support/passkeys.ts";
import { PASSWORD } from "../support/passwords.ts";
import { JANE, logIn, people } from "../support/people.ts";
import { count, race } from "../support/race.ts";
import { firstRow, replacePasswords, revokeSessions, rowCount, verifyEmails } from "../support/rows.ts";
import { BS, createPasskey, UP, UV } from "../support/security-key.ts";
import { createWorldWithJane, dumpRows } from "../support/world.ts";

const { withPasskey } = people.jane;

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
