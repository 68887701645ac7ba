import { describe, expect, it } from "vitest";
import { rowCount, rows } from "../support/rows.ts";
import {
  ANN,
  comeBack,
  createSocialWorld,
  FROM_PROVIDER,
  openUpstream,
  sessionOf,
  settingsFor,
  settingsForApple,
  start,
  vouch,
} from "../support/social.ts";
import type { Upstream } from "../support/upstream.ts";
import { createVisitor, OWN } from "../support/visitor.ts";
import { createWorld, dumpRows, ISSUER, stopClock } from "../support/world.ts";

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
