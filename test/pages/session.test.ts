import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { outbox, PROVIDERS } from "../support/outbox.ts";
import { createVisitor, OWN } from "../support/visitor.ts";
import { createWorld, createWorldWithJane, dumpRows, ISSUER, JSON_TYPE, PASSWORD, sidOf } from "../support/world.ts";

const ACCESS = "__Host-access_token";
const ACCOUNT = "__Host-account";
const REFRESH = "__Host-refresh_token";

async function createSignedIn(overrides: Partial<Env> = {}) {
  const { world, jane } = await createWorldWithJane(overrides);
  const visitor = createVisitor(world);
  const { status, headers } = await visitor.signIn();
  expect(status).toBe(303);
  return { world, jane, visitor, setCookies: headers.getSetCookie() };
}

describe("the session of the pages", () => {
  it("session cookies are __Host-, HttpOnly, Secure and SameSite=Lax", async () => {
    const { setCookies, visitor } = await createSignedIn();

    expect([...visitor.cookies.keys()].sort()).toEqual([ACCESS, ACCOUNT, REFRESH]);
    for (const line of setCookies) expect(line).toMatch(/; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  });

  it("a sign-in whose cookies do not come back says what to do, and keeps the return address", async () => {
    const { world } = await createWorldWithJane();
    const fields = { identifier: "janedoe", password: PASSWORD, return_to: "https://app.test/x" };
    const kept = createVisitor(world);
    const { location } = await kept.post("/sign-in", fields);
    expect((await kept.get(location!)).location).toBe("https://app.test/x");
    await kept.post("/sign-out", {});
    expect((await kept.post("/sign-in", fields)).location).toBe("https://app.test/x");

    const dropped = await createVisitor(world).get(location!);
    expect([dropped.status, dropped.text]).toEqual([200, expect.stringContaining("Allow cookies for this site")]);
    expect(dropped.text).toContain('name="return_to" value="https://app.test/x"');
    expect(dropped.text).not.toContain("Safari");
    const local = createVisitor(createWorld({ ISSUER: "http://localhost:8787" }));
    expect((await local.get(location!)).text).toContain("Safari");
  });

  it("the API ignores the access token in the cookie", async () => {
    const { world, visitor } = await createSignedIn();
    const cookie = `${ACCESS}=${visitor.cookies.get(ACCESS)}`;

    expect((await world.get("/users/me", { cookie })).status).toBe(401);
  });

  it("an expired access token is renewed on the way to a page or a form, which is sent again", async () => {
    const { jane, visitor } = await createSignedIn();
    const before = visitor.cookies.get(REFRESH);
    visitor.cookies.delete(ACCESS);

    const get = await visitor.get("/account/profile?x=1");
    expect([get.status, get.location]).toEqual([303, "/session/renew?to=%2Faccount%2Fprofile%3Fx%3D1"]);
    const renewed = await visitor.get(get.location!);
    expect([renewed.status, renewed.location]).toEqual([303, "/account/profile?x=1"]);
    expect(visitor.cookies.get(REFRESH)).not.toBe(before);
    expect((await visitor.get("/account/profile")).status).toBe(200);

    visitor.cookies.delete(ACCESS);
    const fields = { first_name: "Jane" };
    const form = `/account/profile?user=${jane.id}`;
    const post = await visitor.post(form, fields);
    expect([post.status, post.location]).toEqual([307, `/session/renew?to=${encodeURIComponent(form)}`]);
    expect((await visitor.post(post.location!, fields)).status).toBe(307);
    expect((await visitor.post(form, fields)).location).toBe("/account?notice=saved");
    expect((await visitor.get("/account")).text).toContain("Jane");
    expect(jane.first_name).toBeNull();
  });

  it("a visitor without a session is asked to sign in and led back", async () => {
    const visitor = createVisitor((await createWorldWithJane()).world);
    const asked = await visitor.get("/account/sessions");
    expect([asked.status, asked.location]).toEqual([303, "/sign-in?return_to=%2Faccount%2Fsessions"]);
    expect((await visitor.get(asked.location!)).text).toContain('name="return_to"');
  });

  it.each(["/account", "/account/profile", "/account/sessions", "/account/activity"])(
    "%s asks to sign in and drops the cookies after the session was revoked",
    async (path) => {
      const { world, visitor } = await createSignedIn();
      await world.post("/auth/logout", {}, { authorization: `Bearer ${visitor.cookies.get(ACCESS)}` });

      expect((await visitor.get(path)).location).toMatch(/^\/sign-in/);
      expect([...visitor.cookies]).toEqual([]);
    },
  );

  it("a renewal asks to sign in and drops the cookies after the session was revoked", async () => {
    const { world, visitor } = await createSignedIn();
    await world.post("/auth/logout", {}, { authorization: `Bearer ${visitor.cookies.get(ACCESS)}` });
    visitor.cookies.delete(ACCESS);

    expect((await visitor.get("/session/renew?to=/account")).location).toBe("/sign-in?return_to=%2Faccount");
    expect([...visitor.cookies]).toEqual([]);
  });

  it.each(["signature", "session", "text"])("a refresh cookie with a forged %s opens no page", async (forged) => {
    const { visitor } = await createSignedIn();
    const [payload = "", mac = ""] = visitor.cookies.get(REFRESH)!.split(".");
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
    const later = Buffer.from(JSON.stringify([...claims.slice(0, 3), claims[3] + 1])).toString("base64url");
    const cookies = { signature: `${payload}.${"A".repeat(mac.length)}`, session: `${later}.${mac}`, text: payload };
    visitor.cookies.set(REFRESH, cookies[forged as keyof typeof cookies]);

    for (const path of ["/account", "/account/profile", "/account/sessions"]) {
      expect((await visitor.get(path)).location).toBe(`/session/renew?${new URLSearchParams({ to: path })}`);
    }
    expect((await visitor.get("/session/renew?to=/account")).location).toBe("/sign-in?return_to=%2Faccount");
    expect([...visitor.cookies]).toEqual([]);
  });

  it("pages show the user of the refresh cookie after another user signs in over the API", async () => {
    const { world, visitor } = await createSignedIn();
    const john = { email: "john@example.com", password: PASSWORD };
    await world.post("/auth/register", john);
    const body = JSON.stringify({ identifier: john.email, password: PASSWORD, transport: "cookie" });
    await visitor.send("/auth/login", { method: "POST", headers: { ...JSON_TYPE, ...OWN }, body });

    const account = await visitor.get("/account");
    expect(account.location).toBe("/session/renew?to=%2Faccount");
    await visitor.get(account.location!);
    expect((await visitor.get("/account")).text).toContain("john@example.com");
    visitor.cookies.delete(REFRESH);
    expect((await visitor.get("/account")).location).toMatch(/^\/sign-in/);
  });

  it("signing out revokes the session for the API too", async () => {
    const { world, visitor } = await createSignedIn();
    const [access, refresh] = [visitor.cookies.get(ACCESS)!, visitor.cookies.get(REFRESH)!];

    expect((await visitor.post("/sign-out", {})).location).toBe("/signed-out");
    expect([...visitor.cookies]).toEqual([]);
    expect((await world.refresh(refresh)).status).toBe(401);
    expect(await env.DENYLIST.get(`sid:${sidOf(access)}`)).not.toBeNull();
    expect((await visitor.post("/sign-out", {})).location).toBe("/signed-out");
  });

  it("signing out revokes the session of the refresh cookie, not of the access token", async () => {
    const { world, visitor } = await createSignedIn();
    const other = createVisitor(world);
    await other.signIn();
    const refresh = other.cookies.get(REFRESH)!;
    visitor.cookies.set(REFRESH, refresh);

    await visitor.post("/sign-out", {});
    expect((await world.refresh(refresh)).status).toBe(401);
  });

  it("a revoked session leads to the sign-in form without a redirect loop", async () => {
    const { world, visitor } = await createSignedIn();
    await world.post("/auth/logout", {}, { authorization: `Bearer ${visitor.cookies.get(ACCESS)}` });

    const asked = await visitor.get("/sign-in?return_to=https://app.test/");
    const renewed = await visitor.get(asked.location!);
    expect(renewed.location).toBe("/sign-in?return_to=https%3A%2F%2Fapp.test%2F");
    const form = await visitor.get(renewed.location!);
    expect([form.status, form.text.includes('name="password"')]).toEqual([200, true]);
  });

  it("an active session needs no password after its access token has expired", async () => {
    const { visitor } = await createSignedIn();
    visitor.cookies.delete(ACCESS);

    const asked = await visitor.get("/sign-in?return_to=https://app.test/");
    expect((await visitor.get(asked.location!)).location).toBe("https://app.test/");
  });

  it("a form shown to one user never acts for another", async () => {
    const { world, jane, visitor } = await createSignedIn();
    const shown = await visitor.get("/account/profile");
    expect(shown.text).toContain(`action="/account/profile?user=${jane.id}"`);
    await world.post("/auth/register", { email: "john@example.com", password: PASSWORD });
    await visitor.post("/sign-out", {});
    await visitor.signIn("john@example.com");
    const before = await dumpRows();

    for (const query of [`user=${jane.id}`, "user=", ""]) {
      for (const path of ["profile", "password", "email", "phone/confirm", "sessions/end-others", "delete"]) {
        const fields = { first_name: "Jane", password: PASSWORD };
        const { location } = await visitor.post(`/account/${path}?${query}`, fields);
        expect(location).toBe("/account?notice=otherUser");
      }
    }
    expect((await visitor.get("/account?notice=otherUser")).text).toContain("so nothing was changed.");
    expect(await dumpRows()).toEqual(before);
  });

  it.each(["/", "/sign-in", ISSUER, "/session/renew?to=/sign-in", "/session/renew?to=/"])(
    "an active session that returns to %s ends in no redirect loop",
    async (to) => {
      const { visitor } = await createSignedIn();
      let at: string | null = `/sign-in?${new URLSearchParams({ return_to: to })}`;
      for (let hops = 0; at && hops < 10; hops++) at = (await visitor.get(at)).location;

      expect(at).toBeNull();
      // The account is not verified: its page remembers whose code /verify asks for.
      expect([...visitor.cookies.keys()].sort()).toEqual([ACCESS, ACCOUNT, "__Host-identifier", REFRESH]);
    },
  );

  it("verifying an address while signed in leads to the account, not to another origin", async () => {
    await outbox.clear();
    const { world, jane, visitor } = await createSignedIn(PROVIDERS);
    await world.post("/auth/verify/resend", { identifier: jane.email });
    await world.flush();
    const { code: otp } = await outbox.first();
    visitor.cookies.delete(ACCESS);
    visitor.cookies.set("__Host-return_to", "https://app.test/");

    const { location } = await visitor.post("/verify", { identifier: jane.email!, otp });
    expect(location).toBe("/account?notice=verified");
  });

  it("signing out drops every cookie", async () => {
    const { visitor } = await createSignedIn();
    await visitor.get("/forgot-password?return_to=https://app.test/");
    await visitor.post("/forgot-password", { identifier: "janedoe" });
    await visitor.post("/sign-out", {});

    expect([...visitor.cookies]).toEqual([]);
  });

  it("the list of sessions ends other sessions and this one", async () => {
    const { world, visitor } = await createSignedIn();
    const other = createVisitor(world);
    await other.signIn();
    const id = sidOf(other.cookies.get(ACCESS)!);
    expect((await visitor.get("/account/sessions")).text).toContain(id);

    expect((await visitor.post("/account/sessions/end", { id })).location).toBe("/account/sessions?notice=ended");
    expect((await other.get("/account")).location).toMatch(/^\/sign-in/);
    const own = sidOf(visitor.cookies.get(ACCESS)!);
    expect((await visitor.post("/account/sessions/end", { id: own })).location).toBe("/signed-out");
    expect([...visitor.cookies]).toEqual([]);
  });
});
