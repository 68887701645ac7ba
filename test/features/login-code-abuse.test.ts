import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { addApp, appCode, postTo } from "../support/authenticator.ts";
import { byCode, byLink, ownBrowser, requestCode } from "../support/login-codes.ts";
import { NO_COOLDOWN, outbox } from "../support/outbox.ts";
import { PASSWORD } from "../support/passwords.ts";
import { JANE, logIn, people, wrongCode } from "../support/people.ts";
import { atOnce } from "../support/race.ts";
import { verifyAddresses, verifyEmails } from "../support/rows.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorld, createWorldWithJane, stopClock, type World } from "../support/world.ts";

const MALLORY = "mallory@example.com";

/** Guesses at a code from as many networks. */
async function guessFromNetworks(world: World, code: string, guesses: number, first = 1) {
  for (let n = first; n < first + guesses; n++) {
    const from = { "cf-connecting-ip": `198.18.2.${n}` };
    await world.post("/auth/login/code", { email: JANE.email, otp: wrongCode(code, n) }, from);
  }
}

it("strangers' guesses do not use up the codes that the owner's device requested", async () => {
  const { world, login } = await createWorldWithJane(NO_COOLDOWN);
  await verifyEmails();
  const { device_token } = await login();
  const request = () => requestCode(world, { email: JANE.email, device_token });
  const first = await request();
  await guessFromNetworks(world, first.code, 5);
  expect((await byCode(world, first.code, { email: JANE.email }, { device_token })).status).toBe(200);

  await guessFromNetworks(world, (await request()).code, 5, 6);
  const last = await request();
  expect((await byCode(world, last.code, { email: JANE.email }, { device_token })).status).toBe(200);
});

it("a code that strangers requested has five attempts from all networks together", async () => {
  const { world } = await createWorldWithJane(NO_COOLDOWN);
  await verifyEmails();
  const { code } = await requestCode(world);
  await guessFromNetworks(world, code, 5);
  expect((await byCode(world, code)).status).toBe(400);
});

/** How many guesses of as many networks come before all networks are locked out. */
async function freeGuesses(signIns: number) {
  const { world } = await createWorldWithJane(NO_COOLDOWN);
  await verifyEmails();
  const start = Date.now();
  for (let n = 1; n <= signIns; n++) {
    stopClock(start + n * 1_801_000);
    expect((await byCode(world, (await requestCode(world)).code)).status).toBe(200);
  }
  for (let n = 1; ; n++) {
    const from = { "cf-connecting-ip": `203.0.${n}.1` };
    const { status } = await world.post("/auth/login", { identifier: JANE.email, password: "wrong-horse-7" }, from);
    if (status === 429) return n - 1;
  }
}

it("the lockout of all networks does not tell how often the owner signs in by codes", async () => {
  const never = await freeGuesses(0);
  await env.DB.exec("delete from users; delete from lockouts; delete from requested_messages");
  expect(await freeGuesses(4)).toBe(never);
});

it("wrong codes of a person who registered another's address do not lock the owner's second factor", async () => {
  const world = createWorld(NO_COOLDOWN);
  await world.post("/auth/register", { email: JANE.email, password: "attacker-horse-7" });
  const { access_token } = (await logIn(world, JANE.email, "attacker-horse-7")).json;
  await addApp(postTo(world), access_token);
  await env.DB.exec(
    "insert into lockouts (subject, failures, last_failed_at, locked_until) select id || '/second-factor', 100, 1, 9007199254740991 from users",
  );
  await world.flush();

  const own = await byCode(world, (await requestCode(world)).code);
  const { secret } = await addApp(postTo(world), own.json.access_token);
  const { login_token } = (await byCode(world, (await requestCode(world)).code)).json;
  const code = appCode(secret, 1);
  expect((await world.post("/auth/login/second-factor", { login_token, code })).status).toBe(200);
});

it("a nonce that somebody read in a shared browser binds no link there after they signed out", async () => {
  const { world } = await createWorldWithJane(NO_COOLDOWN);
  await world.post("/auth/register", { email: MALLORY, password: PASSWORD });
  await verifyAddresses();
  const shared = createVisitor(world);
  const askOnPage = async (identifier: string) => {
    await shared.post("/sign-in/code", { identifier });
    await world.flush();
    return shared.cookies.get("__Host-login_browser") ?? "";
  };
  const nonces = [await askOnPage(MALLORY)];
  await shared.post("/sign-in/code/enter", { identifier: MALLORY, otp: (await outbox.last()).code });
  nonces.push(await askOnPage(MALLORY));
  expect(nonces[1]).not.toBe(nonces[0]);
  await shared.post("/sign-out", {});

  await askOnPage(JANE.email);
  for (const nonce of nonces) {
    const lure = await requestCode(world, { email: MALLORY }, ownBrowser(nonce));
    expect((await shared.post("/sign-in/link", { token: lure.token })).status).toBe(403);
  }
});

it("a link whose delivery took long still signs in where it was requested", async () => {
  const { world } = await createWorldWithJane(NO_COOLDOWN);
  const asked = await world.post("/auth/login/request-code", { email: JANE.email });
  const seconds = Number(/__Host-login_browser=.*Max-Age=(\d+)/.exec(asked.headers.get("set-cookie") ?? "")?.[1]);
  expect(seconds).toBe(1800);
});

it("the API forgets the nonce of a browser that has signed in", async () => {
  const { world } = await createWorldWithJane(NO_COOLDOWN);
  await verifyEmails();
  const { token, nonce } = await requestCode(world);
  const { headers } = await byLink(world, token, nonce);
  expect(headers.get("set-cookie")).toContain("__Host-login_browser=; Max-Age=0");
});

it("a code that confirms an identity does not wait for the cool-down of a code that signs in", async () => {
  const { world, login } = await createWorldWithJane({ ...NO_COOLDOWN, OTP_RESEND_COOLDOWN_SECONDS: "30" });
  await verifyEmails();
  const { device_token, access_token: token } = await login();
  await world.post("/auth/login/request-code", { email: JANE.email, device_token });
  await world.call("POST", "/users/me/reauthenticate/request-code", { token });
  await world.flush();
  expect((await outbox.all()).filter(({ code }) => code).map(({ to }) => to)).toEqual([JANE.email, JANE.email]);
});

it("of two removals of an address at once, the late one has a stale session, not the last way in", async () => {
  const { world, own, call } = await people.jane.withPasskey();
  await verifyAddresses();
  await call("DELETE", "/users/me/password");
  const answers = await atOnce(2, () => world.call("DELETE", "/users/me/phone", { token: own.access_token }));
  expect(answers.map(({ json }) => json.code)).not.toContain("last_credential");
});
