import { generateKeyPairSync } from "node:crypto";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { freePort, type LocalServer, removeClone } from "../../scripts/clone.ts";
import { CHROMIUM, openBrowser } from "../support/chromium.ts";
import { choose } from "../support/keyboard.ts";
import { heading } from "../support/page-acts.ts";
import { clonePrepared, servePrepared } from "../support/prepared-clone.ts";
import { CLIENT, type RealUpstream, startOidcProvider } from "../support/real-upstreams.ts";

let clone: string;
let server: LocalServer;
let browser: Browser;
let upstream: RealUpstream;

beforeAll(async () => {
  clone = clonePrepared();
  const port = await freePort();
  const callbackOf = (id: string) => `http://localhost:${port}/auth/social/${id}/callback`;
  const client_id = "apple-client";
  upstream = await startOidcProvider(
    { redirect_uris: [callbackOf("acme")] },
    { client_id, redirect_uris: [callbackOf("apple")], token_endpoint_auth_method: "client_secret_post" },
  );
  const { issuer } = upstream;
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const private_key = privateKey.export({ type: "pkcs8", format: "pem" });
  const providers = [
    { id: "acme", name: "Acme", issuer, ...CLIENT },
    { preset: "apple", issuer, client_id, team_id: "T", key_id: "K", private_key, scopes: ["openid", "email"] },
  ];
  server = await servePrepared(clone, port, "--var", `IDENTITY_PROVIDERS:${JSON.stringify(providers)}`);
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  upstream?.stop();
  removeClone(clone);
});

afterEach(async () => {
  for (const context of browser?.contexts() ?? []) await context.close();
});

async function open(): Promise<Page> {
  const page = await (await browser.newContext({ baseURL: server.address })).newPage();
  page.setDefaultTimeout(90_000);
  await page.goto("/sign-in");
  return page;
}

/** Signs in on the pages of the provider, and consents. */
async function signInThere(page: Page, login: string) {
  await page.locator("[name=login]").fill(login);
  await page.locator("[name=password]").fill("any");
  await page.getByRole("button").click();
  await page.getByRole("button", { name: "Continue" }).click();
}

describe.skipIf(!CHROMIUM)("sign-in at oidc-provider, in a browser (skipped without Chromium)", () => {
  it("creates an account, and signs in to it again", { timeout: 240_000 }, async () => {
    const page = await open();
    await choose(page, "Continue with Acme");
    await signInThere(page, "ann");
    // The provider says that she speaks German, and her name.
    await heading(page, "Ihr Konto");
    await page.getByText("Jane Doe").waitFor();
    await page.getByText("ann@example.com").first().waitFor();

    await choose(page, "Abmelden");
    await page.waitForURL("**/signed-out");
    await page.goto("/sign-in");
    expect(await page.locator("a[href^='/auth/social/acme'] .badge").count()).toBe(1);
    // The provider knows the browser by now.
    await page.locator("a[href^='/auth/social/acme']").click();
    await heading(page, "Ihr Konto");
  });

  it("takes the form that Apple posts from its own site", { timeout: 240_000 }, async () => {
    const page = await open();
    const posts: string[] = [];
    page.on("request", (request) => {
      if (request.method() === "POST" && request.url().includes("/auth/social/apple/")) posts.push(request.url());
    });
    await choose(page, "Continue with Apple");
    await signInThere(page, "bob");
    await heading(page, "Your account");
    expect(posts).toHaveLength(1);
    expect(new URL(page.url()).search).toBe("");
  });
});
