import { env } from "cloudflare:workers";
import { decodeJwt } from "jose";
import { expect, it } from "vitest";
import { appCode } from "../support/authenticator.ts";
import { failingD1 } from "../support/bindings.ts";
import { askedForCode, byCode, requestCode } from "../support/login-codes.ts";
import { NO_COOLDOWN, outbox } from "../support/outbox.ts";
import { JANE, people, wrongCode } from "../support/people.ts";
import { count, race } from "../support/race.ts";
import { verifyEmails } from "../support/rows.ts";
import { createWorld, stopClock, type World } from "../support/world.ts";

const PROVE = "/users/me/reauthenticate";

async function ask(world: World, token: string) {
  const { status, json } = await world.call("POST", `${PROVE}/request-code`, { token });
  await world.flush();
  return { status, json, code: status === 202 ? (await outbox.last()).code : "" };
}

const prove = (world: World, token: string, otp: string) => world.call("POST", PROVE, { token, body: { otp } });

/** Jane, whose account has no password since she signed in by a code, an hour later. */
async function withoutPassword() {
  const { world, code } = await askedForCode();
  const token: string = (await byCode(world, code)).json.access_token;
  await env.DB.exec("update sessions set authenticated_at = 1");
  return { world, token };
}

const NEW_EMAIL = { email: "new@example.com" };

it("a code to a proven address renews the session of an account without a password, as one factor", async () => {
  const { world, token } = await withoutPassword();
  const change = (token: string) => world.call("POST", "/users/me/email", { token, body: NEW_EMAIL });
  expect((await change(token)).json.code).toBe("reauthentication_required");

  const { status, code } = await ask(world, token);
  const answers = await race(20, () => prove(world, token, code));
  expect([status, count(answers, 200), count(answers, 500)]).toEqual([202, 1, 0]);
});

it("the renewed session may change the account, and is not raised to two factors", async () => {
  const { world, token } = await withoutPassword();
  const { code } = await ask(world, token);

  const { status, json } = await prove(world, token, code);

  expect([status, decodeJwt(json.access_token)]).toMatchObject([200, { amr: ["otp"], acr: "aal1" }]);
  expect((await world.me(token)).status).toBe(401);
  const changed = await world.call("POST", "/users/me/email", { token: json.access_token, body: NEW_EMAIL });
  expect(changed.status).toBe(202);
});

it("a code does not take the place of a second factor", async () => {
  const { world, app, call } = await people.jane.withApp();
  await verifyEmails();
  const { code } = await ask(world, app.access_token);
  expect((await call("POST", PROVE, { otp: code })).status).toBe(200);

  const { status, json } = await call("DELETE", "/users/me/totp");
  expect([status, json.code]).toEqual([401, "reauthentication_required"]);
  stopClock(Date.now());
  expect((await call("POST", PROVE, { code: appCode(app.secret, 1) })).status).toBe(200);
  expect((await call("DELETE", "/users/me/totp")).status).toBe(200);
});

it("a code to sign in does not renew a session, and the other way round", async () => {
  const { world, token } = await withoutPassword();
  const login = await requestCode(world);
  const { code } = await ask(world, token);

  expect((await prove(world, token, login.code)).status).toBe(400);
  expect((await byCode(world, code)).status).toBe(400);
});

it("wrong codes are counted, for this session alone, and five are compared", async () => {
  const { world, token } = await withoutPassword();
  const { code } = await ask(world, token);

  const answers = await race(30, (n) => prove(world, token, wrongCode(code, n + 1)));

  expect([count(answers, 400), count(answers, 429)]).toEqual([5, 25]);
  expect((await prove(world, token, code)).status).toBe(429);
  expect((await byCode(world, (await requestCode(world)).code)).status).toBe(200);
});

it("a code is refused once its address is no longer proven, and none is sent to an unproven one", async () => {
  const { world, token } = await withoutPassword();
  const { code } = await ask(world, token);
  await env.DB.exec("update users set email_verified_at = null");

  expect((await prove(world, token, code)).status).toBe(400);
  const { status, json } = await ask(world, token);
  expect([status, json.code]).toEqual([404, "not_found"]);
});

it("a code still works after the database failed", async () => {
  const { world, token } = await withoutPassword();
  const { code } = await ask(world, token);
  const broken = createWorld({ ...NO_COOLDOWN, DB: failingD1(env.DB, 2, "before") });

  expect((await prove(broken, token, code)).status).toBe(503);
  expect((await prove(world, token, code)).status).toBe(200);
});

it("a request is answered with 404 where no method sends codes", async () => {
  const { token } = await withoutPassword();
  const world = createWorld({ ...NO_COOLDOWN, LOGIN_METHODS: "password,passkey" });
  expect((await ask(world, token)).status).toBe(404);
  expect(world.sent).toEqual([]);
  expect(JANE.email).toBe((await world.me(token)).json.email);
});
