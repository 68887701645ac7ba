import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { failingD1 } from "../support/bindings.ts";
import { atOnce, count } from "../support/race.ts";
import { disableUsers, eventTypes, rowCount, rows } from "../support/rows.ts";
import {
  ANN,
  comeBack,
  createSocialWorld,
  FROM_PROVIDER,
  JANE_THERE,
  openUpstream,
  settingsFor,
  settingsForApple,
  signedUpAt,
  signInAt,
  start,
  vouch,
} from "../support/social.ts";
import type { Upstream } from "../support/upstream.ts";
import { createVisitor, OWN } from "../support/visitor.ts";
import { createWorld, dumpRows, ISSUER, stopClock } from "../support/world.ts";

const sessionOf = (visitor: ReturnType<typeof createVisitor>) => visitor.cookies.get("__Host-refresh_token");

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
    "leaves an address unproven whose email_verified is %j",
    async (email_verified) => {
      const { world, acme } = await createSocialWorld();
      await signedUpAt(world, acme, { ...ANN, email_verified });

      expect(await rows("users")).toMatchObject([{ email: ANN.email, email_verified_at: null }]);
      expect(world.sent).toMatchObject([{ kind: "verification" }]);
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

describe("a state", () => {
  it("works once when fifty callbacks race", async () => {
    const { world, acme } = await createSocialWorld();
    const visitor = createVisitor(world);
    const { state, nonce } = await start(visitor);
    await vouch(acme, nonce, ANN);
    const cookies = new Map(visitor.cookies);
    const answers = await atOnce(50, async () => {
      const tab = createVisitor(world);
      for (const [name, value] of cookies) tab.cookies.set(name, value);
      return comeBack(tab, { code: "code-1", state });
    });

    expect(
      count(
        answers.map(({ location }) => location ?? ""),
        "/account",
      ),
    ).toBe(1);
    expect(answers.every(({ status }) => [303, 400].includes(status))).toBe(true);
    expect([await rowCount("sessions"), await rowCount("users")]).toEqual([1, 1]);
    expect(await rowCount("lockouts")).toBe(0);
  });

  it("works once for a user with a linked identity too, and where a second step follows", async () => {
    const { world, acme } = await createSocialWorld();
    await signedUpAt(world, acme);
    for (const policy of ["optional", "required"]) {
      const strict = createWorld({ ...settingsFor({ acme }), MFA_POLICY: policy === "required" ? "required" : "" });
      const visitor = createVisitor(strict);
      const { state, nonce } = await start(visitor);
      await vouch(acme, nonce, ANN);
      expect((await comeBack(visitor, { code: "code-1", state })).status).toBe(303);
      const again = await comeBack(visitor, { code: "code-1", state });
      expect([again.status, again.text.includes("invalid_state")]).toEqual([400, false]);
    }
  });

  it.each([
    ["of another browser", async (visitor: Browser) => void visitor.cookies.set("__Host-social", "x".repeat(43))],
    ["in a browser without its cookie", async (visitor: Browser) => void visitor.cookies.clear()],
    ["after ten minutes", async () => stopClock(Date.now() + 600_001)],
  ])("%s is refused before the provider is asked", async (_, act) => {
    const { world, acme } = await createSocialWorld();
    const visitor = createVisitor(world);
    const { state, nonce } = await start(visitor);
    await vouch(acme, nonce, ANN);
    const asked = (await acme.received()).length;
    await act(visitor);
    const before = await dumpRows();

    expect((await comeBack(visitor, { code: "code-1", state })).status).toBe(400);
    expect([await dumpRows(), (await acme.received()).length]).toEqual([before, asked]);
  });

  it("of one provider is refused at the callback of another", async () => {
    const { world, other } = await createSocialWorld();
    const visitor = createVisitor(world);
    const { state, nonce } = await start(visitor);
    await vouch(other, nonce, ANN);

    expect((await comeBack(visitor, { code: "code-1", state }, "other")).status).toBe(400);
    expect(await rowCount("users")).toBe(0);
  });

  it("that an attacker started signs no victim in as the attacker", async () => {
    const { world, acme } = await createSocialWorld();
    const attacker = createVisitor(world);
    const { state, nonce } = await start(attacker);
    await vouch(acme, nonce, { ...ANN, sub: "attacker" });
    const victim = createVisitor(world);
    await start(victim);

    expect((await comeBack(victim, { code: "code-1", state })).status).toBe(400);
    expect(sessionOf(victim)).toBeUndefined();
  });

  it.each(["", "x", "A".repeat(60)])("that is %j is refused", async (state) => {
    const { world } = await createSocialWorld();
    const visitor = createVisitor(world);
    await start(visitor);

    expect((await comeBack(visitor, { code: "code-1", state })).status).toBe(400);
  });

  it("keeps the code verifier and the return address unreadable, and binds the verifier", async () => {
    const { world, acme } = await createSocialWorld();
    const visitor = createVisitor(world);
    const { url, state, nonce } = await start(visitor, "/auth/social/acme?return_to=https://app.test/canary");
    await vouch(acme, nonce, ANN);
    await comeBack(visitor, { code: "code-1", state });
    const token = (await acme.received()).find(({ path }) => path === "/token");
    const verifier = new URLSearchParams(token?.body).get("code_verifier") ?? "";
    const digest = await crypto.subtle.digest("SHA-256", Buffer.from(verifier));

    expect(url?.searchParams.get("code_challenge")).toBe(Buffer.from(digest).toString("base64url"));
    expect(`${url} ${[...visitor.cookies]} ${Buffer.from(state, "base64url")}`).not.toMatch(
      new RegExp(`${verifier}|canary`),
    );
  });

  it("of each of two tabs works, and leads where its tab was going", async () => {
    const { world, acme } = await createSocialWorld();
    const visitor = createVisitor(world);
    const first = await start(visitor, "/auth/social/acme?return_to=/account/sessions");
    const second = await start(visitor, "/auth/social/acme?return_to=https://app.test/x");
    await vouch(acme, first.nonce, ANN);
    const one = await comeBack(visitor, { code: "code-1", state: first.state });
    await vouch(acme, second.nonce, ANN);
    const two = await comeBack(visitor, { code: "code-2", state: second.state });

    expect([one.location, two.location]).toEqual(["/account/sessions", "https://app.test/x"]);
  });
});

type Browser = ReturnType<typeof createVisitor>;

describe("the start", () => {
  it.each(["https://evil.test", "//evil.test", "/\\evil.test", "javascript:alert(1)"])(
    "never leads back to %s",
    async (return_to) => {
      const { world, acme } = await createSocialWorld();
      const path = `/auth/social/acme?${new URLSearchParams({ return_to })}`;

      expect((await signInAt(createVisitor(world), acme, ANN, { path })).location).toBe("/account");
    },
  );

  it("knows only the configured providers", async () => {
    const { world } = await createSocialWorld();
    for (const path of ["/auth/social/nope", "/auth/social/nope/callback?code=1&state=2"])
      expect((await createVisitor(world).get(path)).status).toBe(404);
  });

  it("sets a cookie that scripts cannot read and forms of other sites do not send", async () => {
    const { world } = await createSocialWorld();
    const { headers } = await world.get("/auth/social/acme", { "sec-fetch-mode": "navigate" });

    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(/^__Host-social=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
    ]);
  });
});

describe("a linked identity", () => {
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

  it("arrives signed in with strict cookies too", async () => {
    const { world, acme } = await createSocialWorld({ COOKIE_SAMESITE: "Strict" });
    const answer = await signInAt(createVisitor(world), acme, ANN);

    expect([answer.status, answer.location, answer.headers.get("refresh")]).toEqual([200, null, "0;url=/account"]);
  });
});

describe("Apple's posted callback", () => {
  const POSTED = { origin: "https://appleid.apple.com", "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };

  /** Posts as Chromium does: without the cookies, which are `Lax`. */
  async function appleStarts() {
    const apple = await openUpstream({ kind: "apple" });
    const world = createWorld(await settingsForApple(apple));
    const visitor = createVisitor(world);
    const { state, nonce } = await start(visitor, "/auth/social/apple");
    await vouch(apple, nonce, ANN);
    const stranger = createVisitor(world);
    const post = (fields: Record<string, string>) => stranger.post("/auth/social/apple/callback", fields, POSTED);
    return { world, apple, visitor, state, post };
  }

  it("signs in after a redirect that brings the cookies, without showing its parameters", async () => {
    const { visitor, state, post } = await appleStarts();
    const user = JSON.stringify({ name: { firstName: "Ann", lastName: "Lee" }, email: ANN.email });
    const posted = await post({ code: "canary-code", state, user });
    expect([posted.status, posted.location?.startsWith(`${ISSUER}/auth/social/apple/callback?posted=`)]).toEqual([
      303,
      true,
    ]);
    expect(posted.location).not.toMatch(/canary|Ann/);

    const answer = await visitor.get(posted.location ?? "", FROM_PROVIDER);
    expect(answer.location).toBe("/account");
    expect(await rows("users")).toMatchObject([{ first_name: "Ann", last_name: "Lee" }]);
  });

  it("is refused in another browser, after a minute, and when it is altered", async () => {
    const { world, visitor, state, post } = await appleStarts();
    const { location } = await post({ code: "code-1", state });
    const url = location ?? "";
    expect((await createVisitor(world).get(url, FROM_PROVIDER)).status).toBe(400);
    expect((await visitor.get(`${url.slice(0, -4)}AAAA`, FROM_PROVIDER)).status).toBe(400);
    stopClock(Date.now() + 60_001);
    expect((await visitor.get(url, FROM_PROVIDER)).status).toBe(400);
    expect(await rowCount("users")).toBe(0);
  });

  it("may not be posted for a provider that redirects, nor be too long, nor open any other form", async () => {
    const { world } = await createSocialWorld();
    const visitor = createVisitor(world);
    expect((await visitor.post("/auth/social/acme/callback", { code: "c", state: "s" }, POSTED)).status).toBe(404);
    const { post } = await appleStarts();
    expect((await post({ code: "c".repeat(5000), state: "s" })).status).toBe(400);
    const other = await visitor.post("/sign-in", { identifier: "janedoe", password: "x" }, POSTED);
    expect([other.status, OWN.origin]).toEqual([403, ISSUER]);
  });
});

describe("a failure at the provider", () => {
  it.each([
    ["access_denied", 403],
    ["server_error", 503],
    ["invalid_scope", 400],
  ])("%s changes nothing and offers another try", async (error, status) => {
    const { world, acme } = await createSocialWorld();
    const visitor = createVisitor(world);
    const { state, nonce } = await start(visitor, "/auth/social/acme?return_to=/account/sessions");
    await vouch(acme, nonce, ANN);
    const before = await dumpRows();
    const answer = await comeBack(visitor, { error, state });

    expect([answer.status, await dumpRows(), sessionOf(visitor)]).toEqual([status, before, undefined]);
    expect(answer.text).toContain('href="/auth/social/acme?return_to=%2Faccount%2Fsessions"');
    expect(answer.text).toContain('href="/sign-in?return_to=%2Faccount%2Fsessions"');
  });

  it("that does not answer is a page with 503 at the start too", async () => {
    const world = createWorld(settingsFor({ acme: { issuer: "http://127.0.0.1:9" } as Upstream }));

    const answer = await createVisitor(world).get("/auth/social/acme");
    expect([answer.status, answer.text.includes("Acme isn’t responding") || answer.text.includes("Acme isn")]).toEqual([
      503,
      true,
    ]);
  });
});
