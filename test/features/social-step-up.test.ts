import { describe, expect, it } from "vitest";
import { NO_COOLDOWN } from "../support/outbox.ts";
import { ANN, comeBack, createSocialWorld, signedUpAt, signInAt, start, vouch } from "../support/social.ts";
import type { Json } from "../support/upstream.ts";
import { createVisitor } from "../support/visitor.ts";
import { dumpRows, stopClock } from "../support/world.ts";

const DAY_SECONDS = 86_400;
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;
const hrefsOf = (text: string) =>
  [...text.matchAll(/href="([^"]+)"/g)].map(([, href = ""]) => href.replaceAll("&amp;", "&"));

/** Ann, who has nothing but her account at the provider and signed in ten minutes ago. */
async function tenMinutesLater(settings: Partial<Env> = {}, metadata: Json = {}) {
  const { world, acme } = await createSocialWorld({ ...NO_COOLDOWN, ...settings });
  acme.discover(metadata);
  await acme.publishAnswers();
  const visitor = await signedUpAt(world, acme);
  acme.at = Date.now() + 601_000;
  stopClock(acme.at);
  const { location } = await visitor.get("/account/delete");
  const page = await visitor.get(location ?? "");
  const path = hrefsOf(page.text).find((href) => href.startsWith("/auth/social/acme")) ?? "";
  return { world, acme, visitor, page, path };
}

describe("a sign-in at a provider", () => {
  it("of three days ago signs in, and is no recent one here", async () => {
    const { world, acme } = await createSocialWorld();
    const visitor = await signedUpAt(world, acme, { ...ANN, auth_time: inSeconds(-3 * DAY_SECONDS) });

    expect((await visitor.get("/account")).status).toBe(200);
    expect((await visitor.get("/account/delete")).location).toMatch(/^\/account\/confirm-identity\?/);
  });

  it("of a minute ago is a recent one", async () => {
    const { world, acme } = await createSocialWorld();
    const visitor = await signedUpAt(world, acme, { ...ANN, auth_time: inSeconds(-60) });

    expect((await visitor.get("/account/delete")).status).toBe(200);
  });
});

describe("a step-up at a provider", () => {
  it("asks for a new sign-in there, and for its time; a sign-in does not", async () => {
    const { world, visitor, path } = await tenMinutesLater();
    const { url } = await start(visitor, path);
    const plain = await start(createVisitor(world));

    expect(["prompt", "max_age"].map((name) => url?.searchParams.get(name))).toEqual(["login", "300"]);
    expect(["prompt", "max_age"].map((name) => plain.url?.searchParams.get(name))).toEqual([null, null]);
  });

  it("by a new sign-in leads back to the page that asked", async () => {
    const { acme, visitor, path } = await tenMinutesLater();
    const { location } = await signInAt(visitor, acme, { ...ANN, auth_time: inSeconds(-5) }, { path });

    expect(location).toBe("/account/delete");
    expect((await visitor.get("/account/delete")).status).toBe(200);
  });

  it.each<[string, Json, Json]>([
    ["the provider did not ask again", { auth_time: inSeconds(-3 * DAY_SECONDS) }, {}],
    ["the sign-in there is a little too old", { auth_time: inSeconds(601 - 310) }, {}],
    ["a provider that can say when the user signed in does not", {}, { claims_supported: ["sub", "auth_time"] }],
  ])("changes nothing and says what to do if %s", async (_, claims, metadata) => {
    const { acme, visitor, path } = await tenMinutesLater({}, metadata);
    const before = await dumpRows();
    const answer = await signInAt(visitor, acme, { ...ANN, ...claims }, { path });

    expect([answer.status, await dumpRows()]).toEqual([403, before]);
    expect(answer.text).toContain("Acme didn&#39;t ask you to sign in again. Sign out there and try again");
    const [again = "", other = ""] = hrefsOf(answer.text).filter((href) => /social|confirm/.test(href));
    expect([again, other]).toEqual([
      "/auth/social/acme?return_to=%2Faccount%2Fdelete&prompt=login",
      "/account/confirm-identity?return_to=%2Faccount%2Fdelete",
    ]);
    expect((await visitor.get("/account")).status).toBe(200);
    const second = await signInAt(visitor, acme, { ...ANN, auth_time: inSeconds(0) }, { path: again });
    expect(second.location).toBe("/account/delete");
  });

  it("changes nothing if the provider says that it cannot ask", async () => {
    const { visitor, path } = await tenMinutesLater();
    const { state } = await start(visitor, path);
    const before = await dumpRows();
    const answer = await comeBack(visitor, { error: "login_required", state });

    expect([answer.status, await dumpRows()]).toEqual([403, before]);
    expect(answer.text).toContain("Sign out there and try again");
  });

  it("is as recent as the provider is asked for, not what its id_token asks for", async () => {
    const { acme, visitor, path } = await tenMinutesLater({ REAUTHENTICATION_SECONDS: "0" });
    const { url, state, nonce } = await start(visitor, path);
    await vouch(acme, nonce, { ...ANN, auth_time: inSeconds(-61), maxAgeSeconds: 1e9, max_age: 1e9 });

    expect([url?.searchParams.get("max_age"), (await comeBack(visitor, { code: "c", state })).status]).toEqual([
      "60",
      403,
    ]);
  });

  it.each([
    ["email_code", true],
    ["password", false],
  ])("with LOGIN_METHODS=%s has another way by a code: %s", async (LOGIN_METHODS, has) => {
    const { visitor, page } = await tenMinutesLater({ LOGIN_METHODS });
    const send = "/account/confirm-identity/send-code?return_to=%2Faccount%2Fdelete";

    expect(hrefsOf(page.text).includes(send)).toBe(has);
    if (has) expect((await visitor.post("/account/confirm-identity/send-code", {})).status).toBe(303);
  });
});
