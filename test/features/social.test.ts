import { env } from "cloudflare:workers";
import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { addApp, appCode, postTo } from "../support/authenticator.ts";
import { failingD1 } from "../support/bindings.ts";
import { disableUsers, eventTypes, rowCount, rows } from "../support/rows.ts";
import {
  ANN,
  comeBack,
  createSocialWorld,
  JANE_THERE,
  openUpstream,
  sessionOf,
  settingsFor,
  signedUpAt,
  signInAt,
  start,
  vouch,
} from "../support/social.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorld, dumpRows, ISSUER } from "../support/world.ts";

describe("a first sign-in at a provider", () => {
  it("creates the account with the verified address and the profile, and opens its session", async () => {
    const { world, acme } = await createSocialWorld();
    const visitor = await signedUpAt(world, acme, { ...ANN, given_name: "Ann", family_name: "Lee", locale: "de" });

    expect(await rows("users")).toMatchObject([
      { email: ANN.email, email_verified_at: expect.any(Number), first_name: "Ann", last_name: "Lee", locale: "de" },
    ]);
    expect(await rows("identities")).toMatchObject([{ issuer: acme.issuer, subject: ANN.sub, provider: "acme" }]);
    expect(await eventTypes()).toEqual(["registered", "logged_in"]);
    expect((await visitor.get("/account")).status).toBe(200);
    expect(await rows("sessions")).toMatchObject([{ amr: '["fed"]' }]);
  });

  it("leaves no token of the provider in storage, and gives none to the browser", async () => {
    const { world, acme } = await createSocialWorld();
    const visitor = createVisitor(world);
    const { state, nonce } = await start(visitor);
    await vouch(acme, nonce, ANN);
    const answer = await comeBack(visitor, { code: "code-1", state });

    expect(answer.location).toBe("/account");
    const seen = JSON.stringify([await dumpRows(), answer.text, [...answer.headers], [...visitor.cookies]]);
    const issuers = seen.match(/eyJ[\w-]+\.eyJ[\w-]+/g)?.map((jwt) => decodeJwt(`${jwt}.x`).iss);
    expect(new Set(issuers)).toEqual(new Set([ISSUER]));
    expect(seen).not.toContain("canary-access-token");
  });

  it("costs no trip to the database at the start and two at the callback", async () => {
    const { world, acme } = await createSocialWorld();
    const visitor = createVisitor(world);
    expect(await world.cost(() => start(visitor))).toMatchObject({ d1: 0, kv: 0 });
    const { state, nonce } = await start(visitor);
    await vouch(acme, nonce, ANN);

    expect(await world.cost(() => comeBack(visitor, { code: "c", state }))).toMatchObject({ d1: 2, kv: 0, queue: 0 });
  });

  it("does not change the profile or the address later", async () => {
    const { world, acme } = await createSocialWorld();
    await signedUpAt(world, acme, { ...ANN, given_name: "Ann" });
    await signedUpAt(world, acme, { ...ANN, given_name: "Mallory", email: "other@example.com" });

    expect(await rows("users")).toMatchObject([{ email: ANN.email, first_name: "Ann" }]);
    expect(await rows("identities")).toMatchObject([{ email: "other@example.com", last_used_at: expect.any(Number) }]);
  });

  it("makes two users of one subject at two issuers", async () => {
    const { world, acme, other } = await createSocialWorld();
    await signedUpAt(world, acme, { sub: "1" });
    const visitor = createVisitor(world);
    await signInAt(visitor, other, { sub: "1" }, { path: "/auth/social/other", provider: "other" });

    expect(await rowCount("users")).toBe(2);
  });

  it.each([false, "true", 1, ["ann@example.com"], undefined])(
    "takes over no address whose email_verified is %j",
    async (email_verified) => {
      const { world, acme } = await createSocialWorld();
      await signedUpAt(world, acme, { ...ANN, email_verified });

      expect(await rows("users")).toMatchObject([{ email: null, email_verified_at: null }]);
      expect(world.sent).toEqual([]);
    },
  );

  it("creates no account without a verified address where REQUIRE_VERIFICATION is set", async () => {
    const { world, acme } = await createSocialWorld({ REQUIRE_VERIFICATION: "true" });
    const before = await dumpRows();
    for (const claims of [{ ...ANN, email_verified: false }, { ...JANE_THERE, email_verified: false }, { sub: "1" }]) {
      const answer = await signInAt(createVisitor(world), acme, claims);
      expect([answer.status, answer.text.includes("verification_required")]).toEqual([403, false]);
      expect(answer.text).toContain('href="/sign-up"');
    }

    expect(await dumpRows()).toEqual(before);
  });

  it("leads to the second factor that MFA_POLICY requires, and opens no session yet", async () => {
    const { world, acme } = await createSocialWorld({ MFA_POLICY: "required" });
    const { location } = await signInAt(createVisitor(world), acme, ANN);

    expect([location, await rowCount("users"), await rowCount("sessions")]).toEqual(["/sign-in/add-factor", 1, 0]);
    expect(await eventTypes()).toEqual(["registered"]);
  });

  it("writes nothing if its batch fails, and succeeds again", async () => {
    const upstreams = { acme: await openUpstream() };
    const world = createWorld({ ...settingsFor(upstreams), DB: failingD1(env.DB, 2, "before") });
    const visitor = createVisitor(world);
    const before = await dumpRows();
    const { status } = await signInAt(visitor, upstreams.acme, ANN);

    expect([status, await dumpRows()]).toEqual([503, before]);
    expect((await signInAt(visitor, upstreams.acme, ANN)).location).toBe("/account");
  });
});

describe("a linked identity", () => {
  it("is one factor: an account with a second one is asked for it, and gets no session before", async () => {
    const { world, acme } = await createSocialWorld();
    const visitor = await signedUpAt(world, acme);
    const { secret } = await addApp(postTo(world), visitor.cookies.get("__Host-access_token") ?? "");
    const later = createVisitor(world);
    const first = await signInAt(later, acme, ANN, { path: "/auth/social/acme?return_to=https://app.test/x" });
    const [next = "", query] = first.location?.split("?") ?? [];
    expect([next, query, sessionOf(later)]).toEqual([
      "/sign-in/second-factor",
      `return_to=${encodeURIComponent("https://app.test/x")}`,
      undefined,
    ]);

    const fields = { code: appCode(secret, 1), return_to: "https://app.test/x" };
    expect((await later.post(next, fields)).location).toBe("https://app.test/x");
    expect((await rows("sessions")).at(-1)).toMatchObject({ amr: '["fed","otp","mfa"]' });
  });

  it("signs no disabled account in", async () => {
    const { world, acme } = await createSocialWorld();
    await signedUpAt(world, acme);
    await disableUsers();
    const visitor = createVisitor(world);

    expect((await signInAt(visitor, acme, ANN)).status).toBe(403);
    expect([sessionOf(visitor), await rowCount("sessions")]).toEqual([undefined, 1]);
  });

  it("replaces the session that the browser has", async () => {
    const { world, acme } = await createSocialWorld();
    const visitor = await signedUpAt(world, acme);
    await signInAt(visitor, acme, ANN);

    expect((await rows("sessions")).map(({ revoked_at }) => revoked_at !== null)).toEqual([true, false]);
  });

  it("is refused while strangers have locked the account out of their network", async () => {
    const { world, acme } = await createSocialWorld();
    await signedUpAt(world, acme);
    const [{ id }] = (await rows("users")) as [{ id: string }];
    await env.DB.prepare("insert into lockouts (subject, failures, last_failed_at, locked_until) values (?, 99, ?, ?)")
      .bind(id, Date.now(), Date.now() + 60_000)
      .run();
    const answer = await signInAt(createVisitor(world), acme, ANN);

    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, expect.any(String)]);
  });

  it("comes back by a page of ours where browsers send no strict cookies before", async () => {
    const { world, acme } = await createSocialWorld({ COOKIE_SAMESITE: "Strict" });
    const visitor = createVisitor(world);
    const answer = await signInAt(visitor, acme, ANN);
    const [, again = ""] = /^0;url=https:\/\/auth\.test(.*)$/.exec(answer.headers.get("refresh") ?? "") ?? [];

    expect([answer.status, await rowCount("users")]).toEqual([200, 0]);
    expect((await visitor.get(again)).location).toBe("/account");
    expect(await rowCount("sessions")).toBe(1);
  });

  it("uses nothing up by HEAD", async () => {
    const { world, acme } = await createSocialWorld();
    const visitor = createVisitor(world);
    const { state, nonce } = await start(visitor);
    await vouch(acme, nonce, ANN);
    const path = `/auth/social/acme/callback?${new URLSearchParams({ code: "c", state })}`;
    await visitor.send(path, { method: "HEAD" });
    expect(await rowCount("users")).toBe(0);
    expect((await visitor.get(path)).location).toBe("/account");
  });
});
