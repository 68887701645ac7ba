import { describe, expect, it } from "vitest";
import { createAuthClient } from "../../src/sdk/client.ts";
import { createTestCredentials, createTestIssuer } from "../../src/sdk/testing.ts";
import { connect, createSignedIn, JANE, OK } from "../support/sdk-network.ts";
import { createWorld, ISSUER, PASSWORD } from "../support/world.ts";

it("the passkeys of the test kit are accepted by the service: alone, as a second factor, and to prove the user", async () => {
  const { world } = await createSignedIn();
  connect(world);
  const client = createAuthClient(ISSUER, { credentials: createTestCredentials(`${ISSUER}/page`) });
  await client.login(JANE);
  expect([client.passkeys.supported(), await client.passkeys.autofillSupported()]).toEqual([true, false]);
  expect(await client.passkeys.signIn()).toMatchObject({ code: "canceled", cause: { name: "NotAllowedError" } });

  expect(await client.passkeys.register()).toMatchObject({ ok: true, value: { passkey: { name: "Passkey" } } });
  expect(await client.passkeys.register()).toMatchObject({ code: "passkey_exists" });
  expect(await client.reauthenticate({ passkey: true })).toEqual(OK);
  await client.logout();

  expect([await client.passkeys.signIn(), (await client.me()).ok]).toEqual([OK, true]);
  const first = await client.login(JANE);
  const login_token = "login_token" in first ? first.login_token : "";
  expect(await client.secondFactor({ login_token, passkey: true })).toEqual(OK);
});

it("the passkeys of the test kit have valid signatures, whatever their bytes are", async () => {
  connect(createWorld());
  const credentials = createTestCredentials(ISSUER);
  const client = createAuthClient(ISSUER, { credentials });
  const account = { email: "john@example.com", password: PASSWORD };
  await client.register(account);
  await client.login(account);
  await client.passkeys.register();

  // Half of the numbers of a signature need another byte in DER, and one of 128 a byte less.
  for (let n = 0; n < 8; n++) expect(await client.passkeys.signIn()).toEqual(OK);
});

it("the test issuer signs in users by the id of their passkey, alone or after the password", async () => {
  const { auth, addUser } = await createTestIssuer();
  const jane = addUser({ email: "jane@example.com", password: PASSWORD, passkey: "jane" });
  const response = { clientDataJSON: "", authenticatorData: "", signature: "" };
  const credentialOf = (id: string) => ({ id, rawId: id, type: "public-key", response }) as const;
  expect(await auth.passkeyOptions()).toMatchObject({ value: { allowCredentials: [] } });
  expect(await auth.passkeyLogin({ credential: credentialOf("john") })).toMatchObject({ code: "invalid_credentials" });

  const alone = await auth.passkeyLogin({ credential: credentialOf("jane") });

  const strong = { sub: jane.id, acr: "aal2", amr: ["swk", "user", "mfa"] };
  expect(await auth.verify(alone.ok ? alone.value.access_token : "")).toMatchObject({ value: strong });
  const first = await auth.login({ identifier: "jane@example.com", password: PASSWORD });
  expect(first).toMatchObject({ code: "second_factor_required", secondFactor: { factors: ["passkey"] } });
  const login_token = "secondFactor" in first ? (first.secondFactor?.login_token ?? "") : "";
  expect(await auth.secondFactorOptions({ login_token })).toMatchObject({
    value: { allowCredentials: [{ id: "jane" }] },
  });
  for (const code of ["123456", undefined])
    expect(await auth.secondFactor({ login_token, code })).toMatchObject({ code: "invalid_code" });
  expect(await auth.secondFactor({ login_token, credential: credentialOf("john") })).toMatchObject({
    code: "invalid_code",
  });
  const second = await auth.secondFactor({ login_token, credential: credentialOf("jane") });
  expect(await auth.verify(second.ok ? second.value.access_token : "")).toMatchObject({
    value: { acr: "aal2", amr: ["pwd", "swk", "user", "mfa"] },
  });
});

it.each([
  "https://auth.example.com",
  "https://localhost.example.com",
  "https://test",
  "http://127.0.0.1.nip.io",
  "https://auth.test.",
  "http://192.168.0.2:8787",
  "file:///page.html",
])("the test kit has no passkeys for %s", (origin) => {
  expect(() => createTestCredentials(origin)).toThrow(TypeError);
});

it.each([
  "http://localhost:8787",
  "http://auth.localhost",
  "http://127.0.0.1:8787",
  "http://[::1]:8787",
  "https://AUTH.Test/page",
  "https://auth.example",
  "https://auth.invalid",
])("the test kit has passkeys for %s", (origin) => {
  expect(createTestCredentials(origin)).toHaveProperty("create");
});

it("the test kit creates no passkey for a real service that allows pages of localhost", async () => {
  const world = createWorld({ RP_ID: "example.com", ISSUER: "https://auth.example.com" });
  const options = (await world.post("/auth/register/options", { email: "john@example.com" })).json;
  expect(options.rp.id).toBe("example.com");

  const created = createTestCredentials("http://localhost:5173").create(options, { signal: AbortSignal.timeout(1000) });

  await expect(created).rejects.toMatchObject({ name: "SecurityError" });
});

describe("a code of the test issuer", () => {
  it("signs in once, proves the address, and asks for the second factor", async () => {
    const issuer = await createTestIssuer();
    const { id } = issuer.addUser({ email: "jane@example.com" });
    await issuer.auth.requestLoginCode({ email: "jane@example.com" });
    const { kind, secret: otp } = issuer.messages[0]!;

    const tokens = await issuer.auth.loginByCode({ email: "jane@example.com", otp });

    expect([kind, tokens.ok]).toEqual(["login-code", true]);
    expect(await issuer.auth.getUser(id)).toMatchObject({ value: { email_verified: true } });
    expect(await issuer.auth.loginByCode({ email: "jane@example.com", otp })).toMatchObject({ code: "invalid_code" });

    issuer.addUser({ email: "john@example.com", second_factor: "123456" });
    await issuer.auth.requestLoginCode({ email: "john@example.com" });
    const john = { email: "john@example.com", otp: issuer.messages[0]!.secret };
    expect(await issuer.auth.loginByCode(john)).toMatchObject({ code: "second_factor_required" });
  });
});
