import type { Browser, CDPSession, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { freePort, type LocalServer, makeClone, removeClone, serveClone } from "../../scripts/clone.ts";
import { CHROMIUM, openBrowser } from "../support/chromium.ts";
import { choose, type } from "../support/keyboard.ts";
import { heading, PASSWORD, received, signUp } from "../support/page-acts.ts";

let clone: string;
let server: LocalServer;
let browser: Browser;
let faults: string[];

beforeAll(async () => {
  clone = makeClone();
  server = await serveClone(clone, await freePort());
  browser = await openBrowser();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  removeClone(clone);
});

afterEach(async () => {
  for (const context of browser?.contexts() ?? []) await context.close();
});

/** A browser with a virtual authenticator, which keeps its passkeys (`hasResidentKey`) or not. */
async function open(hasResidentKey: boolean) {
  faults = [];
  const context = await browser.newContext({ baseURL: server.address });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.on("pageerror", ({ message }) => faults.push(message));
  const devtools = await context.newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: hasResidentKey ? "internal" : "usb",
      hasResidentKey,
      hasUserVerification: hasResidentKey,
      isUserVerified: hasResidentKey,
      automaticPresenceSimulation: true,
    },
  });
  return { page, devtools, authenticatorId };
}

/** Lets the authenticator answer on its own, or keeps it waiting. */
const setPresence = (devtools: CDPSession, authenticatorId: string, enabled: boolean) =>
  devtools.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId, enabled });

const newEmail = () => `${crypto.randomUUID()}@example.com`;

async function signOut(page: Page) {
  await choose(page, "Sign out");
  await heading(page, "You're signed out");
}

describe.skipIf(!CHROMIUM)("a passkey, in a browser (skipped without Chromium)", () => {
  it("is added, signs in by button and by autofill, is renamed and removed", { timeout: 120_000 }, async () => {
    const { page, devtools, authenticatorId } = await open(true);
    const signals: unknown[] = [];
    await page.exposeFunction("signaled", (accepted: unknown) => signals.push(accepted));
    await page.addInitScript(
      "PublicKeyCredential.signalAllAcceptedCredentials = async (accepted) => signaled(accepted)",
    );
    await signUp(page, newEmail());
    await choose(page, "Add a passkey");
    await heading(page, "Add a passkey");
    await choose(page, "Create passkey");
    await heading(page, "Save your recovery codes");
    await choose(page, "I saved them");
    await heading(page, "Your account");

    // The same device again.
    await choose(page, "Manage passkeys");
    await heading(page, "Passkeys");
    await choose(page, "Add a passkey");
    await heading(page, "Add a passkey");
    await choose(page, "Create passkey");
    await page.getByText("This device already has a passkey for your account.").waitFor();

    await setPresence(devtools, authenticatorId, false);
    await signOut(page);
    await page.goto("/sign-in");
    // The request of the field is open. The button takes its place, or the browser would refuse it.
    await choose(page, "Sign in with a passkey");
    await page.locator("[data-passkey] button[aria-disabled]").waitFor();
    await page.waitForTimeout(500);
    expect(await page.locator("[data-passkey] [role=alert]").count()).toBe(0);
    await page.goto("/signed-out");
    await setPresence(devtools, authenticatorId, true);
    await page.addInitScript(
      "if (location.search.includes('activity')) PublicKeyCredential.isConditionalMediationAvailable = undefined",
    );
    await page.goto("/sign-in?return_to=/account/activity");
    await choose(page, "Sign in with a passkey");
    await heading(page, "Recent activity");

    await signOut(page);
    // The only passkey of the field is chosen at once.
    await page.goto("/sign-in?return_to=/account/passkeys");
    await heading(page, "Passkeys");
    await choose(page, "Rename passkey");
    await heading(page, "Rename passkey");
    await type(page, { Name: "My phone" });
    await page.getByText("Passkey renamed.").waitFor();
    await choose(page, "Remove passkey");
    await page.getByText("The passkey “My phone” will no longer sign you in.").waitFor();
    await choose(page, "Remove");
    await page.getByText("Passkey removed.").waitFor();
    await expect.poll(() => signals.at(-1)).toMatchObject({ rpId: "localhost", allAcceptedCredentialIds: [] });
    expect(faults).toEqual([]);
  });

  it("creates an account without a password, whose codes are shown once", { timeout: 120_000 }, async () => {
    const { page, devtools, authenticatorId } = await open(true);
    const email = newEmail();
    await page.goto("/sign-up");
    await choose(page, "Use a passkey instead");
    expect(await page.locator("#address:invalid").count()).toBe(1);
    await page.locator("#address").fill("jane doe");
    await choose(page, "Use a passkey instead");
    await page.getByText("Enter an email address, like jane@example.com.").waitFor();

    await devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
    await page.locator("#address").fill(email);
    await choose(page, "Use a passkey instead");
    await page.getByText("No passkey was created. Try again.").waitFor();
    await devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: true });
    await choose(page, "Use a passkey instead");
    await heading(page, "Save your recovery codes");
    await choose(page, "I saved them");
    await heading(page, "Check your email");
    await type(page, { Code: await received(page, email, "code") });
    await heading(page, "Your account");

    await setPresence(devtools, authenticatorId, false);
    await signOut(page);
    await page.goto("/signed-out");
    await setPresence(devtools, authenticatorId, true);
    await page.goto("/sign-in");
    await heading(page, "Your account");
    await page.getByText("1 passkey", { exact: true }).waitFor();
    const { credentials } = await devtools.send("WebAuthn.getCredentials", { authenticatorId });
    expect(credentials.map(({ userName }) => userName)).toEqual([email]);
    expect(faults).toEqual([]);
  });

  it("that its device does not keep is a second factor, also to confirm an identity", {
    timeout: 120_000,
  }, async () => {
    const { page, devtools, authenticatorId } = await open(false);
    const email = newEmail();
    await signUp(page, email);
    await choose(page, "Add a passkey");
    await heading(page, "Add a passkey");
    await choose(page, "Create passkey");
    await heading(page, "Save your recovery codes");
    await choose(page, "I saved them");
    await heading(page, "Your account");
    await signOut(page);
    await page.goto("/sign-in");
    await type(page, { "Email, phone": email, Password: PASSWORD });
    await heading(page, "Enter your code");
    await devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
    await choose(page, "Use your passkey");
    await heading(page, "Your account");
    await page.goto("/account/confirm-identity?return_to=/account/sessions");
    await choose(page, "Use your passkey");
    await page.waitForURL("**/account/sessions");
    expect(faults).toEqual([]);
  });

  it("needs a browser that has WebAuthn: without it no button is shown", { timeout: 60_000 }, async () => {
    const { page } = await open(true);
    await page.addInitScript("delete globalThis.PublicKeyCredential");
    await page.goto("/sign-in");
    await heading(page, "Sign in");
    expect(await page.getByRole("button", { name: "passkey" }).count()).toBe(0);
    await page.goto("/dev/pages/passkey-create");
    await page.getByText("you need a current browser").waitFor();
    expect(faults).toEqual([]);
  });
});
