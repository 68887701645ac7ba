import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { failingD1 } from "../support/bindings.ts";
import { createVisitor, OWN } from "../support/visitor.ts";
import { createWorld, createWorldWithJane, PASSWORD } from "../support/world.ts";

describe("errors on pages", () => {
  it.each([
    [
      "a wrong password",
      { identifier: "janedoe", password: "wrong-horse-7" },
      401,
      "Incorrect password, or no such account.",
    ],
    [
      "an unknown account",
      { identifier: "nobody", password: PASSWORD },
      401,
      "Incorrect password, or no such account.",
    ],
    ["no password", { identifier: "janedoe", password: "" }, 422, "Check the highlighted fields."],
    [
      "an unknown field, which the page cannot mark",
      { identifier: "janedoe", password: PASSWORD, role: "admin" },
      422,
      "Something went wrong. Try again in a moment.",
    ],
  ])("a sign-in with %s shows the error and never repeats the password", async (_, fields, status, message) => {
    const { world } = await createWorldWithJane();
    const visitor = createVisitor(world);
    const answer = await visitor.post("/sign-in", fields);

    expect([answer.status, [...visitor.cookies]]).toEqual([status, []]);
    expect(answer.text).toContain("<title>Error: Sign in · auth.test</title>");
    expect(answer.text).toContain(message);
    expect(answer.text).toContain(`value="${fields.identifier}"`);
    if (fields.password) expect(answer.text).not.toContain(fields.password);
  });

  it("a lockout page counts down the seconds of Retry-After", async () => {
    const { world } = await createWorldWithJane();
    const visitor = createVisitor(world);
    const guess = () => visitor.post("/auth/login", { username: "janedoe", password: "wrong-horse-7" });
    for (let n = 0; n < 5; n++) await guess();

    const { status, headers, text } = await guess();
    expect([status, headers.get("content-type"), headers.get("retry-after")]).toEqual([
      429,
      expect.stringContaining("text/html"),
      expect.stringMatching(/^(29|30)$/),
    ]);
    expect(text).toContain(`data-countdown="${headers.get("retry-after")}"`);
  });

  it("a refused form is logged with its error code", async () => {
    const { world } = await createWorldWithJane();
    const logged = vi.spyOn(console, "info").mockImplementation(() => {});
    await createVisitor(world).post("/sign-in", { identifier: "janedoe", password: "wrong-horse-7" });

    const lines = logged.mock.calls.map(([line]) => JSON.parse(line)).filter(({ event }) => event === "request");
    expect(lines).toMatchObject([{ route: "/sign-in", status: 401, code: "invalid_credentials" }]);
  });

  it("a sign-in before verification leads to the verification page", async () => {
    const { world } = await createWorldWithJane({ REQUIRE_VERIFICATION: "true" });
    const visitor = createVisitor(world);
    const answer = await visitor.signIn();

    expect([answer.status, answer.location]).toEqual([303, "/verify?notice=required"]);
    const { text } = await visitor.get(answer.location!);
    expect(text).toContain("Verify your email or phone number before you sign in.");
    expect(text).toMatch(/id="identifier"(?![^>]*autofocus)[^>]*value="janedoe".*id="otp"[^>]* autofocus/);
  });

  it("a refused registration marks its fields and keeps what was typed, except the password", async () => {
    const { world } = await createWorldWithJane();
    const fields = { address: "Jane.Doe@example", password: "x7dkf2m" };
    const answer = await createVisitor(world).post("/sign-up", fields);

    expect(answer.status).toBe(422);
    expect(answer.text).toContain('value="Jane.Doe@example"');
    expect(answer.text).toMatch(/id="address"[^>]*aria-describedby="address-error"[^>]*aria-invalid="true"/);
    expect(answer.text).toContain("Enter an email address, like jane@example.com.");
    expect(answer.text).toMatch(/id="password-error"[^>]*>Use 8 to 256 characters/);
    expect(answer.text).not.toContain("x7dkf2m");
    const common = await createVisitor(world).post("/sign-up", { address: "john@example.com", password: "12345678" });
    expect(common.text).toMatch(/id="password-error"[^>]*>This password is too common/);
    expect(common.text).not.toContain("12345678");
    const taken = await createVisitor(world).post("/sign-up", { address: "jane.doe@example.com", password: PASSWORD });
    expect([taken.status, taken.text.split("An account with this email already exists.").length - 1]).toEqual([409, 1]);
  });

  it("a browser gets an error as a page, a program as a problem document", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const broken = createWorld({ DB: failingD1(env.DB, 1, "before") });
    const limiter = { limit: async () => ({ success: false }) } as unknown as RateLimit;
    const busy = createWorld({ RATE_LIMIT_CREDENTIALS: limiter });
    const away = { "cf-connecting-ip": "203.0.113.7" };
    const fields = { identifier: "janedoe", password: PASSWORD };
    for (const [world, path, status, title, retryAfter] of [
      [createWorld(), "/nowhere", 404, "Page not found", null],
      [createWorld(), "/auth/nowhere", 404, "Page not found", null],
      [busy, "/sign-in", 429, "Too many requests", "60"],
      [broken, "/sign-in", 503, "Just a moment", "5"],
    ] as const) {
      const visitor = createVisitor(world);
      const send = (headers: Record<string, string>) =>
        path === "/sign-in" ? visitor.post(path, fields, { ...OWN, ...away, ...headers }) : visitor.get(path, headers);
      const page = await send({});
      expect([path, page.status, page.headers.get("retry-after")]).toEqual([path, status, retryAfter]);
      expect(page.text).toContain(`<h1>${title}</h1>`);
      const advice = page.text.replace(/<[^>]*>/g, " ").split(/Check the address|[Tt]ry again/).length - 1;
      expect([advice, page.text.includes(`data-countdown="${retryAfter}"`)]).toEqual([1, retryAfter !== null]);
    }
  });

  it.each([
    "text/html",
    "TEXT/HTML",
    "Text/Html; charset=utf-8",
    "text/html;level=1;q=0.4",
    "text/*",
    "application/xhtml+xml",
    "*/*, text/html",
    "application/json;q=0.5, text/html;q=0.9",
    "text/html, */*;q=0.01",
    // Old browsers, then lynx, w3m, Dillo.
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "text/html, text/plain, text/sgml, text/css, application/xhtml+xml, */*;q=0.01",
    "text/html, text/*;q=0.5, image/*, audio/*, video/*, x-scheme-handler/*, x-content/*, inode/*",
    "text/*,image/*,*/*;q=0.2",
  ])("a client that accepts %s gets an error as a page", async (accept) => {
    for (const path of ["/nowhere", "/account/activity?cursor=x", "/auth/nowhere"]) {
      const { status, text, headers } = await createWorld().get(path, { accept });
      if (status !== 303)
        expect([path, headers.get("content-type"), text]).toEqual([
          path,
          expect.stringContaining("text/html"),
          expect.stringContaining("<h1>"),
        ]);
    }
  });

  it.each([
    "",
    "*/*",
    "application/*",
    "application/json",
    "application/json, text/plain, */*",
    "application/json, text/html;q=0.1",
    "application/problem+json, text/html;q=0.9",
    "text/html;q=0, */*",
    "image/avif,image/webp,*/*;q=0.8",
    "text/css,*/*;q=0.1",
    // Java
    "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
    ", ;q=, ;;;",
  ])("a client that accepts %j gets an error as a problem document", async (accept) => {
    const { headers } = await createWorld().get("/nowhere", { accept, "sec-fetch-mode": "cors" });
    expect(headers.get("content-type")).toBe("application/problem+json");
  });

  it("a refused form is explained to people, whatever they accept", async () => {
    const { world } = await createWorldWithJane();
    for (const accept of ["text/html", "*/*", "application/json"]) {
      const headers = { accept, "sec-fetch-mode": "cors", "sec-fetch-site": "cross-site", origin: "https://evil.test" };
      const { status, text } = await createVisitor(world).post("/sign-in", {}, headers);
      expect([status, text]).toEqual([403, expect.stringContaining("Open the page again, or update your browser.")]);
      expect(text).not.toMatch(/ALLOWED_ORIGINS|over http,/);
    }
  });

  it("a form over http, which does not name its sender, is pointed to https", async () => {
    const settings = { ISSUER: "http://localhost:8787", ALLOWED_HOSTS: "192.168.1.5:8787" };
    const visitor = createVisitor(createWorld(settings));
    const { status, text } = await visitor.post("http://192.168.1.5:8787/sign-in", {}, { origin: "null" });

    expect([status, text]).toEqual([403, expect.stringContaining("Use HTTPS.")]);
  });

  it("the root leads a browser to sign-in and names the documents to a program", async () => {
    const { status, location } = await createVisitor(createWorld()).get("/");
    expect([status, location]).toEqual([303, "/sign-in"]);
    const { json } = await createWorld().get("/");
    expect(json.docs).toBe("https://auth.test/docs");
    const local = await createVisitor(createWorld({ ISSUER: "http://localhost:8787" })).get("/");
    expect([local.status, local.text.includes("/dev/outbox")]).toEqual([200, true]);
  });
});

it.each([
  ["/nowhere", 404],
  ["/auth/login", 405],
])("the page for a failure at %s has the nonce of its own policy", async (path, status) => {
  const answer = await createWorld({ BRAND_COLOR: "#1a56db" }).get(path, { "sec-fetch-mode": "navigate" });

  const [, nonce] = /<style nonce="([^"]+)"/.exec(answer.text) ?? [];
  expect(answer.status).toBe(status);
  expect(answer.headers.get("content-security-policy")).toContain(`'nonce-${nonce}'`);
});

it("a method that a route does not have fails with CORS headers and Allow", async () => {
  const { headers } = await createWorld().get("/auth/login", { origin: "https://app.test" });

  expect(headers.get("access-control-allow-origin")).toBe("https://app.test");
  expect(headers.get("allow")).toBe("POST");
});

describe("while a setting is invalid", () => {
  const misconfigured = () => createWorld({ ALLOWED_ORIGINS: "nonsense" });

  it("a failure still links to its explanation and loads its styles", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const { json } = await misconfigured().get("/health");
    const page = await createVisitor(misconfigured()).get("/sign-in");
    const explained = await misconfigured().get(json.type.replace("https://auth.test", "").split("#")[0]);

    expect([json.code, explained.status, explained.text]).toEqual([
      "misconfigured",
      200,
      expect.stringContaining('id="misconfigured"'),
    ]);
    expect(explained.headers.get("content-security-policy")).toContain("style-src 'self'");
    expect(page.text).toContain("<code>ALLOWED_ORIGINS</code>");
    const files = [page.text, explained.text].flatMap((text) => [
      ...text.matchAll(/(?:href|src)="(\/(?:docs|pages)\/[^"#]+)"/g),
    ]);
    expect(files.length).toBeGreaterThan(2);
    for (const [, file] of files) {
      const { status } = await misconfigured().get(file!, { origin: "https://app.test" });
      expect([file, status]).toEqual([file, 200]);
    }
  });

  it.each([
    ["GET", "/docs/nothing.css", 404],
    ["POST", "/docs/errors", 500],
    ["GET", "/docs-x", 500],
    ["GET", "/nowhere", 500],
  ])("%s %s answers no more than before: %d", async (method, path, status) => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    expect((await createVisitor(misconfigured()).send(path, { method })).status).toBe(status);
  });
});
