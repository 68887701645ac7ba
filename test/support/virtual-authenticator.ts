import type { Browser, CDPSession } from "playwright-core";

/** A page with a virtual authenticator, which keeps its passkeys (`hasResidentKey`) or not. */
export async function openWithAuthenticator(browser: Browser, baseURL: string, hasResidentKey: boolean) {
  const context = await browser.newContext({ baseURL });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
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
export const setPresence = (devtools: CDPSession, authenticatorId: string, enabled: boolean) =>
  devtools.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId, enabled });
