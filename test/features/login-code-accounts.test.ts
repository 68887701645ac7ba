import { env } from "cloudflare:workers";
import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { addApp, appCode, postTo, wrongAppCode } from "../support/authenticator.ts";
import { askedForCode, byCode, byLink, requestCode } from "../support/login-codes.ts";
import { NO_COOLDOWN, outbox } from "../support/outbox.ts";
import { addPasskey, signInWith } from "../support/passkeys.ts";
import { PASSWORD } from "../support/passwords.ts";
import { JANE, logIn, people } from "../support/people.ts";
import { count, race } from "../support/race.ts";
import { eventTypes, prefer, rowCount, rows, verifyEmails } from "../support/rows.ts";
import { createSocialWorld, settingsFor, signedUpAt } from "../support/social.ts";
import { createWorld, createWorldWithJane } from "../support/world.ts";

const EVIL_PASSWORD = "evil-horse-battery-7";
const ATTACKER = "+12025550166";

/** Jane with an authenticator app and a proven address, who has asked for a code. */
async function withApp(settings: Partial<Env> = {}) {
  const jane = await people.jane.withApp(settings);
  await verifyEmails();
  return { ...jane, ...(await requestCode(jane.world)) };
}

/** The ways to use what was mailed. */
const WAYS = [
  ["code", ({ world, code }: Asked) => byCode(world, code)],
  ["link", ({ world, token, nonce }: Asked) => byLink(world, token, nonce)],
] as const;
type Asked = Awaited<ReturnType<typeof askedForCode>>;

describe.each(WAYS)("a sign-in by a mailed %s", (_, use) => {
  it("asks for the second factor, and is used up by then", async () => {
    const { app, prove, ...asked } = await withApp();

    const first = await use({ ...asked, login: async () => null } as Asked);
    expect([first.status, first.json.code, first.json.factors]).toEqual([
      403,
      "second_factor_required",
      ["totp", "recovery_code"],
    ]);
    expect((await use({ ...asked, login: async () => null } as Asked)).status).toBe(400);

    const { status, json } = await prove(appCode(app.secret, 1), first.json.login_token);
    expect([status, decodeJwt(json.access_token)]).toMatchObject([200, { amr: ["otp", "mfa"], acr: "aal2" }]);
  });

  it("gives one login token of fifty requests to an account with a second factor", async () => {
    const asked = (await withApp()) as unknown as Asked;

    const statuses = await race(20, () => use(asked));

    expect([count(statuses, 403), count(statuses, 200)]).toEqual([1, 0]);
  });

  it("takes a pre-hijacked account clean: password, app, passkey, sessions and other address", async () => {
    const world = createWorld(NO_COOLDOWN);
    await world.post("/auth/register", { email: JANE.email, phone: ATTACKER, password: EVIL_PASSWORD });
    const evil = (await logIn(world, JANE.email, EVIL_PASSWORD)).json;
    const app = await addApp(postTo(world), evil.access_token);
    const passkey = await addPasskey(postTo(world), app.access_token);
    await world.flush();
    const asked = await requestCode(world);
    await outbox.clear();

    const { status, json } = await use({ ...asked, world } as Asked);

    expect(status).toBe(200);
    expect((await world.me(json.access_token)).json).toMatchObject({ email_verified: true, phone: null });
    expect(await Promise.all((["totps", "passkeys", "recovery_codes", "passwords"] as const).map(rowCount))).toEqual([
      0, 0, 0, 0,
    ]);
    expect((await logIn(world, JANE.email, EVIL_PASSWORD)).status).toBe(401);
    expect((await world.refresh(passkey.refresh_token)).status).toBe(401);
    expect((await world.me(passkey.access_token)).status).toBe(401);
    const credential = await signInWith(postTo(world), passkey);
    expect((await world.post("/auth/passkeys/login", { credential })).status).toBe(401);
    // The owner is told, at the proven address alone.
    await world.flush();
    expect((await outbox.all()).map(({ to, subject }) => [to, subject])).toEqual([
      [JANE.email, "Your password was removed"],
    ]);
    expect(await eventTypes()).toEqual(
      expect.arrayContaining(["email_verified", "password_removed", "factors_removed", "phone_removed"]),
    );
    // The tokens are those of the account as it is now.
    expect((await world.refresh(json.refresh_token)).status).toBe(200);
    const again = await requestCode(world, { email: JANE.email, device_token: json.device_token });
    expect((await byCode(world, again.code)).status).toBe(200);
  });
});

it("a code tells the owner of an address that it unlinked what another person had linked", async () => {
  const { acme, upstreams } = await createSocialWorld();
  const world = createWorld({ ...NO_COOLDOWN, ...settingsFor(upstreams) });
  await signedUpAt(world, acme, { sub: "mallory" });
  await env.DB.exec(`update users set email = '${JANE.email}'`);
  const { code } = await requestCode(world);
  await outbox.clear();

  expect([(await byCode(world, code)).status, await rowCount("identities")]).toEqual([200, 0]);
  await world.flush();
  expect(await outbox.only()).toMatchObject({ to: JANE.email, subject: "A linked account was removed" });
  const events = await eventTypes();
  expect(events).toContain("identity_unlinked");
  expect(events).not.toContain("factors_removed");
});

describe("an account one of whose addresses was proven before", () => {
  it("keeps its password, sessions and unproven address", async () => {
    const { world, login } = await createWorldWithJane(NO_COOLDOWN);
    await verifyEmails();
    const session = await login();
    const { code } = await requestCode(world);

    const { json } = await byCode(world, code);

    expect((await world.me(json.access_token)).json).toMatchObject({ phone: JANE.phone, phone_verified: false });
    expect((await world.refresh(session.refresh_token)).status).toBe(200);
    expect((await logIn(world)).status).toBe(200);
  });

  it("is not taken clean by a code that was sent before that", async () => {
    const { world, code, token, nonce } = await askedForCode();
    await world.post("/auth/verify/resend", { email: JANE.email });
    await world.flush();
    const { code: otp } = await outbox.last();
    expect((await world.post("/auth/verify", { email: JANE.email, otp })).status).toBe(204);

    expect((await byCode(world, code)).status).toBe(200);
    expect([(await byLink(world, token, nonce)).status, (await logIn(world)).status]).toEqual([400, 200]);
  });
});

describe("an unproven address that is not the preferred one", () => {
  it("signs in no more than it recovers", async () => {
    const { world, code, token, nonce } = await askedForCode();
    await prefer("phone");

    expect([(await byCode(world, code)).status, (await byLink(world, token, nonce)).status]).toEqual([400, 400]);
    expect(await rowCount("sessions")).toBe(0);
  });
});

describe("a service that requires a second factor", () => {
  it("asks for one after a code, for which the account was taken clean", async () => {
    const { world, code } = await askedForCode({ MFA_POLICY: "required" });

    const { status, json } = await byCode(world, code);
    expect([status, json.code]).toEqual([403, "enrollment_required"]);
    const { login_token } = json;
    const { secret } = (await world.post("/auth/login/enroll/totp", { login_token })).json;
    const enrolled = await world.post("/auth/login/enroll/totp/confirm", { login_token, code: appCode(secret) });

    expect([enrolled.status, decodeJwt(enrolled.json.access_token)["amr"]]).toEqual([200, ["otp", "mfa"]]);
    expect((await logIn(world)).status).toBe(401);
  });
});

describe("a trusted device", () => {
  it("takes the place of the second factor after a code too", async () => {
    const { world, app, prove } = await people.jane.withApp({ TRUSTED_DEVICE_DAYS: "30" });
    await verifyEmails();
    const login_token = (await logIn(world)).json.login_token;
    const proof = { login_token, code: appCode(app.secret, 1), trust_device: true };
    const { device_token } = (await world.post("/auth/login/second-factor", proof)).json;

    const { code } = await requestCode(world, { email: JANE.email, device_token });
    expect((await byCode(world, code, { email: JANE.email }, { device_token })).status).toBe(200);
    const other = await requestCode(world);
    expect((await byCode(world, other.code)).json.code).toBe("second_factor_required");
    expect((await prove(wrongAppCode(app.secret))).status).toBe(400);
  });
});

it("a code for the second step does not clear the guesses at the second factor", async () => {
  const { world, app, prove, code } = await withApp();
  const token = (await logIn(world)).json.login_token;
  for (let n = 0; n < 4; n++) expect((await prove(wrongAppCode(app.secret, n), token)).status).toBe(400);
  expect((await byCode(world, code)).status).toBe(403);
  expect((await prove(wrongAppCode(app.secret, 0), token)).status).toBe(400);

  expect((await prove(appCode(app.secret, 1), token)).status).toBe(429);
  expect((await rows("one_time_secrets")).filter(({ used_by }) => used_by !== null)).toHaveLength(1);
});

it("REQUIRE_VERIFICATION is met by a code", async () => {
  const { world, code } = await askedForCode({ REQUIRE_VERIFICATION: "true" });
  expect((await logIn(world, JANE.email, PASSWORD)).json.code).toBe("verification_required");
  expect((await byCode(world, code)).status).toBe(200);
});
