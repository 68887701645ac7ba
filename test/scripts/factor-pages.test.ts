import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stepAt, totpCode } from "../../src/crypto/totp.ts";
import { CHROMIUM, openBrowser } from "../support/chromium.ts";
import { choose, type } from "../support/keyboard.ts";
import { heading, PASSWORD, signUp } from "../support/page-acts.ts";
import { sharedService } from "../support/shared-service.ts";

let address: string;
let browser: Browser;

beforeAll(async () => {
  ({ address } = await sharedService());
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
});

/** The code that the app shows, `later` steps from now. */
const code = (secret: string, later = 0) => totpCode(secret, stepAt(Date.now()) + later);

/** Presses a button that saves a file, and returns what is in it. */
async function saved(page: Page, name: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent("download"), choose(page, name)]);
  expect(download.suggestedFilename()).toBe("recovery-codes-localhost.txt");
  return readFileSync(await download.path(), "utf8");
}

describe.skipIf(!CHROMIUM)("an authenticator app, in a browser (skipped without Chromium)", () => {
  it.each([true, false])(
    "is added, asked for and removed by keyboard, with scripts: %s",
    { timeout: 240_000 },
    async (javaScriptEnabled) => {
      const context = await browser.newContext({ baseURL: address, javaScriptEnabled });
      await context.grantPermissions(["clipboard-read", "clipboard-write"]);
      const page = await context.newPage();
      page.setDefaultTimeout(90_000);
      const faults: string[] = [];
      page.on("pageerror", ({ message }) => faults.push(message));
      const email = `${crypto.randomUUID()}@example.com`;
      await signUp(page, email);

      await choose(page, "Add authenticator app");
      await heading(page, "Add authenticator app");
      await choose(page, "Continue");
      await heading(page, "Set up your authenticator app");
      await page.getByRole("img", { name: "QR code" }).waitFor();
      const secret = ((await page.locator(".key").textContent()) ?? "").replace(/\s/g, "");
      if (javaScriptEnabled) {
        await choose(page, "Copy");
        await page.getByRole("button", { name: "Copied" }).waitFor();
        expect(await page.evaluate("navigator.clipboard.readText()")).toBe(secret);
      }
      await type(page, { "Code from the app": code(secret) });
      await heading(page, "Save your recovery codes");
      const codes = (await page.locator(".codes li").allTextContents()) as [string];
      expect(await page.getByRole("button", { name: /^(Copy|Download|Print)$/ }).count()).toBe(
        javaScriptEnabled ? 3 : 0,
      );
      if (javaScriptEnabled)
        expect(await saved(page, "Download")).toContain(
          `localhost:${new URL(page.url()).port}\n\n${codes.join("\n")}\n`,
        );
      await choose(page, "I saved them");
      await heading(page, "Your account");

      await choose(page, "Sign out");
      await heading(page, "You're signed out");
      await page.goto("/sign-in");
      await type(page, { "Email, phone": email, Password: PASSWORD });
      await heading(page, "Enter your code");
      await page.locator("#code:focus").waitFor();
      await choose(page, "Use a recovery code");
      await page.getByText("Each one works once").waitFor();
      await choose(page, "Use your authenticator app");
      await page.getByText("Open your authenticator app").waitFor();
      await type(page, { "Code from the app": code(secret, 1) });
      await heading(page, "Your account");

      await choose(page, "Create new codes");
      await heading(page, "Create new codes");
      await choose(page, "Create new codes");
      await heading(page, "Save your recovery codes");
      expect(await page.locator(".codes li").first().textContent()).not.toBe(codes[0]);
      await choose(page, "I saved them");
      await heading(page, "Your account");
      await choose(page, "Remove authenticator app");
      await heading(page, "Remove authenticator app");
      await page.getByText("Your password alone will then be enough to sign in").waitFor();
      await choose(page, "Remove");
      await page.getByText("Authenticator app removed.").waitFor();
      expect(faults).toEqual([]);
      await context.close();
    },
  );
});
