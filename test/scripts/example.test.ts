import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { freePort, type LocalServer, makeClone, removeClone, serveIn } from "../../scripts/clone.ts";
import { CHROMIUM, openBrowser } from "../support/chromium.ts";

const PASSWORD = "correct-horse-7";
/** Short, so that a page replaces its access token after two seconds. */
const TTL_SECONDS = 4;

let clone: string;
let server: LocalServer;
let browser: Browser;
/** One for each test. */
let context: BrowserContext;
let email: string;
/** The requests of the pages to the service. */
let asked: string[];

beforeAll(async () => {
  clone = makeClone();
  const port = await freePort();
  const settings = { ISSUER: `http://localhost:${port}`, ACCESS_TOKEN_TTL_SECONDS: TTL_SECONDS };
  const changed = Object.entries(settings).reduce(
    (text, [name, value]) => text.replace(new RegExp(`^${name}=.*`, "m"), `${name}="${value}"`),
    readFileSync(".dev.vars.example", "utf8"),
  );
  writeFileSync(join(clone, ".dev.vars.example"), changed);
  execFileSync("npm", ["run", "--silent", "build:sdk"], { cwd: clone });
  server = await serveIn(clone, port, ["npm", "run", "--silent", "serve:example", "--"]);
  browser = await openBrowser();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  removeClone(clone);
});

beforeEach(async () => {
  email = `${crypto.randomUUID()}@example.com`;
  context = await browser.newContext();
  asked = [];
  context.on("request", (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
});
afterEach(() => context.close());

async function open(): Promise<Page> {
  const page = await context.newPage();
  await page.goto(server.address);
  return page;
}

async function register(): Promise<Page> {
  const page = await open();
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Register" }).click();
  await page.getByText(`Signed in as ${email}`).waitFor();
  return page;
}

const count = (what: string) => asked.filter((item) => item === what).length;

describe.skipIf(!CHROMIUM)("the example, in a browser (skipped without Chromium)", () => {
  it("keeps the notes of a signed-in user after a reload", { timeout: 60_000 }, async () => {
    const page = await register();
    await page.getByLabel("New note").fill("Buy milk");
    await page.getByRole("button", { name: "Add" }).click();
    await page.getByText("Buy milk").waitFor();

    await page.reload();
    await page.getByText("Buy milk").waitFor();
    expect(await page.evaluate("document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage })")).toBe("{}");
    await page.getByRole("button", { name: "Delete all" }).click();
    await page.getByText("Buy milk").waitFor({ state: "detached" });
  });

  it("signs every tab out at once", { timeout: 60_000 }, async () => {
    const first = await register();
    const second = await open();
    await second.getByText(`Signed in as ${email}`).waitFor();

    await first.getByRole("button", { name: "Log out" }).click();
    await second.getByRole("button", { name: "Register" }).waitFor();
    await second.reload();
    await second.getByRole("button", { name: "Register" }).waitFor();
  });

  it("refreshes in one tab for all", { timeout: 60_000 }, async () => {
    const pages = [await register(), await open(), await open(), await open()];
    for (const page of pages) await page.getByText(`Signed in as ${email}`).waitFor();
    for (let round = 0; round < 3; round++) {
      await new Promise((resume) => setTimeout(resume, (TTL_SECONDS / 2) * 1000 + 100));
      const before = count("POST /auth/refresh");
      const adds = pages.map(async (page) => {
        await page.getByLabel("New note").fill(`Note ${round}`);
        const answer = page.waitForResponse(
          (response) => response.request().method() === "POST" && response.url().endsWith("/notes"),
        );
        await page.getByRole("button", { name: "Add" }).click();
        return (await answer).status();
      });
      expect(await Promise.all(adds)).toEqual([201, 201, 201, 201]);
      expect(count("POST /auth/refresh") - before).toBe(1);
    }
  });
});
