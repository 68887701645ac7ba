import { expect, it } from "vitest";
import type { AdminService } from "../../src/contract/admin-service.ts";
import type { AuthService } from "../../src/contract/auth-service.ts";
import * as rpc from "../../src/index.ts";
import { createTestClock, createTestIssuer } from "../../src/sdk/testing.ts";

const ACCOUNT = { email: "jane@example.com", password: "correct-horse-7" };

/** The methods that a binding to an entrypoint has. */
const methodsOf = ({ prototype }: { prototype: object }) =>
  Object.getOwnPropertyNames(prototype).filter((name) => name !== "constructor");

it("the test issuer has every method of the service bindings", async () => {
  const issuer = await createTestIssuer();
  const fakes: [AuthService, AdminService] = [issuer.auth, issuer.admin];

  expect(fakes.map((fake) => Object.keys(fake).sort())).toEqual([
    methodsOf(rpc.AuthService).sort(),
    methodsOf(rpc.AdminService).sort(),
  ]);
});

it("the test issuer takes an account from registration to deletion", async () => {
  const { auth, admin, messages } = await createTestIssuer(createTestClock());
  const registered = await auth.register(ACCOUNT);
  const id = registered.ok ? registered.value.id : "";
  const codeOf = async (result: Promise<{ ok: boolean; code?: string }>) => {
    const { ok, code } = await result;
    return code ?? ok;
  };
  const otp = messages[0]?.secret ?? "";
  const login = (password = ACCOUNT.password) => auth.login({ identifier: "JANE@example.com", password });

  expect(await codeOf(auth.register(ACCOUNT))).toBe("email_taken");
  expect(await codeOf(auth.verifyAddress({ email: ACCOUNT.email, otp }))).toBe(true);
  expect(await codeOf(auth.verifyAddress({ email: ACCOUNT.email, otp }))).toBe("invalid_code");
  expect(await codeOf(login("wrong-horse-7"))).toBe("invalid_credentials");
  const tokens = await login();
  if (!tokens.ok) throw new Error(tokens.code);
  const { access_token, refresh_token } = tokens.value;
  const headers = new Headers({ authorization: `Bearer ${access_token}` });
  expect(await auth.authenticate(headers)).toMatchObject({ ok: true, value: { sub: id, email_verified: true } });
  expect(await codeOf(auth.refresh({ refresh_token }))).toBe(true);
  expect(await codeOf(auth.refresh({ refresh_token }))).toBe("invalid_refresh_token");

  await auth.forgotPassword({ email: ACCOUNT.email });
  const reset = { token: messages[0]?.secret ?? "", new_password: "brand-new-horse-8" };
  expect([await codeOf(auth.resetPassword(reset)), await codeOf(auth.resetPassword(reset))]).toEqual([
    true,
    "invalid_token",
  ]);
  expect(await codeOf(auth.verify(access_token))).toBe("unauthenticated");
  await admin.setRoles(id, ["editor"]);
  expect(await auth.getUser(id)).toMatchObject({ ok: true, value: { roles: ["editor"] } });
  await admin.disableUser(id);
  expect(await codeOf(login("brand-new-horse-8"))).toBe("account_disabled");
  await admin.deleteUser(id);
  expect(await codeOf(auth.getUser(id))).toBe("not_found");
});

it("the test issuer asks a user with a second factor for its code, and keeps the level over a refresh", async () => {
  const clock = createTestClock();
  const { auth, addUser } = await createTestIssuer(clock);
  addUser({ ...ACCOUNT, second_factor: "123456" });
  const login = async () => {
    const first = await auth.login({ identifier: ACCOUNT.email, password: ACCOUNT.password });
    if (first.ok || !first.secondFactor) throw new Error("no second factor was asked for");
    expect([first.code, first.secondFactor.factors]).toEqual(["second_factor_required", ["totp"]]);
    return first.secondFactor.login_token;
  };
  const prove = (login_token: string, code = "123456") => auth.secondFactor({ login_token, code });

  const login_token = await login();
  expect(await prove(login_token, "654321")).toMatchObject({ code: "invalid_code" });
  expect(await prove("another")).toMatchObject({ code: "invalid_login_token" });
  const second = await prove(login_token);
  clock.advance(200);
  const refreshed = await auth.refresh({ refresh_token: second.ok ? second.value.refresh_token : "" });
  const strong = { acr: "aal2", amr: ["pwd", "otp", "mfa"], auth_time: clock.now() / 1000 - 200 };
  expect(await auth.verify(refreshed.ok ? refreshed.value.access_token : "")).toMatchObject({ value: strong });

  const late = await login();
  clock.advance(300);
  expect(await prove(late)).toMatchObject({ code: "invalid_login_token" });
});

it("the test issuer signs users in by an identity until it is unlinked, which is refused for the last way in", async () => {
  const { auth, admin, addUser, signInByIdentity } = await createTestIssuer();
  const ann = addUser({ email: "ann@example.com", identity: "google" });
  expect(Object.keys(ann)).not.toContain("identity");
  const tokens = await signInByIdentity(ann.id);
  const token = tokens.ok ? tokens.value.access_token : "";
  expect(await auth.verify(token)).toMatchObject({ value: { sub: ann.id, amr: ["fed"], acr: "aal1" } });

  const [{ id } = { id: "" }] = await admin
    .listIdentities(ann.id)
    .then((list) => (list.ok ? list.value.identities : []));
  expect(await admin.unlinkIdentity(ann.id, id)).toMatchObject({ code: "last_credential" });
  await admin.setVerified(ann.id, "ann@example.com", true);
  expect(await admin.unlinkIdentity(ann.id, id)).toEqual({ ok: true });
  expect([
    await signInByIdentity(ann.id),
    await admin.unlinkIdentity(ann.id, id),
    await auth.verify(token),
  ]).toMatchObject(["invalid_credentials", "not_found", "unauthenticated"].map((code) => ({ code })));
  const twice = addUser({ identity: "google", second_factor: "123456" });
  expect(await signInByIdentity(twice.id)).toMatchObject({ secondFactor: { factors: ["totp"] } });
});

it("the test issuer signs tokens of any level and age", async () => {
  const { auth, token } = await createTestIssuer();
  const claimsOf = async (claims: Parameters<typeof token>[0]) => {
    const verified = await auth.verify(await token(claims));
    return verified.ok ? [verified.value.acr, verified.value.amr, verified.value.auth_time] : verified;
  };

  expect(await claimsOf({ auth_time: 1 })).toEqual(["aal1", ["pwd"], 1]);
  expect(await claimsOf({ auth_time: 1, acr: "aal2" })).toEqual(["aal2", ["pwd", "otp", "mfa"], 1]);
  expect(await claimsOf({ auth_time: 1, amr: ["swk", "user", "mfa"] })).toEqual(["aal2", ["swk", "user", "mfa"], 1]);
});
