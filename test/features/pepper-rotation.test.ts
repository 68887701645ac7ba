import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { parseConfig } from "../../src/config.ts";
import { primary } from "../../src/storage/db.ts";
import { countPepperUses } from "../../src/storage/pepper-uses.ts";
import { KEY_BODY } from "../support/api-keys.ts";
import { appCode } from "../support/authenticator.ts";
import type { Settings } from "../support/bindings.ts";
import { credentialsOf, register } from "../support/oauth.ts";
import { MAIL } from "../support/outbox.ts";
import { PASSWORD } from "../support/passwords.ts";
import { logIn, people } from "../support/people.ts";
import { rows } from "../support/rows.ts";
import { administer, call } from "../support/rpc.ts";
import { createWorld, createWorldWithJane, stopClock, type World } from "../support/world.ts";

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 2);
const ROTATED = `PEPPER_${(NOW + HOUR) / 1000}`;
const NEW = "n".repeat(43);

/** The settings before a rotation, after it, and after the deletion of the earlier pepper. */
const BEFORE: Settings = { PEPPER: env.PEPPER };
const DURING: Settings = { ...BEFORE, [ROTATED]: NEW };
const AFTER: Settings = { PEPPER: "", [ROTATED]: NEW };

it("a rotated pepper is used from its time on, and the earlier one is accepted beside it", async () => {
  stopClock(NOW);
  const { world: rotated, login } = await createWorldWithJane({ ...MAIL, ...DURING });
  const refreshAt = async (settings: Settings, token: string) => (await createWorld(settings).refresh(token)).status;
  const inUse = async () => {
    const { pepper, earlier_peppers } = (await rotated.get("/health/ready")).json;
    return [pepper, earlier_peppers];
  };

  const early = (await login()).refresh_token;
  expect(await inUse()).toEqual(["PEPPER", 0]);
  // Instances that do not know it yet run beside the others.
  expect(await refreshAt(BEFORE, (await rotated.refresh(early)).json.refresh_token)).toBe(200);

  const { refresh_token } = await login();
  stopClock(NOW + HOUR - 1);
  expect(await inUse()).toEqual(["PEPPER", 0]);
  stopClock(NOW + HOUR);
  expect(await inUse()).toEqual([ROTATED, 1]);
  const late = (await rotated.refresh(refresh_token)).json.refresh_token;
  expect([await refreshAt(BEFORE, late), await refreshAt(AFTER, late)]).toEqual([401, 200]);
});

it("of several peppers the newest comes first, and those whose time has not come last", () => {
  const [a, b, c, d, e] = ["a", "b", "c", "d", "e"].map((letter) => letter.repeat(43));
  const rotated = { PEPPER_1700000000: b, PEPPER: a, PEPPER_9000000000: e, PEPPER_1600000000: c, PEPPER_8000000000: d };
  const parsed = parseConfig({ ...env, ...rotated });

  expect(parsed.ok && parsed.value.PEPPER).toEqual([b, c, a, d, e]);
});

it("a pepper whose time has not come is used if there is no other", async () => {
  stopClock(NOW);
  const { login } = await createWorldWithJane(AFTER);
  expect((await createWorld(DURING).refresh((await login()).refresh_token)).status).toBe(200);
});

/** Jane with all that a pepper protects. Returns what works in a world. */
async function withEverything() {
  const settings = { TRUSTED_DEVICE_DAYS: "30", ...DURING };
  const { world, app, loginToken, call: asJane } = await people.jane.withApp(settings);
  const proof = { login_token: await loginToken(), code: appCode(app.secret, 1), trust_device: true };
  const own = (await world.post("/auth/login/second-factor", proof)).json;
  const { key } = (await asJane("POST", "/users/me/api-keys", { ...KEY_BODY, expires_in: 86_400 })).json;
  const client = await register(world);

  const prove = async (at: World, code: string) =>
    at.post("/auth/login/second-factor", { login_token: (await logIn(at)).json.login_token, code });
  const trusted = { identifier: "janedoe", password: PASSWORD, device_token: own.device_token };
  const works = {
    sessions: async (at: World) => (await at.refresh(own.refresh_token)).status === 200,
    trustedDevices: async (at: World) => (await at.post("/auth/login", trusted)).status === 200,
    authenticatorApps: async (at: World) => (await prove(at, appCode(app.secret))).status === 200,
    recoveryCodes: async (at: World) => (await prove(at, app.recovery_codes[0] ?? "")).status === 200,
    apiKeys: async (at: World) => (await call(at, "verify", key, { apiKeys: true })).ok,
    clientSecrets: async (at: World) =>
      (await at.form("/oauth/introspect", { ...credentialsOf(client), token: "x" })).status === 200,
  };
  const worksIn = async (at: World) => {
    const found = [];
    for (const [name, isFine] of Object.entries(works)) if (await isFine(at)) found.push(name);
    return found;
  };
  const replaceRest = async (at: World) => {
    stopClock(Date.now() + 30_000);
    const { access_token: token } = (await prove(at, appCode(app.secret))).json;
    expect((await at.call("POST", "/users/me/recovery-codes", { token })).status).toBe(200);
    expect((await administer(at, "rotateClientSecret", client.client.client_id)).ok).toBe(true);
  };
  return { worksIn, replaceRest, names: Object.keys(works), settings };
}

it("what still needs the earlier pepper is counted, until it is used or replaced", async () => {
  stopClock(NOW);
  const { worksIn, replaceRest, names, settings } = await withEverything();
  const { length: open } = (await rows("sessions")).filter(({ revoked_at }) => revoked_at === null);
  const counted = () => countPepperUses(primary(env.DB), NOW + HOUR, Date.now());
  const [one, none] = [1, 0].map((n) => Object.fromEntries(names.map((name) => [name, n])));
  expect(await counted()).toEqual({ ...one, sessions: open });

  stopClock(NOW + 2 * HOUR);
  expect(await worksIn(createWorld({ ...settings, ...AFTER }))).toEqual([]);
  const rotated = createWorld(settings);
  expect(await worksIn(rotated)).toEqual(names);
  expect(await counted()).toEqual({ ...none, sessions: open - 1, recoveryCodes: 1, clientSecrets: 1 });
  await replaceRest(rotated);
  expect(await counted()).toEqual({ ...none, sessions: expect.any(Number) });

  stopClock(NOW + 8 * 24 * HOUR);
  expect(await counted()).toEqual(none);
});
