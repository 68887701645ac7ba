import { describe, expect, it } from "vitest";
import { addApp, appCode, postTo } from "../support/authenticator.ts";
import { NO_COOLDOWN, outbox } from "../support/outbox.ts";
import { FRESH_PASSWORD } from "../support/passwords.ts";
import { eventTypes, rowCount, rows, verifyEmails } from "../support/rows.ts";
import {
  ANN,
  createSocialWorld,
  JANE_THERE,
  settingsFor,
  signedUpAt,
  signInAt,
  start,
  vouch,
} from "../support/social.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorldWithJane, dumpRows, ISSUER, PASSWORD } from "../support/world.ts";

const LINK = "/account/identities/link";

/** Jane has an account with a password; somebody with her address is at the provider. */
async function janeAtProvider(settings: Partial<Env> = {}) {
  const { upstreams, acme, other } = await createSocialWorld();
  const { world, jane } = await createWorldWithJane({ ...NO_COOLDOWN, ...settingsFor(upstreams), ...settings });
  return { world, jane, acme, other };
}

describe("an unknown identity with the address of an account", () => {
  it.each([
    ["proven", true],
    ["unproven", false],
  ])("never signs in to it: the address is %s", async (_, isProven) => {
    const { world, acme } = await janeAtProvider();
    if (isProven) await verifyEmails();
    const before = await dumpRows();
    const visitor = createVisitor(world);
    const { location } = await signInAt(visitor, acme, JANE_THERE);

    expect([location, visitor.cookies.has("__Host-refresh_token")]).toEqual(["/sign-in?link=acme", false]);
    expect(await dumpRows()).toEqual(before);
    const page = await visitor.get(location ?? "");
    expect(page.text).toContain("An account with this email already exists.");
    expect(page.text).toContain('value="jane.doe@example.com"');
    expect((await visitor.signIn()).location).toBe(`${LINK}?return_to=%2Faccount`);
  });

  it("gets an account of its own, without an address, if the provider did not verify it", async () => {
    const { world, jane, acme } = await janeAtProvider();
    const visitor = createVisitor(world);
    const { location } = await signInAt(visitor, acme, { ...JANE_THERE, email_verified: false });

    expect(location).toBe("/account");
    expect(await rows("users")).toMatchObject([{ id: jane.id, email: jane.email }, { email: null }]);
    expect((await rows("identities"))[0].user_id).not.toBe(jane.id);
  });

  it("is linked after the existing way in, once the user confirms, and signs in from then on", async () => {
    const { world, acme } = await janeAtProvider();
    const visitor = createVisitor(world);
    await signInAt(visitor, acme, JANE_THERE, { path: "/auth/social/acme?return_to=https://app.test/x" });
    const signedIn = await visitor.post("/sign-in", {
      identifier: "janedoe",
      password: PASSWORD,
      return_to: "https://app.test/x",
    });
    expect(signedIn.location).toBe(`${LINK}?return_to=${encodeURIComponent("https://app.test/x")}`);
    const page = await visitor.get(signedIn.location ?? "");
    expect(page.text).toContain("Link Acme");
    expect(page.text).toContain(JANE_THERE.email);
    expect(page.headers.get("content-security-policy")).toContain("form-action 'self' https://app.test;");
    expect(await rowCount("identities")).toBe(0);

    const fields = { provider: "acme", email: JANE_THERE.email, return_to: "https://app.test/x" };
    expect((await visitor.post(LINK, fields)).location).toBe("https://app.test/x");
    await world.flush();
    expect((await outbox.last()).subject).toBe("An account was linked");
    expect(await eventTypes()).toContain("identity_linked");
    const later = createVisitor(world);
    expect((await signInAt(later, acme, { ...JANE_THERE, email: "elsewhere@example.com" })).location).toBe("/account");
    expect(await rowCount("users")).toBe(1);
  });

  it("is linked after a second step too", async () => {
    const { world, acme } = await janeAtProvider();
    const login = (await world.post("/auth/login", { identifier: "janedoe", password: PASSWORD })).json;
    const { secret } = await addApp(postTo(world), login.access_token);
    const visitor = createVisitor(world);
    await signInAt(visitor, acme, JANE_THERE);
    expect((await visitor.signIn()).location).toBe("/sign-in/second-factor");
    const { location } = await visitor.post("/sign-in/second-factor", { code: appCode(secret, 1) });

    expect(location).toBe(`${LINK}?return_to=%2Faccount`);
    expect((await visitor.post(LINK, { provider: "acme" })).location).toBe("/account/identities?notice=identityLinked");
  });

  it("is offered to no other user of the browser", async () => {
    const { world, acme } = await janeAtProvider();
    await world.post("/auth/register", { email: "john@example.com", username: "john", password: PASSWORD });
    const visitor = createVisitor(world);
    await signInAt(visitor, acme, JANE_THERE);
    const { location } = await visitor.post("/sign-in", { identifier: "john", password: PASSWORD });
    const page = await visitor.get(location ?? "");

    expect([page.status, page.location]).toEqual([303, "/account"]);
    expect((await visitor.post(LINK, { provider: "acme" })).location).toBe("/account/identities");
    expect(await rowCount("identities")).toBe(0);
  });

  it("gives an attacker who registered the address nothing, and the victim the clean account", async () => {
    const { world, acme, other } = await janeAtProvider();
    // The attacker knows the password, is signed in, and links an identity of their own.
    const attacker = createVisitor(world);
    await attacker.signIn();
    await linkByPage(attacker, other, { sub: "mallory" }, "other");
    expect(await rowCount("identities")).toBe(1);

    const victim = createVisitor(world);
    expect((await signInAt(victim, acme, JANE_THERE)).location).toBe("/sign-in?link=acme");
    await world.post("/auth/forgot-password", { identifier: JANE_THERE.email });
    await world.flush();
    const { token } = await outbox.last();
    await world.post("/auth/reset-password", { token, new_password: FRESH_PASSWORD });
    const signedIn = await victim.post("/sign-in", { identifier: JANE_THERE.email, password: FRESH_PASSWORD });
    await victim.get(signedIn.location ?? "");
    await victim.post(LINK, { provider: "acme", email: JANE_THERE.email });

    expect(await rows("identities")).toMatchObject([{ subject: JANE_THERE.sub }]);
    expect((await attacker.get("/account")).location).not.toBeNull();
    expect((await attacker.signIn()).status).toBe(401);
    const mallory = createVisitor(world);
    await signInAt(mallory, other, { sub: "mallory" }, { path: "/auth/social/other", provider: "other" });
    expect(await rows("users")).toHaveLength(2);
  });
});

/** Links an identity on the pages, from the button to the callback. */
async function linkByPage(
  visitor: ReturnType<typeof createVisitor>,
  upstream: Parameters<typeof vouch>[0],
  claims: Parameters<typeof vouch>[2],
  provider = "acme",
) {
  const page = await visitor.post("/account/identities/add", { provider, password: PASSWORD });
  const [, href = ""] = /href="([^"]+\?link=[^"]+)"/.exec(page.text) ?? [];
  const { state, nonce } = await start(visitor, href.replaceAll("&amp;", "&"));
  await vouch(upstream, nonce, claims);
  const params = new URLSearchParams({ code: "code-1", state });
  return visitor.get(`/auth/social/${provider}/callback?${params}`, { "sec-fetch-site": "cross-site" });
}

describe("linking in the account", () => {
  it("asks for a proof, then for a click, links, and replaces the session", async () => {
    const { world, acme } = await janeAtProvider({ REAUTHENTICATION_SECONDS: "0" });
    const visitor = createVisitor(world);
    await visitor.signIn();
    const asked = await visitor.get("/account/identities/add?provider=acme");
    expect(asked.text).toContain('name="password"');
    const before = visitor.cookies.get("__Host-refresh_token");
    const { location } = await linkByPage(visitor, acme, JANE_THERE);

    expect(location).toBe("/account/identities?notice=identityLinked");
    expect(visitor.cookies.get("__Host-refresh_token")).not.toBe(before);
    const list = await visitor.get(location ?? "");
    expect([list.status, list.text.includes(JANE_THERE.email)]).toEqual([200, true]);
  });

  it("shows a link and not a redirect, so that no other site can begin it", async () => {
    const { world } = await janeAtProvider();
    const visitor = createVisitor(world);
    await visitor.signIn();
    const page = await visitor.get("/account/identities/add?provider=acme", { "sec-fetch-site": "cross-site" });

    expect([page.status, page.text.includes(`href="${ISSUER}/auth/social/acme?link=`)]).toEqual([200, true]);
  });

  it("refuses an identity of another user, who is told nothing and loses nothing", async () => {
    const { world, acme } = await janeAtProvider();
    await signedUpAt(world, acme, ANN);
    const visitor = createVisitor(world);
    await visitor.signIn();
    const identities = await rows("identities");
    const answer = await linkByPage(visitor, acme, ANN);

    expect([answer.status, await rows("identities")]).toEqual([409, identities]);
    expect(answer.text).toContain("is linked to another account here");
    expect((await visitor.get("/account")).status).toBe(200);
  });

  it("refuses a link that was made for another browser or session", async () => {
    const { world, acme } = await janeAtProvider();
    const visitor = createVisitor(world);
    await visitor.signIn();
    const page = await visitor.get("/account/identities/add?provider=acme");
    const [, href = ""] = /href="([^"]+\?link=[^"]+)"/.exec(page.text) ?? [];
    const stranger = createVisitor(world);
    const signedUp = await signedUpAt(world, acme);

    for (const other of [stranger, signedUp]) expect((await other.get(href)).status).toBe(400);
    expect((await visitor.get(href.replace("acme", "other"))).status).toBe(400);
    expect((await visitor.get(href)).status).toBe(303);
  });

  it("does nothing if a credential changed, or the session ended, on the way", async () => {
    for (const act of ["changes", "ends"]) {
      const { world, acme } = await janeAtProvider();
      const visitor = createVisitor(world);
      await visitor.signIn();
      const page = await visitor.get("/account/identities/add?provider=acme");
      const [, href = ""] = /href="([^"]+\?link=[^"]+)"/.exec(page.text) ?? [];
      const { state, nonce } = await start(visitor, href);
      await vouch(acme, nonce, JANE_THERE);
      const [path, fields] = END[act] ?? ["", {}];
      await visitor.post(path, fields);
      const params = new URLSearchParams({ code: "code-1", state });
      const answer = await visitor.get(`/auth/social/acme/callback?${params}`);

      expect([answer.status, await rowCount("identities")]).toEqual([400, 0]);
      await world.env.DB.exec("delete from users");
    }
  });
});

const END: Record<string, [string, Record<string, string>]> = {
  changes: ["/account/password", { old_password: PASSWORD, new_password: FRESH_PASSWORD }],
  ends: ["/sign-out", {}],
};
