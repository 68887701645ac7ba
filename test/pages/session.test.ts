import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { failingD1 } from "../bindings.ts";
import { createWorld, createWorldWithJane, JSON_TYPE, PASSWORD, sidOf } from "../world.ts";
import { createVisitor, OWN } from "./visitor.ts";

const ACCESS = "__Host-access_token";
const REFRESH = "__Host-refresh_token";

async function createSignedIn(overrides: Partial<Env> = {}) {
  const { world, jane } = await createWorldWithJane(overrides);
  const visitor = createVisitor(world);
  const { status, headers } = await visitor.signIn();
  expect(status).toBe(303);
  return { world, jane, visitor, setCookies: headers.getSetCookie() };
}

describe("the session of a page", () => {
  it("is in cookies that no script, no other host and no other site's form can use", async () => {
    const { setCookies, visitor } = await createSignedIn();

    expect([...visitor.cookies.keys()].sort()).toEqual([ACCESS, REFRESH]);
    for (const line of setCookies) expect(line).toMatch(/; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  });

  it("is good for the pages alone: the API takes no access token from a cookie", async () => {
    const { world, visitor } = await createSignedIn();
    const cookie = `${ACCESS}=${visitor.cookies.get(ACCESS)}`;

    expect((await world.get("/users/me", { cookie })).status).toBe(401);
  });

  it("is renewed on the way to a page, and to a form, which is sent again", async () => {
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
    const post = await visitor.post("/account/profile", fields);
    expect([post.status, post.location]).toEqual([307, "/session/renew?to=%2Faccount%2Fprofile"]);
    expect((await visitor.post(post.location!, fields)).status).toBe(307);
    expect((await visitor.post("/account/profile", fields)).location).toBe("/account?notice=saved");
    expect((await visitor.get("/account")).text).toContain("Jane");
    expect(jane.first_name).toBeNull();
  });

  it("asks who has none to sign in, and leads back", async () => {
    const visitor = createVisitor((await createWorldWithJane()).world);
    const asked = await visitor.get("/account/sessions");
    expect([asked.status, asked.location]).toEqual([303, "/sign-in?return_to=%2Faccount%2Fsessions"]);
    expect((await visitor.get(asked.location!)).text).toContain('name="return_to"');
    expect((await visitor.post("/account/profile", { first_name: "x" })).location).toBe("/sign-in");
  });

  it.each(["/account", "/account/profile", "/account/sessions", "/account/activity"])(
    "that was ended elsewhere asks to sign in again at %s, and leaves no cookie",
    async (path) => {
      const { world, visitor } = await createSignedIn();
      await world.post("/auth/logout", {}, { authorization: `Bearer ${visitor.cookies.get(ACCESS)}` });

      expect((await visitor.get(path)).location).toMatch(/^\/sign-in/);
      expect([...visitor.cookies]).toEqual([]);
    },
  );

  it("that was ended elsewhere asks to sign in again when it is to be renewed", async () => {
    const { world, visitor } = await createSignedIn();
    await world.post("/auth/logout", {}, { authorization: `Bearer ${visitor.cookies.get(ACCESS)}` });
    visitor.cookies.delete(ACCESS);

    expect((await visitor.get("/session/renew?to=/account")).location).toBe("/sign-in?return_to=%2Faccount");
    expect([...visitor.cookies]).toEqual([]);
  });

  it("is that of the API's cookie, whoever signs in there meanwhile", async () => {
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

  it("ends when somebody signs out, for the API too", async () => {
    const { world, visitor } = await createSignedIn();
    const [access, refresh] = [visitor.cookies.get(ACCESS)!, visitor.cookies.get(REFRESH)!];

    expect((await visitor.post("/sign-out", {})).location).toBe("/signed-out");
    expect([...visitor.cookies]).toEqual([]);
    expect((await world.refresh(refresh)).status).toBe(401);
    expect(await env.DENYLIST.get(`sid:${sidOf(access)}`)).not.toBeNull();
    expect((await visitor.post("/sign-out", {})).location).toBe("/signed-out");
  });

  it("can be ended from the list, this one and others", async () => {
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

describe("what goes wrong", () => {
  it.each([
    ["a wrong password", { identifier: "janedoe", password: "wrong-horse-7" }, 401, "That is not right."],
    ["an account that is not there", { identifier: "nobody", password: PASSWORD }, 401, "That is not right."],
    ["no password", { identifier: "janedoe", password: "" }, 422, "Please look at what is marked."],
    ["fields of its own", { identifier: "janedoe", password: PASSWORD, role: "admin" }, 422, "Please look"],
  ])("at signing in with %s is said, without what was secret", async (_, fields, status, said) => {
    const { world } = await createWorldWithJane();
    const visitor = createVisitor(world);
    const answer = await visitor.post("/sign-in", fields);

    expect([answer.status, [...visitor.cookies]]).toEqual([status, []]);
    expect(answer.text).toContain(said);
    expect(answer.text).toContain(`value="${fields.identifier}"`);
    if (fields.password) expect(answer.text).not.toContain(fields.password);
  });

  it("at signing in before an address is verified leads to the page for that", async () => {
    const { world } = await createWorldWithJane({ REQUIRE_VERIFICATION: "true" });
    const visitor = createVisitor(world);
    const answer = await visitor.signIn();

    expect([answer.status, answer.text.includes('href="/verify"')]).toEqual([403, true]);
    expect((await visitor.get("/verify")).text).toContain('value="janedoe"');
  });

  it("at signing up is said at its field, and what was typed stays", async () => {
    const { world } = await createWorldWithJane();
    const fields = { email: "Jane.Doe@example.com", username: "x", password: "12345678" };
    const answer = await createVisitor(world).post("/sign-up", fields);

    expect(answer.status).toBe(422);
    expect(answer.text).toContain('value="Jane.Doe@example.com"');
    expect(answer.text).toMatch(/id="username"[^>]*aria-describedby="username-error"[^>]*aria-invalid="true"/);
    expect(answer.text).toMatch(/id="password-error"/);
    expect(answer.text).not.toContain("12345678");
    const taken = await createVisitor(world).post("/sign-up", { email: "jane.doe@example.com", password: PASSWORD });
    expect([taken.status, taken.text.includes("There is an account with this e-mail address already.")]).toEqual([
      409,
      true,
    ]);
  });

  it("is a page for a person, and a problem for a program", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const broken = createWorld({ DB: failingD1(env.DB, 1, "before") });
    const limiter = { limit: async () => ({ success: false }) } as unknown as RateLimit;
    const busy = createWorld({ LIMIT_GUESS: limiter });
    const away = { "cf-connecting-ip": "203.0.113.7" };
    const fields = { identifier: "janedoe", password: PASSWORD };
    for (const [world, path, status, title, retryAfter] of [
      [createWorld(), "/nowhere", 404, "There is no such page", null],
      [createWorld(), "/auth/nowhere", 404, "There is no such page", null],
      [busy, "/sign-in", 429, "Too many requests", "60"],
      [broken, "/sign-in", 503, "Just a moment", "5"],
    ] as const) {
      const visitor = createVisitor(world);
      const send = (headers: Record<string, string>) =>
        path === "/sign-in" ? visitor.post(path, fields, { ...OWN, ...away, ...headers }) : visitor.get(path, headers);
      const page = await send({});
      expect([path, page.status, page.headers.get("retry-after")]).toEqual([path, status, retryAfter]);
      expect(page.text).toContain(`<h1>${title}</h1>`);
      if (retryAfter) expect(page.text).toContain(`data-countdown="${retryAfter}"`);
    }
    const { headers } = await createWorld().get("/nowhere");
    expect(headers.get("content-type")).toBe("application/problem+json");
  });

  it("at the service's own root is nothing: a browser is led on, a program told where things are", async () => {
    const { status, location } = await createVisitor(createWorld()).get("/");
    expect([status, location]).toEqual([303, "/sign-in"]);
    const { json } = await createWorld().get("/");
    expect(json.docs).toBe("https://auth.test/docs");
    const local = await createVisitor(createWorld({ ISSUER: "http://localhost:8787" })).get("/");
    expect([local.status, local.text.includes("/dev/outbox")]).toEqual([200, true]);
  });
});
