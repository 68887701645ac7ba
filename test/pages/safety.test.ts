import { describe, expect, it } from "vitest";
import { checked, createVisitor, FOREIGN_FORMS, mainOf } from "../support/visitor.ts";
import { createWorld, createWorldWithJane, dumpRows, ISSUER, PASSWORD } from "../support/world.ts";

const POSTS: [string, Record<string, string>][] = [
  ["/sign-in", { identifier: "janedoe", password: PASSWORD }],
  ["/sign-up", { address: "john@example.com", password: PASSWORD }],
  ["/verify", { identifier: "janedoe", otp: "123456" }],
  ["/verify/resend", { identifier: "janedoe" }],
  ["/forgot-password", { identifier: "janedoe" }],
  ["/reset-password", { token: "x", new_password: "brand-new-horse-8" }],
  ["/reset-password/code", { identifier: "janedoe", otp: "123456", new_password: "brand-new-horse-8" }],
  ["/sign-out", {}],
  ["/session/renew?to=/account", {}],
  ["/account/profile", { first_name: "Mallory" }],
  ["/account/username", { username: "mallory", password: PASSWORD }],
  ["/account/password", { old_password: PASSWORD, new_password: "brand-new-horse-8" }],
  ["/account/email", { email: "mallory@example.com", password: PASSWORD }],
  ["/account/email/confirm", { otp: "123456" }],
  ["/account/phone", { phone: "+12025550199", password: PASSWORD }],
  ["/account/phone/confirm", { otp: "123456" }],
  ["/account/sessions/end", { id: "x" }],
  ["/account/sessions/end-others", {}],
  ["/account/delete", { password: PASSWORD }],
];

describe.each(POSTS)("POST %s", (path, fields) => {
  it.each(FOREIGN_FORMS)("a form from %s is refused and changes nothing", async (_, headers) => {
    const { world } = await createWorldWithJane();
    const visitor = createVisitor(world);
    await visitor.signIn();
    const [before, cookies] = [await dumpRows(), new Map(visitor.cookies)];

    const { status, text } = await visitor.post(path, fields, headers);
    expect([status, text]).toEqual([403, expect.stringContaining("origin_not_allowed")]);
    expect([await dumpRows(), visitor.cookies, world.sent]).toEqual([before, cookies, []]);
  });

  it("a form from our own page is accepted from an old browser", async () => {
    const { world } = await createWorldWithJane();
    const visitor = createVisitor(world);
    await visitor.signIn();

    expect((await visitor.post(path, fields, { origin: ISSUER })).status).not.toBe(403);
  });

  it.each(["text/plain", "application/json", "multipart/form-data; boundary=x"])(
    "a body of type %s is refused",
    async (type) => {
      const { world } = await createWorldWithJane();
      const visitor = createVisitor(world);
      await visitor.signIn();
      const before = await dumpRows();

      const headers = { origin: ISSUER, "sec-fetch-site": "same-origin", "content-type": type };
      const { status } = await visitor.post(path, fields, headers);
      // These forms have no fields.
      if (["/sign-out", "/account/sessions/end-others"].includes(path)) return expect(status).toBe(303);
      if (path.startsWith("/session/renew")) return expect(status).toBe(307);
      expect(status).toBe(400);
      expect(await dumpRows()).toEqual(before);
    },
  );
});

describe("the return address", () => {
  it.each([
    "//evil.test",
    "/\\evil.test",
    "\\evil.test",
    "\\\\evil.test",
    "/.//evil.test/x",
    "/..//evil.test",
    "/%2e//evil.test",
    "/\t/evil.test",
    " //evil.test",
    "https:evil.test",
    "https:/evil.test",
    "https://evil.test",
    "https://app.test.evil.test",
    "https://app.test@evil.test",
    "https://user@app.test/",
    "https://user:pass@app.test/",
    "http://app.test/",
    "https://app.test:8443/",
    "javascript:alert(1)",
    "data:text/html,x",
    "app.test",
    "evil",
    "https://app.test\\@evil.test",
    "/%0d%0alocation:x\r\n",
    "",
  ])("the return address %j is never followed", async (return_to) => {
    const { world } = await createWorldWithJane();
    const visitor = createVisitor(world);
    const page = await visitor.get(`/sign-in?${new URLSearchParams({ return_to })}`);
    expect(mainOf(page.text)).not.toContain("return_to");
    expect(page.headers.get("content-security-policy")).toContain("form-action 'self';");

    const signedIn = await visitor.post("/sign-in", { identifier: "janedoe", password: PASSWORD, return_to });
    expect([signedIn.status, signedIn.location]).toEqual([303, checked()]);
    const again = await visitor.get(`/sign-in?${new URLSearchParams({ return_to })}`);
    expect(again.location).toBe("/session/renew?to=%2Faccount");
    const renewed = await visitor.get(`/session/renew?${new URLSearchParams({ to: return_to })}`);
    expect(renewed.location).toBe("/account");
  });

  it.each([
    ["/account/sessions", "/account/sessions"],
    ["https://app.test/welcome?x=1#y", "https://app.test/welcome?x=1#y"],
    ["https://admin.test", "https://admin.test/"],
    [`${ISSUER}/account?x=1`, "/account?x=1"],
  ])("the return address %s is followed", async (return_to, location) => {
    const { world } = await createWorldWithJane();
    const visitor = createVisitor(world);
    const page = await visitor.get(`/sign-in?${new URLSearchParams({ return_to })}`);
    expect(page.headers.get("content-security-policy")).toContain(
      `form-action 'self' ${new URL(location, ISSUER).origin};`,
    );

    const fields = { identifier: "janedoe", password: PASSWORD, return_to };
    expect((await visitor.post("/sign-in", fields)).location).toBe(location);
    const again = await visitor.get(`/sign-in?${new URLSearchParams({ return_to })}`);
    expect((await visitor.get(again.location!)).location).toBe(location);
  });

  it.each([
    ["https://a.app.test/x", "https://a.app.test/x"],
    ["https://app.test/x", "/account"],
    ["https://a.b.app.test/x", "/account"],
    ["https://*.app.test/x", "/account"],
    ["https://evil.test/.app.test", "/account"],
    ["https://evil.test#.app.test", "/account"],
    ["capacitor://localhost/x", "/account"],
    ["null", "/account"],
  ])("the return address %s is judged by the pattern of a frontend", async (return_to, location) => {
    const { world } = await createWorldWithJane({ ALLOWED_ORIGINS: "https://*.app.test,capacitor://localhost" });
    const visitor = createVisitor(world);
    const fields = { identifier: "janedoe", password: PASSWORD, return_to };

    expect((await visitor.post("/sign-in", fields)).location).toBe(checked(location));
  });

  it.each(["/sign-in", "/sign-up", "/forgot-password"])(
    "a return address given at %s is kept until sign-in",
    async (path) => {
      const { world } = await createWorldWithJane();
      const visitor = createVisitor(world);
      await visitor.get(`${path}?return_to=https://app.test/x`);
      await visitor.get(`${path}?return_to=https://evil.test/x`);
      const page = await visitor.get("/sign-in?notice=verified");
      expect(page.text).toContain('name="return_to" value="https://app.test/x"');
      expect(page.headers.get("content-security-policy")).toContain("form-action 'self' https://app.test;");

      const fields = { identifier: "janedoe", password: PASSWORD, return_to: "https://app.test/x" };
      expect((await visitor.post("/sign-in", fields)).location).toBe("https://app.test/x");
      await visitor.post("/sign-out", {});
      expect(mainOf((await visitor.get("/sign-in")).text)).not.toContain("return_to");
    },
  );

  it("a return address too long for a cookie is not remembered", async () => {
    const visitor = createVisitor(createWorld());
    await visitor.get(`/sign-up?${new URLSearchParams({ return_to: `/${'"'.repeat(1300)}` })}`);
    expect([...visitor.cookies]).toEqual([]);
  });

  it("a return address in a cookie is validated like any other", async () => {
    const visitor = createVisitor(createWorld());
    visitor.cookies.set("__Host-return_to", "https://evil.test/");
    expect((await visitor.get("/sign-in")).text).not.toContain("evil");
  });

  it("a form that is sent again never goes to a frontend", async () => {
    const { world } = await createWorldWithJane();
    const visitor = createVisitor(world);
    await visitor.signIn();
    const answer = await visitor.post("/session/renew?to=https://app.test/x", { password: PASSWORD });

    expect([answer.status, answer.location]).toEqual([307, "/account"]);
  });
});

describe("a page", () => {
  it.each(["/", "/sign-in", "/sign-up", "/verify", "/forgot-password", "/reset-password", "/signed-out", "/x"])(
    "%s has a strict content security policy and is not cached",
    async (path) => {
      const { headers, text } = await createVisitor(createWorld({ ISSUER: "http://localhost:8787" })).get(path);
      const policy = headers.get("content-security-policy") ?? "";

      expect(policy).not.toMatch(/unsafe|\*|https:/);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(headers.get("cache-control")).toBe("no-store");
      expect(text).not.toMatch(/ (style|on\w+)=|<script>|<script [^>]*>[^<]/);
    },
  );
});
