import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as openid from "openid-client";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { freePort, type LocalServer, removeClone } from "../../scripts/clone.ts";
import { CHROMIUM, openBrowser } from "../support/chromium.ts";
import { startClientSite } from "../support/client-sites.ts";
import { registerIn } from "../support/oauth-service.ts";
import { heading, PASSWORD } from "../support/page-acts.ts";
import { clonePrepared, servePrepared } from "../support/prepared-clone.ts";

const EMAIL = "kim@example.com";
const PRIVATE = "com.example.app:/callback";

let clone: string;
let secrets: Record<string, string>;
let server: LocalServer;
let browser: Browser;
let app: Server;
let loopback: string;
let site: Awaited<ReturnType<typeof startClientSite>>;

beforeAll(async () => {
  clone = clonePrepared();
  server = await servePrepared(clone, await freePort());
  // A command-line tool, at a port that it has chosen.
  app = createServer((_, answer) => answer.end("<h1>Arrived</h1>"));
  await new Promise<void>((ready) => app.listen(0, "127.0.0.1", ready));
  loopback = `http://127.0.0.1:${(app.address() as AddressInfo).port}/callback`;
  site = await startClientSite();
  secrets = registerIn(clone, [
    { id: "web", name: "Notes", redirectUris: [`${site.origin}/callback`] },
    { id: "plain", name: "Notes", redirectUris: [`${site.origin}/callback`] },
    { id: "own", name: "Wiki", redirectUris: [`${site.origin}/callback`], isFirstParty: true },
    { id: "cli", name: "Tool", redirectUris: ["http://127.0.0.1/callback", PRIVATE], isPublic: true },
  ]);
  await fetch(`${server.address}/auth/register`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: EMAIL, password: PASSWORD }),
  });
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  app?.close();
  site?.stop();
  removeClone(clone);
});

afterEach(async () => {
  for (const context of browser?.contexts() ?? []) await context.close();
});

async function open(options: BrowserContextOptions = {}): Promise<Page> {
  const page = await (await browser.newContext({ ignoreHTTPSErrors: true, ...options })).newPage();
  page.setDefaultTimeout(20_000);
  return page;
}

async function discover(id: string) {
  const auth = id === "cli" ? openid.None() : openid.ClientSecretBasic(secrets[id] ?? "");
  return openid.discovery(new URL(server.address), id, undefined, auth, { execute: [openid.allowInsecureRequests] });
}

/** Starts at the site of a client, as openid-client builds the request. */
async function start(page: Page, id: string, redirect_uri: string, more: Record<string, string> = {}) {
  const config = await discover(id);
  const pkceCodeVerifier = openid.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [openid.randomState(), openid.randomNonce()];
  const to = openid.buildAuthorizationUrl(config, {
    redirect_uri,
    scope: "openid email offline_access",
    code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    state: expectedState,
    nonce: expectedNonce,
    ...more,
  });
  await page.goto(`${site.origin}/start?${new URLSearchParams({ to: to.href })}`);
  await page.getByRole("link").click();
  /** Exchanges the code in this address. */
  const exchange = (url: string) =>
    openid.authorizationCodeGrant(
      config,
      new URL(`${redirect_uri}${new URL(url).search}`),
      { pkceCodeVerifier, expectedState, expectedNonce },
      { redirect_uri },
    );
  return { config, exchange };
}

async function signIn(page: Page) {
  await page.locator("input[name=identifier]").fill(EMAIL);
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

const allow = (page: Page) => page.getByRole("button", { name: "Allow", exact: true }).click();

describe.skipIf(!CHROMIUM)("sign-in to a client, in a browser (skipped without Chromium)", () => {
  it.each([
    [true, "web"],
    [false, "plain"],
  ] as const)(
    "goes from the site to sign-in, consent and over three origins back (JavaScript: %s), and openid-client gets all",
    { timeout: 90_000 },
    async (javaScriptEnabled, id) => {
      const page = await open({ javaScriptEnabled });
      const { config, exchange } = await start(page, id, `${site.origin}/callback`);
      await signIn(page);
      await heading(page, "Notes wants to use your account");
      await page.getByText(`You will return to ${new URL(site.origin).host}.`).waitFor();
      await allow(page);
      await heading(page, "Arrived");
      expect(new URL(page.url()).origin).toBe(site.last);

      const tokens = await exchange(page.url());
      const { sub = "" } = tokens.claims() ?? {};
      expect(await openid.fetchUserInfo(config, tokens.access_token, sub)).toMatchObject({ sub, email: EMAIL });
      const renewed = await openid.refreshTokenGrant(config, tokens.refresh_token!);
      expect(await openid.tokenIntrospection(config, renewed.access_token)).toMatchObject({ active: true, sub });
      await openid.tokenRevocation(config, renewed.refresh_token!);
      expect(await openid.tokenIntrospection(config, renewed.access_token)).toEqual({ active: false });
      await expect(openid.refreshTokenGrant(config, renewed.refresh_token!)).rejects.toMatchObject({
        error: "invalid_grant",
      });

      // The second time nothing is asked. A refusal comes back as an error.
      await start(page, id, `${site.origin}/callback`);
      await heading(page, "Arrived");
      const refused = await start(page, id, `${site.origin}/callback`, { prompt: "consent" });
      await page.getByRole("button", { name: "Don't allow" }).click();
      await heading(page, "Arrived");
      await expect(refused.exchange(page.url())).rejects.toMatchObject({ error: "access_denied" });
    },
  );

  it("goes from the sign-in form straight to a client of the operator", { timeout: 180_000 }, async () => {
    const page = await open({ javaScriptEnabled: false });
    const { exchange } = await start(page, "own", `${site.origin}/callback`);
    await signIn(page);
    await heading(page, "Arrived");
    expect((await exchange(page.url())).scope).toBe("openid email offline_access");
  });

  it.each([true, false])(
    "warns, and reaches a tool on the device (JavaScript: %s)",
    { timeout: 180_000 },
    async (js) => {
      const page = await open({ javaScriptEnabled: js });
      const { exchange } = await start(page, "cli", loopback);
      await signIn(page);
      await page.getByText("The app runs on your device.").waitFor();
      await allow(page);
      await heading(page, "Arrived");
      expect((await exchange(page.url())).token_type).toBe("bearer");
    },
  );

  it("hands the code to an app with a scheme of its own", { timeout: 180_000 }, async () => {
    const page = await open();
    const { exchange } = await start(page, "cli", PRIVATE);
    await signIn(page);
    const opened = page
      .waitForRequest((request) => request.url().startsWith(PRIVATE), { timeout: 3000 })
      .catch(() => 0);
    await allow(page);
    await heading(page, "Back to Tool");
    await opened;
    const href = await page.getByRole("link", { name: "Continue" }).getAttribute("href");
    expect(href).toMatch(/^com\.example\.app:\/callback\?code=/);
    expect((await exchange(href!)).token_type).toBe("bearer");
  });
});
