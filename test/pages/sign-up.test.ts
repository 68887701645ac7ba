import { afterEach, describe, expect, it, vi } from "vitest";
import { maskedAddress } from "../../src/pages/masked.ts";
import { outbox, PROVIDERS } from "../support/outbox.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorld, createWorldWithJane, PASSWORD, stopClock } from "../support/world.ts";

const REGISTRATION = "__Host-registration";
const ACCESS = "__Host-access_token";
const JOHN = "john@example.com";
const START = Date.UTC(2026, 0, 1);

afterEach(() => {
  vi.useRealTimers();
});

/** A browser that has just signed up, and the code that it was sent. */
async function signedUp(settings: Record<string, string> = {}) {
  await outbox.clear();
  const world = createWorld({ ...PROVIDERS, ...settings });
  const visitor = createVisitor(world);
  const { location } = await visitor.post("/sign-up", { address: JOHN, password: PASSWORD });
  expect(location).toBe("/verify");
  await world.flush();
  return { world, visitor, otp: (await outbox.first()).code };
}

describe("the browser that signed up", () => {
  it("is told where the code went, in short, and has one field", async () => {
    const { visitor } = await signedUp();
    const { text } = await visitor.get("/verify");

    expect(text).toContain("Enter the code we sent to j•••@example.com.");
    expect(text).toContain(`<input type="hidden" name="identifier" value="${JOHN}"/>`);
    expect(text.match(/<label/g)).toHaveLength(1);
    expect(text).toMatch(/<input id="otp"[^>]* autofocus/);
    const { text: asking } = await visitor.get("/verify?edit");
    expect(asking).toMatch(/<p>Enter the code we sent you.<\/p>.*<input id="identifier"/);
  });

  it("is signed in by the code, with the password as its proof", async () => {
    const { world, visitor, otp } = await signedUp();
    const { location } = await visitor.post("/verify", { identifier: JOHN, otp });

    expect([location, visitor.cookies.has(REGISTRATION)]).toEqual(["/account?notice=verified", false]);
    expect((await visitor.get(location!)).text).toContain(JOHN);
    const token = visitor.cookies.get(ACCESS)!;
    expect((await world.call("GET", "/users/me", { token })).json.email_verified).toBe(true);
    expect(JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString()).amr).toEqual(["pwd"]);
  });

  it("is led on to the frontend that it came from", async () => {
    await outbox.clear();
    const world = createWorld({ ...PROVIDERS, ALLOWED_ORIGINS: "https://app.test" });
    const visitor = createVisitor(world);
    const query = "?return_to=https%3A%2F%2Fapp.test%2Fhome";
    await visitor.post(`/sign-up${query}`, { address: JOHN, password: PASSWORD });
    await world.flush();
    expect((await visitor.get("/verify")).headers.get("content-security-policy")).toContain("https://app.test");
    const { code: otp } = await outbox.first();

    expect((await visitor.post("/verify", { identifier: JOHN, otp })).location).toBe("https://app.test/home");
  });

  it.each([
    ["another browser", (cookies: Map<string, string>) => cookies.delete(REGISTRATION)],
    ["a forged cookie", (cookies: Map<string, string>) => cookies.set(REGISTRATION, `x${cookies.get(REGISTRATION)}`)],
  ])("is not mistaken for %s, which is verified but not signed in", async (_, change) => {
    const { visitor, otp } = await signedUp();
    change(visitor.cookies);
    const { location } = await visitor.post("/verify", { identifier: JOHN, otp });

    expect([location, visitor.cookies.has(ACCESS)]).toEqual(["/sign-in?notice=verified", false]);
  });

  it("is not signed in after a change of the password", async () => {
    const { visitor, otp, world } = await signedUp();
    await world.env.DB.exec("update users set credential_version = 1");

    expect((await visitor.post("/verify", { identifier: JOHN, otp })).location).toBe("/sign-in?notice=verified");
  });

  it("is not signed in to another account", async () => {
    const { visitor } = await signedUp();
    await outbox.clear();
    const { world } = await createWorldWithJane(PROVIDERS);
    await world.post("/auth/verify/resend", { identifier: "janedoe" });
    await world.flush();
    const { code: otp } = await outbox.first();

    const { location } = await visitor.post("/verify", { identifier: "janedoe", otp });
    expect([location, visitor.cookies.has(ACCESS)]).toEqual(["/sign-in?notice=verified", false]);
  });

  it("is not signed in an hour later", async () => {
    stopClock(START);
    const { world, visitor } = await signedUp();
    stopClock(START + 3_600_000);
    await visitor.post("/verify/resend", { identifier: JOHN });
    await outbox.clear();
    await world.flush();
    const { code: otp } = await outbox.first();

    expect((await visitor.post("/verify", { identifier: JOHN, otp })).location).toBe("/sign-in?notice=verified");
  });

  it("cannot tell a taken address from a new one, if verification is required", async () => {
    const settings = { REQUIRE_VERIFICATION: "true" };
    const { visitor } = await signedUp(settings);
    const again = await signedUp(settings);

    expect([...again.visitor.cookies.keys()]).toEqual([...visitor.cookies.keys()]);
    expect(again.visitor.cookies.get(REGISTRATION)).toHaveLength(visitor.cookies.get(REGISTRATION)!.length);
  });
});

describe("another message", () => {
  it("can be requested after the cooldown, and the page counts the seconds", async () => {
    stopClock(START);
    const { visitor } = await signedUp({ OTP_RESEND_COOLDOWN_SECONDS: "30" });
    stopClock(START + 10_000);
    expect((await visitor.get("/verify")).text).toContain('data-countdown="20"');
    const early = await visitor.post("/verify/resend", { identifier: JOHN });
    expect([early.status, early.headers.get("retry-after")]).toEqual([429, "20"]);
    stopClock(START + 30_000);
    expect((await visitor.get("/verify")).text).not.toContain("data-countdown");

    expect((await visitor.post("/verify/resend", { identifier: JOHN })).location).toBe("/verify?notice=resent");
    expect((await visitor.get("/verify")).text).toContain('data-countdown="30"');
  });

  it("for a reset is offered where the page says whom the first one went to", async () => {
    stopClock(START);
    await outbox.clear();
    const { world } = await createWorldWithJane({ ...PROVIDERS, OTP_RESEND_COOLDOWN_SECONDS: "30" });
    const visitor = createVisitor(world);
    expect((await visitor.get("/forgot-password/sent")).location).toBe("/forgot-password");
    const identifier = "jane.doe@example.com";
    expect((await visitor.post("/forgot-password", { identifier })).location).toBe("/forgot-password/sent");
    const { text } = await visitor.get("/forgot-password/sent");
    expect(text).toContain("If an account exists for j•••@example.com, we sent a link to its email address.");
    expect(text).toContain("10 minutes");
    expect(text).toContain('data-countdown="30"');

    expect((await visitor.post("/forgot-password", { identifier })).status).toBe(429);
    await world.flush();
    stopClock(START + 30_000);
    expect((await visitor.post("/forgot-password", { identifier })).location).toBe(
      "/forgot-password/sent?notice=resent",
    );
    await world.flush();
    expect(await outbox.all()).toHaveLength(2);
  });
});

it("after a reset, the sign-in has the identifier filled in", async () => {
  await outbox.clear();
  const { world } = await createWorldWithJane(PROVIDERS);
  const visitor = createVisitor(world);
  await visitor.post("/forgot-password", { identifier: "janedoe" });
  await world.flush();
  const { token } = await outbox.first();
  const { location } = await visitor.post("/reset-password", { token: token!, new_password: "brand-new-horse-8" });

  const { text } = await visitor.get(location!);
  expect(text).toMatch(/id="identifier"[^>]*value="janedoe"/);
  expect(text).toMatch(/id="password"[^>]*autofocus/);
});

it("an address is shortened to what its owner recognizes", () => {
  const masked = ["jane.doe@example.com", "+12025550123", "(202) 555-0123", "janedoe"].map(maskedAddress);
  expect(masked).toEqual(["j•••@example.com", "•••• 0123", "•••• 0123", "janedoe"]);
});

describe("a page says that a message was sent only to the browser that requested one", () => {
  it.each([
    ["after a refused sign-in", { REQUIRE_VERIFICATION: "true" }],
    ["after a sign-in", {}],
  ])("%s", async (_, settings) => {
    const { world } = await createWorldWithJane(settings);
    const visitor = createVisitor(world);
    await visitor.signIn();
    await visitor.get("/account");

    for (const path of ["/verify", "/reset-password"]) {
      const { text } = await visitor.get(path);
      expect([path, /we sent (it a code|to)/.test(text)]).toEqual([path, false]);
      expect(text).toMatch(/<input id="identifier"/);
    }
    expect((await visitor.get("/forgot-password/sent")).location).toBe("/forgot-password");
  });
});

it("a refused request for a new code keeps the way to the frontend open", async () => {
  const world = createWorld({ ...PROVIDERS, ALLOWED_ORIGINS: "https://app.test" });
  const visitor = createVisitor(world);
  await visitor.post("/sign-up?return_to=https%3A%2F%2Fapp.test%2F", { address: JOHN, password: PASSWORD });

  for (const identifier of [JOHN, "John@Example.com"]) {
    const refused = await visitor.post("/verify/resend", { identifier });
    expect(refused.status).toBe(429);
    expect(refused.headers.get("content-security-policy")).toContain("form-action 'self' https://app.test");
  }
});

it("signing out forgets what this browser registered and requested", async () => {
  const { visitor } = await signedUp();
  await visitor.signIn(JOHN);
  await visitor.post("/sign-out", {});

  expect([...visitor.cookies.keys()]).toEqual([]);
});
