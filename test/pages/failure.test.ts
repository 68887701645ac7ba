import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { failingD1 } from "../support/bindings.ts";
import { createVisitor, OWN } from "../support/visitor.ts";
import { createWorld, createWorldWithJane, PASSWORD } from "../support/world.ts";

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
    expect(answer.text).toContain("<title>That did not work: Sign in</title>");
    expect(answer.text).toContain(said);
    expect(answer.text).toContain(`value="${fields.identifier}"`);
    if (fields.password) expect(answer.text).not.toContain(fields.password);
  });

  it("keeps what the API says of when to come back", async () => {
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

  it("is in the log by its code, as it is of the API", async () => {
    const { world } = await createWorldWithJane();
    const logged = vi.spyOn(console, "info").mockImplementation(() => {});
    await createVisitor(world).post("/sign-in", { identifier: "janedoe", password: "wrong-horse-7" });

    const lines = logged.mock.calls.map(([line]) => JSON.parse(line)).filter(({ event }) => event === "request");
    expect(lines).toMatchObject([{ route: "/sign-in", status: 401, code: "invalid_credentials" }]);
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
    const busy = createWorld({ RATE_LIMIT_CREDENTIALS: limiter });
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
      if (status === 404) expect(page.text).not.toContain("Try again");
      if (retryAfter) expect(page.text).toContain(`data-countdown="${retryAfter}"`);
    }
    for (const accept of ["*/*", "application/json, text/html;q=0.1", "text/html, image/gif, image/jpeg, */*; q=0.2"]) {
      const { headers } = await createWorld().get("/nowhere", { accept });
      expect([accept, headers.get("content-type")]).toEqual([accept, "application/problem+json"]);
    }
    const old = { accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" };
    expect((await createWorld().get("/nowhere", old)).headers.get("content-type")).toContain("text/html");
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
