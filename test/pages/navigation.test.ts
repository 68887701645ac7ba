import { describe, expect, it } from "vitest";
import { PAGE_COOKIES } from "../../src/http/page-cookies.ts";
import { outbox, PROVIDERS } from "../support/outbox.ts";
import { checked, createVisitor, OWN } from "../support/visitor.ts";
import { createWorld, createWorldWithJane, dumpRows, JSON_TYPE, PASSWORD, type World } from "../support/world.ts";

const APP = "https://app.test/x";
const RETURN_TO = `return_to=${encodeURIComponent(APP)}`;
const REFRESH = "__Host-refresh_token";
const CROSS_SITE = { "sec-fetch-site": "cross-site" };
const FOREIGN = [CROSS_SITE, { "sec-fetch-site": "same-site" }];

/** The action of the page's form, with the entities of HTML decoded. */
const actionOf = (text: string) => decoded(/<form[^>]* action="([^"]+)"/.exec(text)?.[1]);
const linksOf = (text: string) =>
  [...text.matchAll(/<a (?:class="button" )?href="([^"]+)"/g)].map(([, href]) => decoded(href));
const decoded = (text = "") => text.replaceAll("&amp;", "&");

async function createSignedIn(given?: World) {
  const world = given ?? (await createWorldWithJane()).world;
  const visitor = createVisitor(world);
  await visitor.signIn();
  return { world, visitor, refresh: visitor.cookies.get(REFRESH)! };
}

describe("a navigation that another site caused", () => {
  it.each(["/sign-in", "/sign-up", "/forgot-password", "/reset-password"])("plants no cookie at %s", async (path) => {
    for (const headers of [...FOREIGN, { "sec-fetch-site": "" }]) {
      const visitor = createVisitor(createWorld());
      await visitor.get(`${path}?${RETURN_TO}`, headers);
      expect([...visitor.cookies]).toEqual([]);
    }
  });

  it("leads from a sign-in back to the frontend", async () => {
    const visitor = createVisitor((await createWorldWithJane()).world);
    const { text } = await visitor.get(`/sign-in?${RETURN_TO}`, CROSS_SITE);
    expect(text).toContain(`name="return_to" value="${APP}"`);

    const done = await visitor.post("/sign-in", { identifier: "janedoe", password: PASSWORD, return_to: APP });
    expect(done.location).toBe(checked(APP));
    expect((await visitor.get(checked(APP))).location).toBe(APP);
  });

  it.each([
    ["/sign-up", { address: "john@example.com", password: PASSWORD }],
    ["/forgot-password", { identifier: "janedoe" }],
  ])("leads from %s back to the frontend, after the form and by a link", async (path, fields) => {
    const { world } = await createWorldWithJane();
    const byForm = createVisitor(world);
    const { text } = await byForm.get(`${path}?${RETURN_TO}`, CROSS_SITE);
    expect(actionOf(text)).toBe(`${path}?${RETURN_TO}`);
    const refused = await byForm.post(actionOf(text), { ...fields, more: "x" });
    expect([refused.status, actionOf(refused.text)]).toEqual([422, `${path}?${RETURN_TO}`]);
    expect((await byForm.post(actionOf(text), fields)).status).toBe(303);
    expect((await byForm.get("/sign-in?notice=verified")).text).toContain(`name="return_to" value="${APP}"`);

    const byLink = createVisitor(world);
    const start = await byLink.get(`/sign-in?${RETURN_TO}`, CROSS_SITE);
    expect(linksOf(start.text)).toContain(`${path}?${RETURN_TO}`);
    const page = await byLink.get(`${path}?${RETURN_TO}`, { "sec-fetch-site": "same-origin" });
    expect(linksOf(page.text)).toContain(`/sign-in?${RETURN_TO}`);
    expect((await byLink.get("/sign-in")).text).toContain(`name="return_to" value="${APP}"`);
  });

  it("leads back to the frontend after an address was verified", async () => {
    await outbox.clear();
    const settings = { ...PROVIDERS, REQUIRE_VERIFICATION: "true", OTP_RESEND_COOLDOWN_SECONDS: "0" };
    const { world } = await createWorldWithJane(settings);
    const visitor = createVisitor(world);
    await visitor.get(`/sign-in?${RETURN_TO}`, CROSS_SITE);
    const fields = { identifier: "jane.doe@example.com", password: PASSWORD, return_to: APP };
    expect((await visitor.post("/sign-in", fields)).location).toBe("/verify?notice=required");
    await visitor.post("/verify/resend", fields);
    await world.flush();
    const { code: otp } = await outbox.last();
    const { location } = await visitor.post("/verify", { identifier: fields.identifier, otp });

    expect((await visitor.get(location!)).text).toContain(`name="return_to" value="${APP}"`);
  });

  it.each(["/account", "/account/profile?x=1", ""])("does not renew the session on the way to %s", async (to) => {
    const { world } = await createWorldWithJane();
    for (const headers of FOREIGN) {
      const { visitor, refresh } = await createSignedIn(world);
      const before = await dumpRows();
      const path = `/session/renew?${new URLSearchParams({ to })}`;

      const asked = await visitor.get(path, headers);
      expect([asked.status, linksOf(asked.text)]).toEqual([200, [path]]);
      expect([visitor.cookies.get(REFRESH), await dumpRows()]).toEqual([refresh, before]);
      const followed = await visitor.get(path, { "sec-fetch-site": "same-origin" });
      expect([followed.status, followed.location]).toEqual([303, to || "/account"]);
      expect(visitor.cookies.get(REFRESH)).not.toBe(refresh);
      expect((await world.refresh(visitor.cookies.get(REFRESH)!)).status).toBe(200);
    }
  });

  it("leads a signed-in user back to the frontend without a renewal", async () => {
    const { world } = await createWorldWithJane();
    for (const headers of FOREIGN) {
      const { visitor, refresh } = await createSignedIn(world);
      const before = await dumpRows();
      let at: string | null = `/sign-in?${RETURN_TO}`;
      for (let hops = 0; at?.startsWith("/") && hops < 5; hops++) at = (await visitor.get(at, headers)).location;

      expect([at, visitor.cookies.get(REFRESH), await dumpRows()]).toEqual([APP, refresh, before]);
      expect((await world.refresh(refresh)).status).toBe(200);
    }
  });

  it.each(["ended", "forged"])("leads to the sign-in form if the session is %s", async (state) => {
    const { world, visitor, refresh } = await createSignedIn();
    if (state === "ended") await world.logout({ refresh_token: refresh });
    else visitor.cookies.set(REFRESH, `${refresh.split(".")[0]}.x`);
    let at: string | null = `/sign-in?${RETURN_TO}`;
    let text = "";
    for (let hops = 0; at?.startsWith("/") && hops < 5; hops++)
      ({ location: at, text } = await visitor.get(at, CROSS_SITE));

    expect([at, text.includes(`name="return_to" value="${APP}"`)]).toEqual([null, true]);
    expect([...visitor.cookies]).toEqual([]);
  });
});

it("an old browser, which does not name the cause, can renew its session", async () => {
  const { visitor, refresh } = await createSignedIn();
  const renewed = await visitor.send("/session/renew?to=/account");

  expect([renewed.status, renewed.location]).toEqual([303, "/account"]);
  expect(visitor.cookies.get(REFRESH)).not.toBe(refresh);
});

it.each([
  ["a logout by the API", "/auth/logout", { ...OWN, ...JSON_TYPE }, 204],
  ["a sign-out on a page", "/sign-out", OWN, 303],
] as const)("%s makes the pages forget their visitor, and keeps the language", async (_, path, headers, status) => {
  const { visitor } = await createSignedIn();
  for (const name of ["language", ...PAGE_COOKIES]) {
    if (!visitor.cookies.has(`__Host-${name}`)) visitor.cookies.set(`__Host-${name}`, "en");
  }

  const out = await visitor.post(path, {}, headers);

  expect([out.status, [...visitor.cookies.keys()]]).toEqual([status, ["__Host-language"]]);
});
