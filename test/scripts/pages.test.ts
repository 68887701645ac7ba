import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { LOCALES } from "../../src/locales/locales.ts";
import { COLOR_RULES, violationsOf } from "../support/axe.ts";
import { ACCOUNT, OPEN, OTHERS } from "../support/browser-pages.ts";
import { CHROMIUM, openBrowser } from "../support/chromium.ts";
import { choose, type } from "../support/keyboard.ts";
import { heading, PASSWORD, received, signIn, signUp } from "../support/page-acts.ts";
import { sharedService } from "../support/shared-service.ts";

/** A page has the same elements in all combinations, so two of the four show what differs. */
const LOOKS = [
  { colorScheme: "light", width: 320 },
  { colorScheme: "dark", width: 1280, runOnly: COLOR_RULES },
] as const;
const NEW_PASSWORD = "brand-new-horse-8";
let address: string;
let browser: Browser;
const contexts: BrowserContext[] = [];
/** Lists what no page may do. */
let faults: string[];
/** The paths of the sent forms. */
const posts: string[] = [];

beforeAll(async () => {
  ({ address } = await sharedService());
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
});

afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close();
});

/** A browser that records every fault. */
async function open(options: Parameters<Browser["newContext"]>[0] = {}): Promise<Page> {
  faults = [];
  const context = await browser.newContext({ baseURL: address, ...options });
  contexts.push(context);
  const page = await context.newPage();
  page.setDefaultTimeout(90_000);
  page.on("pageerror", ({ message }) => faults.push(message));
  // A refused form and a missing page are expected answers.
  page.on("console", (line) => {
    if (line.type() === "error" && !/status of 4\d\d/.test(line.text())) faults.push(line.text());
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (request.method() === "POST" && request.isNavigationRequest()) posts.push(url.pathname);
    if (url.protocol !== "data:" && url.origin !== address) faults.push(request.url());
  });
  return page;
}

const newEmail = () => `${crypto.randomUUID()}@example.com`;

describe.skipIf(!CHROMIUM)("the hosted pages, in a browser (skipped without Chromium)", () => {
  it.each([true, false])(
    "support the whole life of an account by keyboard, with scripts: %s",
    { timeout: 240_000 },
    async (javaScriptEnabled) => {
      const page = await open({ javaScriptEnabled });
      posts.length = 0;
      const [email, next] = [newEmail(), newEmail()];
      await signUp(page, email);
      await choose(page, "Sign out");
      await heading(page, "You're signed out");

      await page.goto("/forgot-password");
      await type(page, { "Email, phone": email });
      await heading(page, "Check your email");
      await page.goto(await received(page, email, "link"));
      const link = `${address}/reset-password/link`;
      expect(page.url()).toBe(link);
      await page.reload();
      await page.locator("[name=token]").waitFor({ state: "attached" });
      expect(page.url()).toBe(link);
      await type(page, { "New password": NEW_PASSWORD });
      await page.getByText("Your password was reset.").waitFor();
      // The identifier is filled in.
      await type(page, { Password: NEW_PASSWORD });
      await heading(page, "Your account");

      await choose(page, "Change email");
      await heading(page, "Change email");
      await type(page, { Email: next, Password: NEW_PASSWORD });
      await heading(page, "Check your email");
      await type(page, { Code: await received(page, next, "code") });
      await page.getByText("Email verified.").waitFor();

      const elsewhere = await open({ javaScriptEnabled });
      await signIn(elsewhere, next, NEW_PASSWORD);
      await page.goto("/account/sessions");
      await choose(page, "Sign out all other devices");
      await choose(page, "Sign them out");
      await page.getByText("You've been signed out there.").waitFor();
      await elsewhere.goto("/account");
      await heading(elsewhere, "Sign in");

      await page.goto("/account/delete");
      await type(page, { Password: NEW_PASSWORD });
      await heading(page, "Your account was deleted");
      await page.goto("/account");
      await heading(page, "Sign in");
      expect([faults, posts.length]).toEqual([[], javaScriptEnabled ? 11 : expect.any(Number)]);
    },
  );

  it("have no axe violation, no request elsewhere and no error in the console", { timeout: 480_000 }, async () => {
    const page = await open();
    await signUp(page, newEmail());
    for (const path of [...ACCOUNT, ...OPEN, ...OTHERS]) {
      if (path === OPEN[0]) await page.context().clearCookies();
      await page.goto(path);
      for (const { colorScheme, width, ...options } of LOOKS) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 800 });
        expect([path, width, await violationsOf(page, options), faults]).toEqual([path, width, [], []]);
      }
    }
  });

  it("load at most 15 KB at first", { timeout: 180_000 }, async () => {
    for (const path of OPEN) {
      const page = await open();
      const session = await page.context().newCDPSession(page);
      await session.send("Network.enable");
      let bytes = 0;
      session.on("Network.loadingFinished", ({ encodedDataLength }) => {
        bytes += encodedDataLength;
      });
      await page.goto(path, { waitUntil: "networkidle" });
      expect([path, bytes > 0, bytes <= 15_000]).toEqual([path, true, true]);
    }
  });

  it("can show a password, and say why a new one is too easy", { timeout: 180_000 }, async () => {
    const page = await open();
    await page.goto("/sign-up");
    const field = page.locator("#password");
    await page.fill("#address", "jane.doe@example.com");
    for (const [typed, said] of [
      ["Iloveyou", "This password is too common."],
      ["31121999", "This password is too common."],
      ["Jane.Doe@example.com", "Don't use your name, email, phone number, or the name of this site."],
      ["correct-horse-7", "At least 8 characters."],
    ] as const) {
      await field.fill(typed);
      await page.locator("#password-hint").getByText(said).waitFor();
    }
    await page.getByRole("button", { name: "Show" }).click();
    expect(await field.getAttribute("type")).toBe("text");
    await page.getByRole("button", { name: "Hide" }).click();
    expect(await field.getAttribute("type")).toBe("password");
    expect(faults).toEqual([]);
  });

  it("keep the focus on the first field, and every field at its height", { timeout: 180_000 }, async () => {
    for (const locale of LOCALES) {
      const page = await open({ locale, viewport: { width: 320, height: 800 } });
      for (const [path, first] of [
        ["/sign-in", "identifier"],
        ["/sign-up", "address"],
        ["/forgot-password", "identifier"],
        ["/reset-password", "identifier"],
        ["/dev/pages/second-factor", "code"],
      ] as const) {
        await page.goto(path);
        await page.locator("button[aria-controls], form").first().waitFor();
        expect(await page.evaluate("document.activeElement.id")).toBe(first);
        const heights = (await page.evaluate(
          "[...document.querySelectorAll('main input:not([type=hidden]), main .control')].map((e) => e.offsetHeight)",
        )) as number[];
        expect([path, heights.filter((height) => height < 44 || height > 52)]).toEqual([path, []]);
      }
    }
  });

  it("count down until another code can be requested, and send no form twice", { timeout: 180_000 }, async () => {
    const page = await open();
    await page.goto("/sign-up");
    await page.fill("#address", newEmail());
    await page.fill("#password", PASSWORD);
    posts.length = 0;
    await page.getByRole("button", { name: "Create account" }).dblclick();
    await heading(page, "Check your email");
    expect(posts).toEqual(["/sign-up"]);
    await page.locator("#otp:focus").waitFor();
    expect(faults).toEqual([]);
  });
});
