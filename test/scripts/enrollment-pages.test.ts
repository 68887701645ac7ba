import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort, type LocalServer, removeClone } from "../../scripts/clone.ts";
import { stepAt, totpCode } from "../../src/crypto/totp.ts";
import { CHROMIUM, openBrowser } from "../support/chromium.ts";
import { choose, type } from "../support/keyboard.ts";
import { heading, PASSWORD, received } from "../support/page-acts.ts";
import { clonePrepared, servePrepared } from "../support/prepared-clone.ts";

let clone: string;
let server: LocalServer;
let browser: Browser;

beforeAll(async () => {
  clone = clonePrepared();
  server = await servePrepared(
    clone,
    await freePort(),
    ...["MFA_POLICY:required", "TRUSTED_DEVICE_DAYS:30"].flatMap((setting) => ["--var", setting]),
  );
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  removeClone(clone);
});

/** The code that the app shows, `later` steps from now. */
const code = (secret: string, later = 0) => totpCode(secret, stepAt(Date.now()) + later);

/** Creates an account, whose first sign-in has to add a second factor. */
async function signUp(page: Page): Promise<string> {
  const email = `${crypto.randomUUID()}@example.com`;
  await page.goto("/sign-up");
  await type(page, { "Email or phone": email, Password: PASSWORD });
  await heading(page, "Check your email");
  await type(page, { Code: await received(page, email, "code") });
  await heading(page, "Add a second step");
  return email;
}

async function open(options: Parameters<Browser["newContext"]>[0] = {}) {
  const faults: string[] = [];
  const context = await browser.newContext({ baseURL: server.address, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(90_000);
  page.on("pageerror", ({ message }) => faults.push(message));
  return { context, page, faults };
}

/** Gives a browser an authenticator that keeps its passkeys. */
async function addAuthenticator(context: BrowserContext, page: Page) {
  const devtools = await context.newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "internal", automaticPresenceSimulation: true } as const;
  const verifying = { hasResidentKey: true, hasUserVerification: true, isUserVerified: true };
  await devtools.send("WebAuthn.addVirtualAuthenticator", { options: { ...options, ...verifying } });
}

describe.skipIf(!CHROMIUM)("a required second factor, in a browser (skipped without Chromium)", () => {
  it("is added as a passkey, which then trusts the browser", {
    timeout: 240_000,
  }, async () => {
    const { context, page, faults } = await open();
    await addAuthenticator(context, page);
    const email = await signUp(page);
    await choose(page, "Create passkey");
    await heading(page, "Save your recovery codes");
    await page.getByText("Passkey added.").waitFor();
    await choose(page, "I saved them");
    await heading(page, "Your account");

    const signIn = async () => {
      await choose(page, "Sign out");
      await heading(page, "You're signed out");
      await page.goto("/sign-in?return_to=/account/sessions/trusted");
      await type(page, { "Email, phone": email, Password: PASSWORD });
    };
    // The passkey would be offered in the field, and chosen at once.
    await page.addInitScript("delete globalThis.PublicKeyCredential?.isConditionalMediationAvailable");
    await signIn();
    await heading(page, "Confirm it's you");
    await page.locator("[data-passkey] button:focus").waitFor();
    await page.getByLabel("Don't ask again on this browser for 30 days").check();
    await choose(page, "Use your passkey");
    await heading(page, "Trusted browsers");
    await page.getByText("This device").waitFor();
    await signIn();
    await heading(page, "Trusted browsers");
    await page.getByRole("button", { name: "Remove" }).click();
    await page.getByText("The next sign-in there asks for the second step.").waitFor();
    await signIn();
    await heading(page, "Confirm it's you");
    expect(faults).toEqual([]);
    await context.close();
  });

  it.each([true, false])(
    "is added as an app, and leads to where the person was going, with scripts: %s",
    { timeout: 240_000 },
    async (javaScriptEnabled) => {
      const { context, page, faults } = await open({ javaScriptEnabled });
      const email = await signUp(page);
      await page.goto("/sign-in?return_to=/account/activity");
      await type(page, { "Email, phone": email, Password: PASSWORD });
      await heading(page, "Add a second step");
      // The script shows the button.
      const button = page.locator("[data-passkey] button");
      const opened = () => (javaScriptEnabled ? button.waitFor() : button.isHidden());
      await opened();
      expect(await button.isVisible()).toBe(javaScriptEnabled);
      await choose(page, "Add authenticator app");
      await heading(page, "Set up your authenticator app");
      await choose(page, "Choose another way");
      await heading(page, "Add a second step");
      await opened();
      await choose(page, "Add authenticator app");
      await heading(page, "Set up your authenticator app");
      const secret = ((await page.locator(".key").textContent()) ?? "").replace(/\s/g, "");
      await type(page, { "Code from the app": code(secret) });
      await heading(page, "Save your recovery codes");
      await choose(page, "I saved them");
      await heading(page, "Recent activity");
      expect(faults).toEqual([]);
      await context.close();
    },
  );
});
