import { expect, it } from "vitest";
import { addApp, appCode, postTo } from "../support/authenticator.ts";
import { interruptedD1 } from "../support/bindings.ts";
import { NO_COOLDOWN } from "../support/outbox.ts";
import { rowCount, rows } from "../support/rows.ts";
import {
  ANN,
  comeBack,
  createSocialWorld,
  settingsFor,
  signedUpAt,
  signInAt,
  start,
  vouch,
} from "../support/social.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorld, createWorldWithJane, PASSWORD, stopClock } from "../support/world.ts";

async function withJane(settings: Partial<Env> = {}) {
  const { upstreams, acme, other } = await createSocialWorld();
  const { world, jane } = await createWorldWithJane({ ...NO_COOLDOWN, ...settingsFor(upstreams), ...settings });
  return { world, jane, acme, other };
}
type Visitor = ReturnType<typeof createVisitor>;
const hrefOf = (text: string) => (/href="([^"]+\?link=[^"]+)"/.exec(text)?.[1] ?? "").replaceAll("&amp;", "&");
const linkStart = async (v: Visitor, provider = "acme") =>
  hrefOf((await v.get(`/account/identities/add?provider=${provider}`)).text);
const buttons = (text: string) =>
  [...text.matchAll(/class="button[^"]*" href="([^"]+)"/g)].map((m) => (m[1] ?? "").replaceAll("&amp;", "&"));
function copy(from: Visitor, to: Visitor) {
  for (const [name, value] of from.cookies) to.cookies.set(name, value);
  return to;
}

it("a link that one user began links nothing once another user has signed in to the browser", async () => {
  const { world, acme } = await withJane();
  await world.post("/auth/register", { email: "john@example.com", username: "john", password: PASSWORD });
  const v = createVisitor(world);
  await v.signIn("john");
  const { state, nonce } = await start(v, await linkStart(v));
  await v.signIn("janedoe");
  await vouch(acme, nonce, ANN);
  await comeBack(v, { code: "c", state });
  expect(await rowCount("identities")).toBe(0);
});

it("after a canceled link, no button of the failure page creates another account", async () => {
  const { world, acme } = await withJane();
  const v = createVisitor(world);
  await v.signIn();
  const { state } = await start(v, await linkStart(v));
  const [again = ""] = buttons((await comeBack(v, { error: "access_denied", state })).text);
  await signInAt(v, acme, ANN, { path: again });
  expect(await rowCount("users")).toBe(1);
});

it("after a link that has expired, no button of the failure page signs in", async () => {
  const { world } = await withJane();
  const v = createVisitor(world);
  await v.signIn();
  const href = await linkStart(v);
  stopClock(Date.now() + 601_000);
  expect(buttons((await v.get(href)).text)).not.toContain("/auth/social/acme");
});

it("the step-up of a user without a password offers only providers that the user has linked", async () => {
  const { world, acme } = await createSocialWorld();
  const v = await signedUpAt(world, acme);
  const page = await v.get("/account/confirm-identity?return_to=%2Faccount%2Fidentities");
  expect(page.text).not.toContain("/auth/social/other");
});

it("a user whose provider was removed from the settings confirms by a code to the proven address", async () => {
  const { world, acme, other } = await createSocialWorld(NO_COOLDOWN);
  const v = await signedUpAt(world, acme);
  const later = copy(v, createVisitor(createWorld({ ...NO_COOLDOWN, ...settingsFor({ other }) })));
  const page = await later.get("/account/confirm-identity?return_to=%2Faccount%2Fidentities");
  expect(page.location ?? page.text).toContain("/account/confirm-identity/send-code");
});

it("a stranger's guesses lock no owner out of sign-in at a provider in a known browser", async () => {
  const { world, acme } = await withJane();
  const v = createVisitor(world);
  await v.signIn();
  const link = await start(v, await linkStart(v));
  await vouch(acme, link.nonce, ANN);
  await comeBack(v, { code: "c", state: link.state });
  for (let i = 0; i < 12; i++) await world.post("/auth/login", { identifier: "janedoe", password: "wrong-guess-1" });
  const { state, nonce } = await start(v);
  await vouch(acme, nonce, ANN);
  expect((await comeBack(v, { code: "c", state })).status).not.toBe(429);
});

it("an identity with an unverified address does not reveal whether an account has it", async () => {
  const { upstreams, acme } = await createSocialWorld();
  const w = createWorld({ ...NO_COOLDOWN, ...settingsFor(upstreams), LOGIN_METHODS: "email_code" });
  await signedUpAt(w, acme, { ...ANN, email: "victim@example.com" });
  const held = await signInAt(createVisitor(w), acme, { sub: "m1", email: "victim@example.com" });
  const free = await signInAt(createVisitor(w), acme, { sub: "m2", email: "free@example.com" });
  expect(held.location).toBe(free.location);
});

it("a link ends ten minutes after the proof, also if the sign-in at the provider began later", async () => {
  const { world, acme } = await withJane({ REAUTHENTICATION_SECONDS: "60" });
  const v = createVisitor(world);
  const t0 = Date.now();
  await v.signIn();
  const href = await linkStart(v);
  stopClock(t0 + 599_000);
  const { state, nonce } = await start(v, href);
  acme.at = t0 + 1_190_000;
  stopClock(acme.at);
  await vouch(acme, nonce, ANN);
  await comeBack(v, { code: "c", state });
  expect(await rowCount("identities")).toBe(0);
});

it("an account without an address, which a provider proves, is not deleted after a month without use", async () => {
  const begin = Date.UTC(2027, 0, 1);
  stopClock(begin);
  const { world, acme } = await createSocialWorld();
  acme.at = begin;
  await signInAt(createVisitor(world), acme, { sub: "ms-user" });
  const { id } = (await rows("users"))[0];
  const minute = Math.floor((Number.parseInt(id.slice(0, 8), 16) / 2 ** 32) * 1440);
  stopClock(begin + 31 * 86_400_000 + minute * 60_000);
  await world.schedule();
  expect(await rowCount("users")).toBe(1);
});

it("a return address that is too long makes no address that providers refuse", async () => {
  const { world } = await createSocialWorld();
  const { url } = await start(createVisitor(world), `/auth/social/acme?return_to=/account?x=${"a".repeat(12_000)}`);
  expect(url?.href.length).toBeLessThan(8000);
});

it("a pending link is forgotten when its user says no", async () => {
  const { world, acme } = await withJane();
  const v = createVisitor(world);
  await signInAt(v, acme, { sub: "j", email: "jane.doe@example.com", email_verified: true });
  const page = await v.get((await v.signIn()).location ?? "");
  const skip = /href="([^"]+)"[^>]*>Not now/.exec(page.text)?.[1] ?? "";
  await v.get(skip);
  expect((await v.signIn()).location).toBe("/account");
});

it("the page names no password to reset where there are none", async () => {
  const { upstreams, acme } = await createSocialWorld();
  const w = createWorld({ ...NO_COOLDOWN, ...settingsFor(upstreams), LOGIN_METHODS: "email_code" });
  await signedUpAt(w, acme);
  const v = createVisitor(w);
  const { location } = await signInAt(v, acme, { ...ANN, sub: "m1" });
  expect((await v.get(location ?? "")).text).not.toContain("know its password");
});

it("a sign-in at a provider asks for the second factor if the trust in the browser has just ended", async () => {
  const { world, acme } = await withJane({ TRUSTED_DEVICE_DAYS: "30" });
  const v = createVisitor(world);
  await v.signIn();
  const link = await start(v, await linkStart(v));
  await vouch(acme, link.nonce, ANN);
  await comeBack(v, { code: "c", state: link.state });
  const token = v.cookies.get("__Host-access_token") ?? "";
  const { secret } = await addApp(postTo(world), token);
  v.cookies.clear();
  await signInAt(v, acme, ANN);
  const page = await v.get("/sign-in/second-factor");
  const trust = /name="(trust[^"]*)"/.exec(page.text)?.[1] ?? "";
  await v.post("/sign-in/second-factor", { code: appCode(secret, 1), [trust]: "true" });
  expect(await rowCount("trusted_devices")).toBe(1);
  v.cookies.clear();
  const end = () => world.env.DB.exec("delete from trusted_devices");
  const { state, nonce } = await start(v);
  await vouch(acme, nonce, ANN);
  const racing = createVisitor(createWorld({ ...world.env, DB: interruptedD1(world.env.DB, 2, end) }));
  for (const [name, value] of v.device) racing.device.set(name, value);
  const { status, location } = await comeBack(copy(v, racing), { code: "c", state });
  expect([status, location]).toEqual([303, "/sign-in/second-factor"]);
});
