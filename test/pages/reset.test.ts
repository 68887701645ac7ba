import { describe, expect, it } from "vitest";
import { fillHashQueue } from "../support/hash-queue.ts";
import { NO_COOLDOWN, outbox, PROVIDERS } from "../support/outbox.ts";
import { PASSWORD } from "../support/passwords.ts";
import { verifyAddresses } from "../support/rows.ts";
import { createVisitor, mainOf } from "../support/visitor.ts";
import { createWorld, createWorldWithJane, dumpRows } from "../support/world.ts";

const PASSWORDS = { new_password: "brand-new-horse-8", confirm_password: "brand-new-horse-8" };

async function requestedLink() {
  const { world } = await createWorldWithJane(PROVIDERS);
  await world.post("/auth/forgot-password", { identifier: "janedoe" });
  await world.flush();
  const { token, text } = await outbox.first();
  const url = new URL(/https:\S+/.exec(text)![0]);
  return { world, token, path: url.pathname + url.search };
}

describe("the page of a reset link", () => {
  it("GET and HEAD leave a reset link unused and only look if it is open", async () => {
    const { world, token, path } = await requestedLink();
    const before = await dumpRows();
    const counts = { ...world.counts };

    const visitor = createVisitor(world);
    for (const method of ["GET", "HEAD", "GET"]) {
      const { status, location } = await visitor.send(path, { method });
      expect([status, location]).toEqual([303, "/reset-password/link"]);
      expect((await visitor.send(location!, { method })).status).toBe(200);
    }
    for (const method of ["GET", "HEAD"]) {
      expect((await world.send(`/auth/reset-password/${token}`, { method })).status).toBe(405);
    }

    expect(world.counts).toEqual({ ...counts, d1: counts.d1 + 3 });
    expect(await dumpRows()).toEqual(before);
  });

  it("a followed link leaves the address at once and waits in a cookie of this browser for ten minutes", async () => {
    const { world, token, path } = await requestedLink();
    const visitor = createVisitor(world);

    const followed = await visitor.get(path, { "sec-fetch-site": "cross-site" });
    expect([followed.status, followed.location, followed.text]).toEqual([303, "/reset-password/link", ""]);
    expect(followed.headers.getSetCookie()).toEqual([
      `__Host-reset_link=${token}; Max-Age=600; Path=/; HttpOnly; Secure; SameSite=Lax`,
    ]);
    const page = await visitor.get(followed.location!, { "sec-fetch-site": "cross-site" });
    expect(page.text).toContain(`<input type="hidden" name="token" value="${token}"/>`);
    expect(page.text).toContain('action="/reset-password"');

    expect((await visitor.post("/reset-password", { token, ...PASSWORDS })).location).toBe("/sign-in?notice=reset");
    expect([...visitor.cookies]).toEqual([]);
    const again = await visitor.get("/reset-password/link");
    expect([again.status, again.text.includes("This link has expired")]).toEqual([400, true]);
  });

  it("a used link is refused as soon as it is opened, with a way to a new one", async () => {
    const { world, token, path } = await requestedLink();
    expect((await createVisitor(world).post("/reset-password", { token, ...PASSWORDS })).status).toBe(303);

    const visitor = createVisitor(world);
    const opened = await visitor.get((await visitor.get(path)).location!);
    expect([opened.status, opened.text.includes("This link has expired")]).toEqual([400, true]);
    expect(opened.text).toContain('href="/forgot-password"');
    expect(opened.text).not.toContain("new_password");
  });

  it.each(["x", "", "a".repeat(44), `${"a".repeat(42)}"`, "a;b=c"])(
    "text that cannot be a token is no link and drops the one before: %j",
    async (text) => {
      const { world, path } = await requestedLink();
      const visitor = createVisitor(world);
      await visitor.get(path);

      expect((await visitor.get(`/reset-password?${new URLSearchParams({ token: text })}`)).status).toBe(303);
      const page = await visitor.get("/reset-password/link");
      expect([page.status, mainOf(page.text).includes("<input")]).toEqual([400, false]);
      expect([...visitor.cookies]).toEqual([]);
    },
  );

  it("a link that another site makes the browser open does not replace the form for a code", async () => {
    const { world, token, path } = await requestedLink();
    const visitor = createVisitor(world);
    await visitor.get(path, { "sec-fetch-site": "cross-site" });

    const { text } = await visitor.get("/reset-password");
    expect(text).toContain('action="/reset-password/code"');
    expect(text).not.toContain(token);
  });

  it("a reset link sets the password once", async () => {
    const { world, token } = await requestedLink();

    const done = await createVisitor(world).post("/reset-password", { token, ...PASSWORDS });
    expect([done.status, done.location]).toEqual([303, "/sign-in?notice=reset"]);
    expect((await createVisitor(world).get(done.location!)).text).toContain("Your password was reset.");
    const login = await world.post("/auth/login", { identifier: "janedoe", password: PASSWORDS.new_password });
    expect(login.status).toBe(200);

    const again = await createVisitor(world).post("/reset-password", { token, ...PASSWORDS });
    expect([again.status, again.text.includes("This link has expired or was already used.")]).toEqual([400, true]);
    expect(mainOf(again.text)).not.toContain("<input");
  });

  it("a reset keeps the return address of the same browser", async () => {
    const { world, token } = await requestedLink();
    const visitor = createVisitor(world);
    await visitor.get("/forgot-password?return_to=https://app.test/x");
    const done = await visitor.post("/reset-password", { token, ...PASSWORDS });
    expect(done.location).toBe("/sign-in?notice=reset&return_to=https%3A%2F%2Fapp.test%2Fx");
  });

  it.each([
    { new_password: "short", confirm_password: "short" },
    { ...PASSWORDS, confirm_password: "different-8" },
    { ...PASSWORDS, more: "x" },
    {},
  ])("a refused form shows the form again and leaves the link valid: %j", async (fields) => {
    const { world, token } = await requestedLink();

    const { status, text } = await createVisitor(world).post("/reset-password", { token, ...fields } as Record<
      string,
      string
    >);

    expect(status).toBe(422);
    expect(text).toContain('role="alert"');
    expect(text).toContain(`value="${token}"`);
    expect((await createVisitor(world).post("/reset-password", { token, ...PASSWORDS })).status).toBe(303);
  });

  it("an overloaded service shows the form again and leaves the link valid", async () => {
    const { world, token } = await requestedLink();
    const { crowd, release } = await fillHashQueue(world);

    const { status, text, headers } = await createVisitor(world).post("/reset-password", { token, ...PASSWORDS });

    expect(headers.get("retry-after")).toBe("5");
    expect([status, text.includes("busy right now."), text.includes(token)]).toEqual([503, true, true]);
    release();
    await Promise.all(crowd);
    expect((await createVisitor(world).post("/reset-password", { token, ...PASSWORDS })).status).toBe(303);
  });

  it.each([
    ["de-AT, en;q=0.5", "de"],
    ["la, en;q=0.5, de;q=0.9", "de"],
    ["la", "en"],
    ["de;q=0", "en"],
    ["*", "en"],
    [";;;q=,,", "en"],
  ])("the page is in the language of Accept-Language: %s", async (header, language) => {
    const { text } = await createWorld().get("/reset-password", { "accept-language": header });

    expect(text).toContain(`<html lang="${language}" dir="ltr">`);
  });
});

describe("password reset", () => {
  it("a reset link survives GET and HEAD, then resets the password once", async () => {
    await outbox.clear();
    const { world } = await createWorldWithJane(PROVIDERS);
    const visitor = createVisitor(world);
    expect((await visitor.post("/forgot-password", { identifier: "janedoe" })).location).toBe("/forgot-password/sent");
    await world.flush();
    const { token } = await outbox.first();
    const before = await dumpRows();
    for (const method of ["GET", "HEAD", "GET"]) await visitor.send(`/reset-password?token=${token}`, { method });
    expect(await dumpRows()).toEqual(before);

    const fields = { token, new_password: "brand-new-horse-8", confirm_password: "brand-new-horse-9" };
    const differing = await visitor.post("/reset-password", fields);
    expect(differing.status).toBe(422);
    expect(differing.text).toContain(`value="${token}"`);
    const done = await visitor.post("/reset-password", { ...fields, confirm_password: "brand-new-horse-8" });
    expect(done.location).toBe("/sign-in?notice=reset");
    const again = await visitor.post("/reset-password", { ...fields, confirm_password: "brand-new-horse-8" });
    expect([again.status, again.text.includes("This link has expired or was already used.")]).toEqual([400, true]);
  });

  it("a phone number receives a reset code instead of a link", async () => {
    await outbox.clear();
    const { world } = await createWorldWithJane(PROVIDERS);
    await verifyAddresses();
    const visitor = createVisitor(world);
    expect((await visitor.post("/forgot-password", { identifier: "+12025550123" })).location).toBe("/reset-password");
    expect((await visitor.get("/reset-password")).text).toContain('value="+12025550123"');
    await world.flush();
    const { code: otp } = await outbox.first();
    const fields = {
      identifier: "+12025550123",
      otp,
      new_password: "brand-new-horse-8",
      confirm_password: "brand-new-horse-8",
    };

    expect((await visitor.post("/reset-password/code", fields)).location).toBe("/sign-in?notice=reset");
  });

  it("a number that was never verified is verified first, on the page that the form links to", async () => {
    const world = createWorld(NO_COOLDOWN);
    const visitor = createVisitor(world);
    const identifier = "+12025550123";
    await visitor.post("/sign-up", { address: identifier, password: PASSWORD });
    await world.flush();
    await outbox.clear();

    await visitor.post("/forgot-password", { identifier });
    await world.flush();
    expect((await visitor.get("/reset-password")).text).toContain('<a href="/verify">');
    const { code: otp } = await outbox.only();

    expect((await visitor.post("/verify", { identifier, otp })).location).toBe("/sign-in?notice=verified");
  });
});

it.each(["reset", "release"])("a guessed token of a %s link is looked up within the rate limit", async (kind) => {
  const limiter = { limit: async () => ({ success: false }) } as unknown as RateLimit;
  const world = createWorld({ RATE_LIMIT_CREDENTIALS: limiter });
  const path = kind === "reset" ? "/reset-password/link" : "/release-address/link";
  const headers = { cookie: `__Host-${kind}_link=${"x".repeat(43)}`, "cf-connecting-ip": "203.0.113.7" };

  expect((await world.get(path, { ...headers, accept: "text/html" })).status).toBe(429);
  expect(world.counts.d1).toBe(0);
});

it("a used link to release an address is refused as soon as it is opened", async () => {
  const world = createWorld();
  const visitor = createVisitor(world);
  expect((await visitor.get(`/release-address?token=${"x".repeat(43)}`)).location).toBe("/release-address/link");

  const opened = await visitor.get("/release-address/link");
  expect([opened.status, opened.text.includes("This link has expired")]).toEqual([400, true]);
  expect(opened.text).not.toContain("Remove it from that account");
  expect(opened.text).toContain('class="button" href="/sign-up"');
});
