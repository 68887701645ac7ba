import { env } from "cloudflare:workers";
import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { failingD1 } from "../support/bindings.ts";
import { askedForCode, byCode, byLink, ownBrowser, requestCode } from "../support/login-codes.ts";
import { NO_COOLDOWN, outbox, sentBy } from "../support/outbox.ts";
import { PASSWORD } from "../support/passwords.ts";
import { JANE, logIn, wrongCode } from "../support/people.ts";
import { atOnce, count, race } from "../support/race.ts";
import { disableUsers, eventTypes, rowCount, verifyAddresses, verifyEmails } from "../support/rows.ts";
import { createWorld, createWorldWithJane, dumpRows, ISSUER } from "../support/world.ts";

const REQUEST = "/auth/login/request-code";

describe("a mailed code", () => {
  it("signs in, verifies the address, and is one factor", async () => {
    const { world, code, to } = await askedForCode();

    const { status, json } = await byCode(world, code);

    expect([to, status, json.refresh_token === undefined, json.device_token === undefined]).toEqual([
      JANE.email,
      200,
      false,
      false,
    ]);
    expect(decodeJwt(json.access_token)).toMatchObject({ amr: ["otp"], acr: "aal1", email_verified: true });
    expect((await world.me(json.access_token)).json.email_verified).toBe(true);
    expect(await eventTypes()).toEqual(expect.arrayContaining(["logged_in", "email_verified"]));
  });

  it("is requested by any identifier, and takes the same one or the username", async () => {
    const { world } = await createWorldWithJane(NO_COOLDOWN);
    await verifyAddresses();
    const { code, to } = await requestCode(world, { identifier: "janedoe" });

    expect([to, (await byCode(world, code, { phone: JANE.phone })).status]).toEqual([JANE.email, 400]);
    expect((await byCode(world, code, { username: JANE.username })).status).toBe(200);
  });

  it("works once, also of fifty requests at once, and no longer as the link", async () => {
    const { world, code, token, nonce } = await askedForCode();
    const sessions = await rowCount("sessions");

    const codes = await race(5, () => byCode(world, code));
    const links = await race(45, () => byLink(world, token, nonce));

    expect([count(codes, 200), count(links, 200), count(links, 400)]).toEqual([1, 0, 45]);
    expect(await rowCount("sessions")).toBe(sessions + 1);
  });

  it("is the only one of its mails that works: the newest", async () => {
    const { world, code, token, nonce } = await askedForCode();
    const newer = await requestCode(world, { email: JANE.email }, ownBrowser(nonce));

    expect(newer.nonce).toBe(nonce);
    expect([(await byCode(world, code)).status, (await byLink(world, token, nonce)).status]).toEqual([400, 400]);
    expect((await byLink(world, newer.token, nonce)).status).toBe(200);
  });

  it("keeps the refresh token in the cookie, from an allowed origin only", async () => {
    const { world, code } = await askedForCode();
    const from = (origin: string) =>
      world.post("/auth/login/code", { email: JANE.email, otp: code, transport: "cookie" }, { origin });

    expect((await from("https://evil.example")).status).toBe(403);
    const { status, headers, json } = await from(ISSUER);
    expect([status, json.refresh_token]).toEqual([200, undefined]);
    expect(headers.get("set-cookie")).toContain("__Host-refresh_token=");
  });

  it("is compared five times, and ten times an hour with the codes after it", async () => {
    const { world, ...first } = await askedForCode();
    const guess = async (otp: string) => {
      await env.DB.exec("delete from lockouts");
      return (await byCode(world, otp)).status;
    };
    for (let n = 1; n <= 5; n++) expect(await guess(wrongCode(first.code, n))).toBe(400);
    expect(await guess(first.code)).toBe(400);
    const second = await requestCode(world);
    for (let n = 1; n <= 5; n++) expect(await guess(wrongCode(second.code, n))).toBe(400);
    const third = await requestCode(world);

    expect(await guess(third.code)).toBe(400);
    // Nobody can guess a link.
    expect((await byLink(world, third.token, third.nonce)).status).toBe(200);
  });

  it("of fifty wrong ones at once is compared five times before the account is locked", async () => {
    const { world, code } = await askedForCode();

    const statuses = await race(50, (n) => byCode(world, wrongCode(code, n + 1)));

    expect([count(statuses, 400), count(statuses, 429)]).toEqual([5, 45]);
    expect((await byCode(world, code)).status).toBe(429);
    expect((await logIn(world)).status).toBe(429);
  });

  it("that is right on the fifth attempt signs in, and clears the failed ones", async () => {
    const { world, code } = await askedForCode();
    for (let n = 1; n <= 4; n++) expect((await byCode(world, wrongCode(code, n))).status).toBe(400);

    expect((await byCode(world, code)).status).toBe(200);
    expect((await logIn(world, JANE.email, "wrong-horse-7")).status).toBe(401);
  });

  it.each([1, 2])("still works after a failure of the database at trip %d", async (trip) => {
    const { world, code } = await askedForCode();
    const before = await dumpRows();
    const broken = createWorld({ ...NO_COOLDOWN, DB: failingD1(env.DB, trip, "before") });

    expect((await byCode(broken, code)).status).toBe(503);

    const rest = (await dumpRows()).map((rows) => rows.length);
    // The attempt counts, and nothing else happened.
    if (trip === 1) expect(await dumpRows()).toEqual(before);
    else expect(rest.reduce((a, b) => a + b)).toBe(before.flat().length + 3);
    expect((await byCode(world, code)).status).toBe(200);
  });

  it("opens no disabled account, and none is sent to one", async () => {
    const { world, code } = await askedForCode();
    await disableUsers();

    expect((await byCode(world, code)).json.code).toBe("account_disabled");
    expect(await sentBy(world, REQUEST, { email: JANE.email })).toEqual([]);
  });

  it("is void after a change of credentials", async () => {
    const { world, login, code, token, nonce } = await askedForCode();
    const { access_token } = await login();
    const body = { old_password: PASSWORD, new_password: "brand-new-horse-8" };
    expect((await world.call("POST", "/auth/change-password", { token: access_token, body })).status).toBe(200);

    expect([(await byCode(world, code)).status, (await byLink(world, token, nonce)).status]).toEqual([400, 400]);
  });

  it.each(["12345", "1234567", "abcdef", ""])("of the form %j is refused before it counts", async (otp) => {
    const { world } = await askedForCode();
    const before = await dumpRows();
    expect((await byCode(world, otp)).status).toBe(422);
    expect(await dumpRows()).toEqual(before);
  });

  it("works after PEPPER was rotated, and only as the one that was sent", async () => {
    const { code, token, nonce } = await askedForCode();
    const rotated = createWorld({ ...NO_COOLDOWN, PEPPER: `${"A".repeat(43)},${env.PEPPER}` });

    const elsewhere = await byLink(rotated, token, "B".repeat(43));
    expect([elsewhere.json.code, elsewhere.json.otp]).toEqual(["other_browser", code]);
    expect((await byCode(rotated, code)).status).toBe(200);
    expect((await byLink(rotated, token, nonce)).status).toBe(400);
  });

  it("is not requested by pages of other sites", async () => {
    const { world } = await createWorldWithJane(NO_COOLDOWN);
    const evil = { origin: "https://evil.example" };

    const { status, headers } = await world.post(REQUEST, { email: "mallory@example.com" }, evil);

    expect([status, headers.get("set-cookie"), world.sent]).toEqual([403, null, []]);
  });
});

describe("a request for a code", () => {
  it("looks the same for any identifier: no trip to the database, and a cookie", async () => {
    const { world } = await createWorldWithJane(NO_COOLDOWN);
    const asks = [{ email: JANE.email }, { email: "nobody@example.com" }, { phone: JANE.phone }, { username: "x-y" }];
    for (const name of asks) {
      const cost = await world.cost(async () => {
        const { status, text, headers } = await world.post(REQUEST, name);
        expect([status, text]).toEqual([202, ""]);
        expect(headers.get("set-cookie")).toMatch(
          /^__Host-login_browser=[\w-]{43}; Max-Age=1800; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
        );
      });
      expect(cost).toEqual({ d1: 0, kv: 0, queue: 1 });
    }
    await world.flush();
    expect((await outbox.all()).map(({ to }) => to)).toEqual([JANE.email]);
  });

  it("and a code cost the same whether the account exists or not", async () => {
    const { world } = await askedForCode();
    const attempt = async (name: object) => {
      const answers: unknown[] = [];
      const cost = await world.cost(async () => answers.push((await byCode(world, "000000", name)).json));
      return [cost, answers];
    };
    expect(await attempt({ email: "nobody@example.com" })).toEqual(await attempt({ email: JANE.email }));
  });

  it("puts neither the nonce nor a code into the queue", async () => {
    const { world } = await createWorldWithJane(NO_COOLDOWN);
    const { headers } = await world.post(REQUEST, { email: JANE.email });
    const nonce = headers.get("set-cookie")?.slice("__Host-login_browser=".length).slice(0, 43) ?? "?";

    expect(JSON.stringify(world.sent)).not.toContain(nonce);
    await world.flush();
    const { code, token } = await outbox.last();
    const dump = JSON.stringify(await dumpRows());
    expect([nonce, code, token].filter((secret) => dump.includes(`"${secret}"`))).toEqual([]);
  });

  it("has a budget of its own, which an owner's device does not share with strangers", async () => {
    const { world, login } = await createWorldWithJane(NO_COOLDOWN);
    await verifyEmails();
    const { device_token } = await login();
    await atOnce(8, () => world.post(REQUEST, { email: JANE.email }));
    await world.flush();
    expect(await outbox.all()).toHaveLength(5);

    expect(await sentBy(world, "/auth/forgot-password", { email: JANE.email })).toHaveLength(1);
    expect(await sentBy(world, REQUEST, { email: JANE.email, device_token })).toHaveLength(1);
  });

  it("is answered with 404 if LOGIN_METHODS lists neither kind of code", async () => {
    const { world } = await createWorldWithJane({ LOGIN_METHODS: "password,passkey" });
    const answers = await Promise.all([
      world.post(REQUEST, { email: JANE.email }),
      byCode(world, "123456"),
      byLink(world, "x".repeat(43)),
    ]);
    expect(answers.map(({ status, json }) => [status, json.code])).toEqual(Array(3).fill([404, "not_found"]));
  });
});
