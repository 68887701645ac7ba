import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { completeSignIn, nextStep, type SignIn } from "../../src/auth/sign-in.ts";
import { createDeps, SYSTEM_CONTEXT } from "../../src/deps.ts";
import type { SignInAccount } from "../../src/storage/sign-in-accounts.ts";
import { rowCount } from "../support/rows.ts";
import { createWorld, createWorldWithJane } from "../support/world.ts";

const signIn: SignIn = {
  userId: "jane",
  credentialVersion: 0,
  amr: ["pwd"],
  authenticatedAt: 1_000_000,
  guess: { account: { userId: "jane" }, network: null, device: undefined },
};
const account: SignInAccount = {
  userId: "jane",
  credentialVersion: 0,
  disabledAt: null,
  emailVerifiedAt: null,
  phoneVerifiedAt: null,
  roles: [],
  hasPassword: true,
  factors: [],
};

/** Creates the deps of an act in this world. */
async function depsOf({ env }: { env: Env }) {
  const context = createExecutionContext();
  const deps = await createDeps(env, context, SYSTEM_CONTEXT);
  if (!deps.ok) throw new Error(deps.code);
  return { deps: deps.value, settle: () => waitOnExecutionContext(context) };
}

describe("the step after a proof", () => {
  const stepOf = async (given: Partial<SignIn>, state: Partial<SignInAccount>, settings = {}) => {
    const { deps } = await depsOf(createWorld(settings));
    return nextStep(deps, { ...signIn, ...given }, { ...account, ...state });
  };

  it("is a session if nothing is missing", async () => {
    expect(await stepOf({}, {})).toEqual({ step: "open-session" });
  });

  it("is a refusal for a disabled account, whatever else is missing", async () => {
    const step = await stepOf({}, { disabledAt: 1, factors: ["totp"] }, { REQUIRE_VERIFICATION: "true" });
    expect(step).toEqual({ step: "refuse", code: "account_disabled" });
  });

  it("is the second factor if one is enrolled and the proof was a single factor", async () => {
    const step = await stepOf({}, { factors: ["totp", "recovery_code"] }, { REQUIRE_VERIFICATION: "true" });
    expect(step).toEqual({ step: "second-factor", factors: ["totp", "recovery_code"] });
  });

  it.each([[["pwd", "otp", "mfa"]], [["hwk", "user", "mfa"]]])("is a session after two factors: %j", async (amr) => {
    expect(await stepOf({ amr }, { factors: ["totp"] })).toEqual({ step: "open-session" });
  });

  it("is the verification of an address if that is required and none is verified", async () => {
    const required = { REQUIRE_VERIFICATION: "true" };
    expect(await stepOf({}, {}, required)).toEqual({ step: "verify-address" });
    expect(await stepOf({}, { phoneVerifiedAt: 1 }, required)).toEqual({ step: "open-session" });
    expect(await stepOf({}, {})).toEqual({ step: "open-session" });
  });
});

describe("a proof of another kind than a password", () => {
  it("opens no session while a second factor is missing", async () => {
    const { world, jane } = await createWorldWithJane();
    const { deps } = await depsOf(world);

    const result = await completeSignIn(deps, { ...signIn, userId: jane.id }, { ...account, factors: ["totp"] });

    const secondFactor = { login_token: expect.any(String), factors: ["totp"] };
    expect(result).toEqual({ ok: false, code: "second_factor_required", secondFactor });
    expect(await rowCount("sessions")).toBe(0);
  });

  it("opens a session whose tokens say how the user authenticated, also after a refresh", async () => {
    const { world, jane } = await createWorldWithJane();
    const { deps, settle } = await depsOf(world);
    const passkey = { ...signIn, userId: jane.id, amr: ["hwk", "user", "mfa"] };

    const result = await completeSignIn(deps, passkey, { ...account, factors: ["passkey"] });
    await settle();

    if (!result.ok) throw new Error(result.code);
    const claims = { amr: ["hwk", "user", "mfa"], acr: "aal2", auth_time: 1000, client_id: "gatehouse" };
    expect(decodeJwt(result.value.access_token)).toMatchObject(claims);
    const refreshed = await world.refresh(result.value.refresh_token);
    expect(decodeJwt(refreshed.json.access_token)).toMatchObject(claims);
  });

  it("made under older credentials is void", async () => {
    const { world, jane } = await createWorldWithJane();
    const { deps } = await depsOf(world);

    const result = await completeSignIn(deps, { ...signIn, userId: jane.id, credentialVersion: 7 }, account);

    expect(result).toEqual({ ok: false, code: "invalid_credentials" });
    expect(await rowCount("sessions")).toBe(0);
  });
});
