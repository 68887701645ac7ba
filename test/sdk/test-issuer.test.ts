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
