import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { violationsOf } from "../support/axe.ts";
import { CHROMIUM, openBrowser } from "../support/chromium.ts";
import { post } from "../support/clone-server.ts";
import { sharedService } from "../support/shared-service.ts";

/** The account of the examples. */
const ACCOUNT = { email: "jane.doe@example.com", password: "correct-horse-7" };

let address: string;
let browser: Browser;
/** Requests to other origins, errors of scripts, and what the policy refused. */
let faults: string[];

beforeAll(async () => {
  ({ address } = await sharedService());
  await post(`${address}/auth/register`, ACCOUNT);
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
});

async function open(options: Parameters<Browser["newContext"]>[0] = {}): Promise<Page> {
  faults = [];
  const context = await browser.newContext({ baseURL: address, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(90_000);
  page.on("pageerror", ({ message }) => faults.push(message));
  page.on("console", (line) => {
    if (line.type() === "error" && !/status of 40[14]/.test(line.text())) faults.push(line.text());
  });
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== "data:" && origin !== address) faults.push(request.url());
  });
  return page;
}

/** Sends the form of an operation. Returns the answer that it shows. */
async function execute(page: Page, operation: string): Promise<string> {
  const form = page.locator(`#operations-${operation}`);
  await form.getByRole("button", { name: "Execute" }).click();
  return (await form.locator(".live-responses-table .response").first().textContent()) ?? "";
}

describe.skipIf(!CHROMIUM)("the documentation, in a browser (skipped without Chromium)", () => {
  it("is searched, read and tried out, without a request to another origin", { timeout: 240_000 }, async () => {
    const page = await open();
    await page.goto("/docs/quickstart");
    await page
      .locator(".vp-doc pre", { hasText: `${address}/auth/login` })
      .first()
      .waitFor();

    // That is about another service.
    await page.goto("/docs/containers");
    await page.locator("pre", { hasText: "ISSUER=https://auth.example.com" }).waitFor();

    await page.goto("/docs");
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByRole("searchbox").fill("leeway");
    await page.locator(".results a", { hasText: "Verify access tokens" }).first().click();
    await page.getByRole("heading", { level: 1, name: "Verify access tokens" }).waitFor();
    await page.getByRole("switch").first().click();
    expect(await page.locator("html").getAttribute("class")).toContain("dark");

    // The first page was the API reference before. Its links still work.
    await page.goto("/docs#login");
    await page.waitForURL("/docs/api#login");
    expect(await execute(page, "Sign_in-login")).toContain('"access_token"');
    await page.getByRole("link", { name: "Get the current user GET" }).click();
    expect(await execute(page, "Account-getCurrentUser")).toContain(ACCOUNT.email);
    expect(faults).toEqual([]);
  });

  it("tells a wrong password in the form, and reads the API without scripts", { timeout: 240_000 }, async () => {
    const page = await open();
    await page.goto("/docs/api#login");
    await page.getByRole("textbox", { name: "Request body" }).fill('{"identifier": "nobody", "password": "wrong"}');
    expect(await execute(page, "Sign_in-login")).toContain("invalid_credentials");
    expect(faults).toEqual([]);

    const plain = await open({ javaScriptEnabled: false });
    await plain.goto("/docs/api#login");
    await plain.locator("h3#login", { hasText: "Sign in" }).waitFor();
    await plain.goto("/docs/nothing");
    await plain.getByRole("heading", { name: "Page not found" }).waitFor();
  });

  it.each([
    ["light", 320],
    ["dark", 1280],
  ] as const)("has no axe violation, %s, %d px wide", { timeout: 240_000 }, async (colorScheme, width) => {
    const page = await open({ colorScheme, viewport: { width, height: 800 } });
    for (const path of ["/docs", "/docs/captcha", "/docs/api#login", "/docs/nothing"]) {
      await page.goto(path);
      if (path.includes("api")) await page.getByRole("button", { name: "Execute" }).waitFor();
      expect([path, await violationsOf(page)]).toEqual([path, []]);
    }
    expect(faults).toEqual([]);
  });
});
