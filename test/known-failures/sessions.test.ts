import { env } from "cloudflare:workers";
import { importJWK, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { NO_COOLDOWN, outbox } from "../support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { people } from "../support/people.ts";
import { firstRow } from "../support/rows.ts";
import { createWorld, createWorldWithJane, sidOf, stopClock } from "../support/world.ts";

/** Vulnerabilities of other projects, by their ids, in sessions and tokens. */
describe("known failures of other services", () => {
  it("GHSA-392p-2q2v-4372: concurrent refreshes do not fork a session, and a replay ends it", async () => {
    const start = Date.now();
    stopClock(start);
    const { world, login } = await createWorldWithJane();
    const { refresh_token } = await login();

    const [one, two] = await Promise.all([world.refresh(refresh_token), world.refresh(refresh_token)]);
    expect([one.status, two.status]).toEqual([200, 200]);
    expect((await firstRow("sessions")).generation).toBe(1);

    stopClock(start + 31_000);
    expect((await world.refresh(refresh_token)).json.code).toBe("refresh_token_reused");
    for (const { json } of [one, two]) expect((await world.refresh(json.refresh_token)).status).toBe(401);
  });

  it("GHSA-392p-2q2v-4372: a refresh that races a logout leaves no valid token", async () => {
    const { world, login } = await createWorldWithJane();
    const { refresh_token } = await login();

    const [refreshed] = await Promise.all([world.refresh(refresh_token), world.logout({ refresh_token })]);

    const newest = refreshed.json.refresh_token ?? refresh_token;
    expect((await world.refresh(newest)).status).toBe(401);
    expect((await world.refresh(refresh_token)).status).toBe(401);
  });

  it("CVE-2026-22706: a password change that names no device ends every other session", async () => {
    const { world, login } = await createWorldWithJane();
    const [own, ...others] = [await login(), await login(), await login()];

    const body = { old_password: PASSWORD, new_password: FRESH_PASSWORD };
    await world.call("POST", "/users/me/password", { token: own!.access_token, body });

    for (const { refresh_token, access_token } of others) {
      expect((await world.refresh(refresh_token)).status).toBe(401);
      expect((await world.me(access_token)).status).toBe(401);
    }
  });

  it("GHSA-2vg6-77g8-24mp: the tokens of a deleted account are refused", async () => {
    const { world, login } = await createWorldWithJane();
    const { access_token, refresh_token } = await login();

    await world.call("DELETE", "/users/me", { token: access_token, body: { password: PASSWORD } });

    expect((await world.me(access_token)).status).toBe(401);
    expect((await world.refresh(refresh_token)).status).toBe(401);
  });

  it("CVE-2026-22817: a token with another algorithm, type or audience is refused", async () => {
    const { world, login, jane } = await createWorldWithJane();
    const { access_token, refresh_token } = await login();
    const [header, payload, signature] = access_token.split(".") as [string, string, string];
    const encode = (value: object) => btoa(JSON.stringify(value)).replace(/=/g, "");
    const [published] = (await world.get("/.well-known/jwks.json")).json.keys;
    const [signing] = JSON.parse(env.JWT_SIGNING_KEYS).keys;
    const ours = await importJWK(signing, signing.alg);
    const claims = JSON.parse(atob(payload));
    const sign = (typ: string, changed: object) =>
      new SignJWT({ ...claims, ...changed }).setProtectedHeader({ alg: signing.alg, kid: signing.kid, typ }).sign(ours);
    const hmac = new TextEncoder().encode(JSON.stringify(published));

    const forged = [
      `${encode({ alg: "none", typ: "at+jwt" })}.${payload}.`,
      `${encode({ alg: "none", typ: "at+jwt", kid: signing.kid })}.${payload}.${signature}`,
      await new SignJWT(claims).setProtectedHeader({ alg: "HS256", kid: signing.kid, typ: "at+jwt" }).sign(hmac),
      await sign("JWT", {}),
      await sign("rt+jwt", {}),
      await sign("at+jwt", { aud: "https://other.test" }),
      await sign("at+jwt", { iss: "https://other.test" }),
      await sign("at+jwt", { sub: crypto.randomUUID() }),
      refresh_token,
    ];
    for (const token of forged) expect((await world.me(token)).status).toBe(401);
    expect((await world.me(`${header}.${payload}.${signature}`)).json.id).toBe(jane.id);
  });

  it("OWASP JWT denylist bypass: re-encoded tokens are refused after logout", async () => {
    const { world, login } = await createWorldWithJane();
    const { access_token, refresh_token } = await login();
    const [header, payload, signature] = access_token.split(".") as [string, string, string];
    await world.logout({ refresh_token });

    const last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".split("");
    const altered = [
      access_token,
      `${access_token}=`,
      ` ${access_token} `,
      `${header}.${payload}.${signature.replace(/-/g, "+").replace(/_/g, "/")}`,
      `${header}.${payload}.${signature}==`,
      ...last.map((letter) => `${header}.${payload}.${signature.slice(0, -1)}${letter}`),
    ];
    for (const token of altered) expect((await world.me(token)).status).toBe(401);
  });

  it("MSRC pre-hijacking, better-auth#10239: proving the address ends the sessions of an earlier registrant", async () => {
    await outbox.clear();
    const world = createWorld(NO_COOLDOWN);
    const email = "victim@example.com";
    const attackers = { email, password: "attackers-horse-6" };
    await world.post("/auth/register", attackers);
    const planted = (await world.post("/auth/login", attackers)).json;
    await world.post("/auth/request-reset", { email });
    await world.post("/auth/forgot-password", { email });
    await world.flush();
    const { token } = await outbox.last();
    const codes = (await outbox.all()).map(({ code }) => code).filter((code) => code !== "");

    expect((await world.post("/auth/reset-password", { token, new_password: PASSWORD })).status).toBe(204);

    expect((await world.post("/auth/login", attackers)).status).toBe(401);
    expect((await world.me(planted.access_token)).status).toBe(401);
    expect((await world.refresh(planted.refresh_token)).status).toBe(401);
    for (const otp of codes) {
      const body = { email, otp, new_password: "attackers-horse-6" };
      expect((await world.post("/auth/verify-reset", body)).status).toBe(400);
    }
    expect((await world.post("/auth/login", { email, password: PASSWORD })).status).toBe(200);
  });

  it("GHSA-4vcf-q4xf-f48m: a user cannot end another user's session by its id", async () => {
    const { world, login } = await createWorldWithJane();
    const { access_token: janes } = await login();
    await world.post("/auth/register", { email: "john@example.com", password: PASSWORD });
    const { json: john } = await world.post("/auth/login", { email: "john@example.com", password: PASSWORD });

    const path = `/users/me/sessions/${sidOf(janes)}`;
    expect((await world.call("DELETE", path, { token: john.access_token })).status).toBe(404);
    expect((await world.me(janes)).status).toBe(200);
  });

  it("workers-oauth-provider#234, #303: a session about to expire is denied for KV's minimum TTL", async () => {
    const { world, own } = await people.jane.signedIn();
    await env.DB.exec(`update sessions set expires_at = ${Date.now() + 2000}`);

    expect((await world.logout({ refresh_token: own.refresh_token })).status).toBe(204);
    expect((await world.refresh(own.refresh_token)).status).toBe(401);
    const { keys } = await env.DENYLIST.list();
    expect(keys.length).toBeGreaterThan(0);
  });
});
