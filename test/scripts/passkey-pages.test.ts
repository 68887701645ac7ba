import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { CHROMIUM, openBrowser } from "../support/chromium.ts";
import { post } from "../support/clone-server.ts";
import { serveDocsPage } from "../support/docs-page.ts";
import { choose, type } from "../support/keyboard.ts";
import { heading, PASSWORD, received, signUp } from "../support/page-acts.ts";
import { sharedService } from "../support/shared-service.ts";
import { openWithAuthenticator, setPresence } from "../support/virtual-authenticator.ts";

let clone: string;
let address: string;
let browser: Browser;
let faults: string[];

beforeAll(async () => {
  ({ clone, address } = await sharedService());
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
});

afterEach(async () => {
  for (const context of browser?.contexts() ?? []) await context.close();
});

/** Opens a page, and keeps the errors of its scripts. */
async function open(hasResidentKey: boolean) {
  faults = [];
  const opened = await openWithAuthenticator(browser, address, hasResidentKey);
  opened.page.on("pageerror", ({ message }) => faults.push(message));
  return opened;
}

const newEmail = () => `${crypto.randomUUID()}@example.com`;

async function signOut(page: Page) {
  await choose(page, "Sign out");
  await heading(page, "You're signed out");
}

describe.skipIf(!CHROMIUM)("a passkey, in a browser (skipped without Chromium)", () => {
  it("is added, signs in by button and by autofill, is renamed and removed", { timeout: 240_000 }, async () => {
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

  it("creates an account without a password, whose codes are shown once", { timeout: 240_000 }, async () => {
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
    timeout: 240_000,
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
    await heading(page, "Confirm it's you");
    expect(await page.locator("#code").count()).toBe(0);
    await page.locator("[data-passkey] button:focus").waitFor();
    await devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
    await choose(page, "Use your passkey");
    await heading(page, "Your account");
    await page.goto("/account/confirm-identity?return_to=/account/sessions");
    // The button has the focus.
    await page.locator("[data-passkey] button:focus").waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL("**/account/sessions");
    expect(faults).toEqual([]);
  });

  it("needs a browser that has WebAuthn: without it no button is shown", { timeout: 180_000 }, async () => {
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

/** The page of docs/sdk.md, on which a new user is signed in and has added a passkey. */
async function openApp(isKept: boolean) {
  const opened = await open(isKept);
  const { page } = opened;
  const observed = await serveDocsPage(page, clone, `${address}/app`);
  const account = { email: newEmail(), password: PASSWORD };
  await post(`${address}/auth/register`, account);
  const click = (name: string) => page.getByRole("button", { name }).click();
  const login = async () => {
    await page.getByLabel("Email").fill(account.email);
    await page.getByLabel("Password").fill(PASSWORD);
    await click("Log in");
  };
  const logOut = async () => {
    await click("Log out");
    await page.getByRole("button", { name: "Log in" }).waitFor();
  };
  await page.goto("/app");
  await login();
  await click("Add a passkey");
  await expect.poll(() => page.locator("#codes").textContent()).toContain("\n");
  return { ...opened, ...observed, click, login, logOut, status: page.getByRole("status") };
}

describe.skipIf(!CHROMIUM)("the page of docs/sdk.md, in a browser (skipped without Chromium)", () => {
  it("adds a passkey, signs in by button and by autofill, and tells a canceled request", {
    timeout: 240_000,
  }, async () => {
    const { page, devtools, authenticatorId, errors, signIns, click, logOut, status } = await openApp(true);
    await click("Add a passkey");
    await status.getByText("This device already has a passkey for your account.").waitFor();

    // The offer in the field is open. The button takes its place, or the browser would refuse it.
    await setPresence(devtools, authenticatorId, false);
    await logOut();
    await page.waitForTimeout(500);
    // Before, there was no passkey to offer.
    errors.length = 0;
    await click("Sign in with a passkey");
    await expect.poll(() => errors).toEqual(["AbortError"]);

    await page.goto("/app?without=autofill");
    await setPresence(devtools, authenticatorId, true);
    await devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
    await click("Sign in with a passkey");
    await expect.poll(() => errors).toEqual(["AbortError", "NotAllowedError"]);
    expect([signIns(), await status.textContent()]).toEqual([0, ""]);

    await devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: true });
    await click("Sign in with a passkey");
    await logOut();
    // The only passkey of the field is chosen at once.
    await page.goto("/app");
    await page.getByRole("button", { name: "Remove" }).waitFor();
    expect([signIns(), faults]).toEqual([2, []]);
  });

  it("uses a passkey that the device does not keep as the second step, and removes it", {
    timeout: 240_000,
  }, async () => {
    const { page, signals, signIns, click, login, logOut } = await openApp(false);
    await logOut();
    await login();
    await click("Remove");
    await page.getByRole("button", { name: "Remove" }).waitFor({ state: "detached" });
    await expect.poll(() => signals.at(-1)).toMatchObject({ rpId: "localhost", allAcceptedCredentialIds: [] });
    expect([signIns(), faults]).toEqual([0, []]);
  });
});
