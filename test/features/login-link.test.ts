import { env } from "cloudflare:workers";
import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { failingD1 } from "../support/bindings.ts";
import { askedForCode, byCode, byLink, ownBrowser, requestCode } from "../support/login-codes.ts";
import { NO_COOLDOWN } from "../support/outbox.ts";
import { PASSWORD } from "../support/passwords.ts";
import { JANE, logIn } from "../support/people.ts";
import { count, race } from "../support/race.ts";
import { rowCount } from "../support/rows.ts";
import { createWorld, dumpRows, ISSUER, sidOf } from "../support/world.ts";

const MALLORY = "mallory@example.com";

describe("a mailed link", () => {
  it("signs in the browser that asked, once of fifty requests, and the code no longer does", async () => {
    const { world, token, code, nonce } = await askedForCode();

    const statuses = await race(50, () => byLink(world, token, nonce));

    expect([count(statuses, 200), count(statuses, 400)]).toEqual([1, 49]);
    expect((await byCode(world, code)).status).toBe(400);
  });

  it("survives a scanner that opens it by HEAD and GET twice", async () => {
    const { world, token, nonce } = await askedForCode();
    const before = await dumpRows();
    for (const method of ["HEAD", "GET", "HEAD", "GET"])
      for (const path of ["/sign-in/link", "/auth/login/link"]) await world.call(method, `${path}?token=${token}`);

    expect(await dumpRows()).toEqual(before);
    expect((await byLink(world, token, nonce)).status).toBe(200);
  });

  it.each([
    ["no nonce", undefined],
    ["another nonce", "A".repeat(43)],
    ["a nonce of another form", "A"],
  ])("in a browser with %s shows the code instead, and stays valid", async (_, other) => {
    const { world, token, code, nonce } = await askedForCode();
    const before = await dumpRows();

    const { status, json, headers } = await byLink(world, token, other);

    expect([status, json.code, json.otp, headers.get("set-cookie")]).toEqual([403, "other_browser", code, null]);
    expect(await dumpRows()).toEqual(before);
    expect((await byLink(world, token, nonce)).status).toBe(200);
  });

  it("of an attacker signs no visitor in as the attacker, whatever the visitor asked for", async () => {
    const { world, nonce, ...own } = await askedForCode();
    await world.post("/auth/register", { email: MALLORY, password: PASSWORD });
    const lure = await requestCode(world, { email: MALLORY });

    // The visitor's browser has a nonce of its own.
    const { json } = await byLink(world, lure.token, nonce, { transport: "body" });
    expect([json.code, json.access_token]).toEqual(["other_browser", undefined]);
    expect((await byLink(world, own.token, nonce)).status).toBe(200);
  });

  it("switches the account of a browser that is signed in as another, who keeps the session", async () => {
    const { world, token, nonce } = await askedForCode();
    await world.post("/auth/register", { email: MALLORY, password: PASSWORD });
    const other = (await logIn(world, MALLORY)).json;
    const cookie = `${ownBrowser(nonce).cookie}; __Host-refresh_token=${other.refresh_token}`;

    const { status, json, headers } = await world.post(
      "/auth/login/link",
      { token, transport: "cookie" },
      { cookie, origin: ISSUER },
    );

    expect([status, (await world.me(json.access_token)).json.email]).toEqual([200, JANE.email]);
    expect(headers.get("set-cookie")).toContain("__Host-refresh_token=");
    expect((await world.refresh(other.refresh_token)).status).toBe(200);
  });

  it("replaces the session of the same user in that browser", async () => {
    const { world, login, token, nonce } = await askedForCode();
    await env.DB.exec("update users set email_verified_at = 1");
    const [current, elsewhere] = [await login(), await login()];
    const cookie = `${ownBrowser(nonce).cookie}; __Host-refresh_token=${current.refresh_token}`;
    await world.post("/auth/login/link", { token, transport: "cookie" }, { cookie, origin: ISSUER });

    expect((await world.refresh(current.refresh_token)).status).toBe(401);
    expect((await world.refresh(elsewhere.refresh_token)).status).toBe(200);
  });

  it("is not held back by strangers who have locked the account", async () => {
    const { world, token, nonce } = await askedForCode();
    for (let n = 0; n < 6; n++) await logIn(world, "janedoe", "wrong-horse-7");
    expect((await logIn(world)).status).toBe(429);

    expect((await byLink(world, token, nonce)).status).toBe(200);
  });

  it("takes the origin of a frontend, and no other", async () => {
    const { world, token, nonce } = await askedForCode({ ALLOWED_ORIGINS: "https://app.example.com" });
    const from = (origin: string) =>
      world.post("/auth/login/link", { token }, { ...ownBrowser(nonce), origin }).then(({ status }) => status);

    expect([await from("https://evil.example"), await from("https://app.example.com")]).toEqual([403, 200]);
  });

  it.each(["", "x", "A".repeat(43), "A".repeat(4000)])("with the token %j is invalid", async (token) => {
    const { world, nonce } = await askedForCode();
    const { status, json } = await byLink(world, token, nonce);
    expect([status, json.code]).toEqual([400, "invalid_token"]);
  });

  it("is invalid after it has expired, and a link for another purpose always", async () => {
    const { world, token, nonce } = await askedForCode();
    await world.post("/auth/forgot-password", { email: JANE.email });
    await world.flush();
    await env.DB.exec("update one_time_secrets set expires_at = 1 where purpose = 'login-code'");

    expect((await byLink(world, token, nonce)).status).toBe(400);
    await env.DB.exec("update one_time_secrets set purpose = 'verification', expires_at = 9e12");
    expect((await byLink(world, token, nonce)).status).toBe(400);
  });

  it.each([1, 2])("still works after a failure of the database at trip %d", async (trip) => {
    const { world, token, nonce } = await askedForCode();
    const before = await dumpRows();
    const broken = createWorld({ ...NO_COOLDOWN, DB: failingD1(env.DB, trip, "before") });

    expect((await byLink(broken, token, nonce)).status).toBe(503);
    expect(await dumpRows()).toEqual(before);
    const { json } = await byLink(world, token, nonce);
    expect(decodeJwt(json.access_token)["sid"]).toBe(sidOf(json.access_token));
    expect(await rowCount("sessions")).toBe(1);
  });
});
