import { decodeJwt } from "jose";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createAuthClient } from "../../src/sdk/client.ts";
import { createTestIssuer } from "../../src/sdk/testing.ts";
import { appCode } from "../support/authenticator.ts";
import { NO_COOLDOWN, outbox } from "../support/outbox.ts";
import { JANE, wrongCode } from "../support/people.ts";
import { verifyEmails } from "../support/rows.ts";
import { browser, connect, createSignedIn, OK } from "../support/sdk-network.ts";
import { createWorld, createWorldWithJane, ISSUER, type World } from "../support/world.ts";

afterEach(() => vi.unstubAllGlobals());

const pass = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);

type Client = ReturnType<typeof createAuthClient>;

/** Requests a code to sign in, and returns what was sent. */
async function requested(world: World, client: Client, email = JANE.email) {
  expect(await client.requestCode({ email })).toEqual(OK);
  await world.flush();
  return outbox.last();
}

describe("the client", () => {
  it("signs in by a code that it requested, to an account or a new one", async () => {
    const world = createWorld({ ...NO_COOLDOWN, LOGIN_METHODS: "email_code" });
    connect(world);
    const onSignedIn = vi.fn();
    const client = createAuthClient(ISSUER, { onSignedIn });

    for (const _ of ["the new account", "the account"]) {
      const { code } = await requested(world, client);
      const { email } = JANE;
      expect(await client.loginByCode({ email, otp: wrongCode(code) })).toEqual({ ok: false, code: "invalid_code" });
      expect(await client.loginByCode({ email, otp: code })).toEqual(OK);
    }

    const me = await client.me();
    expect(me).toMatchObject({ ok: true, value: { email: JANE.email, email_verified: true } });
    expect(onSignedIn.mock.calls).toEqual([[me.ok && me.value.id]]);
  });

  it("signs in by the link in the browser that requested it, and gets the code to show in another one", async () => {
    const { world, jane } = await createWorldWithJane(NO_COOLDOWN);
    const { open, cookies } = browser(world);
    const client = open();
    const tab = open();
    const { token, code } = await requested(world, client);
    const own = [...cookies.jar];

    cookies.jar.clear();
    expect(await client.loginByLink(token)).toEqual({ ok: false, code: "other_browser", otp: code });
    expect([cookies.jar.size, client.state().status]).toEqual([0, "unknown"]);
    for (const [name, value] of own) cookies.jar.set(name, value);
    expect(await client.loginByLink(token)).toEqual(OK);

    expect(cookies.jar.has("__Host-refresh_token")).toBe(true);
    expect(tab.state()).toEqual({ status: "signed-in", userId: jane.id });
    expect(await client.loginByLink(token)).toEqual({ ok: false, code: "invalid_token" });
  });

  it("asks for the second factor after a code, which `secondFactor` then proves", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { world, client } = await createSignedIn(NO_COOLDOWN);
    const started = await client.totp.start();
    const secret = started.ok ? started.value.secret : "";
    await client.totp.confirm(appCode(secret));
    await verifyEmails();
    pass(60);
    const { code } = await requested(world, client);

    const first = await client.loginByCode({ email: JANE.email, otp: code });

    expect(first).toMatchObject({ code: "second_factor_required", factors: ["totp", "recovery_code"] });
    const login_token = "login_token" in first ? first.login_token : "";
    expect(await client.secondFactor({ login_token, code: appCode(secret) })).toEqual(OK);
  });

  it("proves a user without a password again by a code", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const world = createWorld({ ...NO_COOLDOWN, LOGIN_METHODS: "email_code" });
    connect(world);
    const client = createAuthClient(ISSUER);
    expect(await client.requestReauthenticationCode()).toEqual({ ok: false, code: "unauthenticated" });
    const { code } = await requested(world, client);
    await client.loginByCode({ email: JANE.email, otp: code });
    pass(600);
    const change = () => client.changeEmail({ email: "jane@new.example" });
    expect(await change()).toEqual({ ok: false, code: "reauthentication_required", stepUp: { maxAge: 300 } });

    expect(await client.requestReauthenticationCode()).toEqual(OK);
    await world.flush();
    expect(await client.reauthenticate({ otp: (await outbox.last()).code })).toEqual(OK);

    expect(await change()).toEqual(OK);
  });
});

it("the test issuer signs in by a code once, which the tokens say, also after a second factor", async () => {
  const { auth, addUser, messages } = await createTestIssuer();
  const [{ email }, john] = [JANE, { email: "john@example.com", second_factor: "123456" }];
  addUser({ email });
  addUser(john);
  const loginByCode = async (email: string) => {
    await auth.requestLoginCode({ email });
    return auth.loginByCode({ email, otp: messages[0]?.secret ?? "" });
  };
  const amrOf = (tokens: { ok: boolean; value?: { access_token: string } }) =>
    decodeJwt(tokens.value?.access_token ?? "")["amr"];

  expect(amrOf(await loginByCode(email))).toEqual(["otp"]);
  expect(messages).toEqual([]);
  const first = await loginByCode(john.email);
  const { login_token } = (!first.ok && first.secondFactor) || { login_token: "" };
  expect(amrOf(await auth.secondFactor({ login_token, code: "123456" }))).toEqual(["otp", "mfa"]);
});
