import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort, type LocalServer, removeClone } from "../../scripts/clone.ts";
import { violationsOf } from "../support/axe.ts";
import { CHROMIUM, openBrowser } from "../support/chromium.ts";
import { clonePrepared, servePrepared } from "../support/prepared-clone.ts";
import { startProvider } from "../support/provider-server.ts";

const API = "https://challenges.cloudflare.com/turnstile/v0/api.js";
const FRAME = "https://challenges.cloudflare.com/frame";
const ACCOUNT = { address: "jane@example.com", password: "correct-horse-7" };

/** Does what Turnstile's script does to a page: it adds a frame and a hidden field with a token. */
const WIDGET = `for (const box of document.querySelectorAll(".cf-turnstile")) {
  const frame = Object.assign(document.createElement("iframe"), { src: "${FRAME}", title: "Security check" });
  frame.style.cssText = "width: 100%; min-width: 300px; height: 65px; border: 0";
  const field = Object.assign(document.createElement("input"), { type: "hidden", value: "token" });
  field.name = box.dataset.responseFieldName;
  box.append(frame, field);
}`;
const FRAME_PAGE = "<body style='margin:0;height:63px;border:1px solid;font:1rem sans-serif'>Security check: passed";

let clone: string;
let server: LocalServer;
let browser: Browser;
let provider: string;

beforeAll(async () => {
  clone = clonePrepared();
  provider = await startProvider();
  const settings = [
    "OTP_RESEND_COOLDOWN_SECONDS:0",
    "TURNSTILE_SITE_KEY:1x00000000000000000000AA",
    "TURNSTILE_SECRET_KEY:1x0000000000000000000000000000000AA",
    `TURNSTILE_BASE_URL:${provider}`,
    "OTP_RESEND_COOLDOWN_SECONDS:0",
  ];
  server = await servePrepared(clone, await freePort(), ...settings.flatMap((setting) => ["--var", setting]));
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  removeClone(clone);
});

/** A browser for which the widget loads, or is blocked. */
async function open(isBlocked = false, options: Parameters<Browser["newContext"]>[0] = {}) {
  const context = await browser.newContext({ baseURL: server.address, ...options });
  const faults: string[] = [];
  await context.route("https://challenges.cloudflare.com/**", (route) => {
    if (isBlocked) return route.abort();
    const isScript = route.request().url() === API;
    return route.fulfill(
      isScript ? { contentType: "text/javascript", body: WIDGET } : { contentType: "text/html", body: FRAME_PAGE },
    );
  });
  const page = await context.newPage();
  page.setDefaultTimeout(90_000);
  page.on("console", (line) => {
    if (/Content Security Policy/.test(line.text())) faults.push(line.text());
  });
  return { page, faults };
}

/** Sets Turnstile's answers to the next tokens. */
const answers = (...actions: string[]) =>
  fetch(`${provider}/script`, {
    method: "PUT",
    body: JSON.stringify(
      actions.map((action) => ({
        status: 200,
        body: JSON.stringify({ success: true, hostname: "localhost", action }),
      })),
    ),
  });

async function fill(page: Page, fields: Record<string, string>, button: string) {
  for (const [name, value] of Object.entries(fields)) await page.locator(`#${name}`).fill(value);
  await page.getByRole("button", { name: button, exact: true }).click();
}

const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
const widget = (page: Page) => page.frameLocator(".cf-turnstile iframe").getByText("Security check: passed").waitFor();

describe.skipIf(!CHROMIUM)("the hosted pages with a captcha, in a browser (skipped without Chromium)", () => {
  it("show the widget within their policy, and send its token", { timeout: 180_000 }, async () => {
    const { page, faults } = await open();
    await answers("register", "verify", "reset", "login");

    await page.goto("/sign-up");
    await widget(page);
    await fill(page, ACCOUNT, "Create account");
    await heading(page, "Check your email");
    await widget(page);
    await page.getByRole("button", { name: "Send a new code" }).click();
    await page.getByText("a new code is on its way").waitFor();
    await page.goto("/forgot-password");
    await widget(page);
    await fill(page, { identifier: ACCOUNT.address }, "Continue");
    await heading(page, "Check your email");

    await page.goto("/sign-in");
    for (let n = 0; n < 3; n++) {
      // The page of the guess before shows the same text.
      const answered = page.waitForEvent("domcontentloaded");
      await fill(page, { identifier: ACCOUNT.address, password: "wrong-horse-7" }, "Sign in");
      await answered;
      await page.getByText("Incorrect password, or no such account.").waitFor();
    }
    expect(await page.locator(".cf-turnstile").count()).toBe(0);
    await fill(page, { identifier: ACCOUNT.address, password: ACCOUNT.password }, "Sign in");
    await widget(page);
    await fill(page, { password: ACCOUNT.password }, "Sign in");
    await heading(page, "Your account");
    expect(faults).toEqual([]);
  });

  it.each([
    ["without JavaScript", { javaScriptEnabled: false }],
    ["with the widget blocked", {}],
  ])("say what to do %s", { timeout: 180_000 }, async (_, options) => {
    const { page } = await open(true, options);
    await page.goto("/sign-up");
    await fill(page, { address: "john@example.com", password: ACCOUNT.password }, "Create account");

    await page.getByText("turn on JavaScript and allow challenges.cloudflare.com").waitFor();
    expect(await page.locator("#address").inputValue()).toBe("john@example.com");
  });

  it.each([
    ["light", 320],
    ["dark", 1280],
  ] as const)("have no axe violation, %s, %d px wide", { timeout: 180_000 }, async (colorScheme, width) => {
    const { page } = await open(false, { colorScheme, viewport: { width, height: 800 } });
    for (const path of ["/sign-up", "/forgot-password", "/verify"]) {
      await page.goto(path);
      await widget(page);
      expect([path, await violationsOf(page, { exclude: [".cf-turnstile iframe"] })]).toEqual([path, []]);
    }
  });
});
