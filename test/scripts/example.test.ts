import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decodeJwt } from "jose";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { freePort, type LocalServer, makeClone, removeClone, serveIn } from "../../scripts/clone.ts";
import { appCode } from "../support/authenticator.ts";
import { CHROMIUM, openBrowser } from "../support/chromium.ts";
import { post } from "../support/clone-server.ts";

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
  const settings = readFileSync(".dev.vars.example", "utf8");
  const changed = settings.replace(/^#(ACCESS_TOKEN_TTL_SECONDS)=.*/m, `#$1="${TTL_SECONDS}"`);
  writeFileSync(join(clone, ".dev.vars.example"), changed);
  execFileSync("npm", ["run", "--silent", "build:sdk"], { cwd: clone });
  const state = ["--persist-to", join(clone, "elsewhere")];
  server = await serveIn(clone, await freePort(), ["npm", "run", "--silent", "serve:example", "--"], ...state);
  if (CHROMIUM) browser = await openBrowser();
});

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

it("npm run example serves the port, and keeps its data in the folder, that its flags name", async () => {
  const account = { email: `${crypto.randomUUID()}@example.com`, password: PASSWORD };
  expect((await post(`${server.address}/auth/register`, account)).status).toBe(201);
  const tokens = (await (await post(`${server.address}/auth/login`, account)).json()) as { access_token: string };
  const authorization = `Bearer ${tokens.access_token}`;

  expect(decodeJwt(tokens.access_token).iss).toBe(server.address);
  expect((await post(`${server.address}/notes`, { text: "Buy milk" }, { authorization })).status).toBe(201);
  expect([existsSync(join(clone, "elsewhere/v3/d1")), existsSync(join(clone, ".wrangler/state"))]).toEqual([
    true,
    false,
  ]);
});

describe.skipIf(!CHROMIUM)("the example, in a browser (skipped without Chromium)", () => {
  it("keeps the notes of a signed-in user after a reload", { timeout: 180_000 }, async () => {
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

  it("asks for the password again where a request needs it, and repeats the request", {
    timeout: 180_000,
  }, async () => {
    const page = await register();
    let refused = 0;
    await page.route("**/notes", (route) => {
      if (route.request().method() !== "DELETE" || refused++ > 0) return route.continue();
      const challenge = 'Bearer error="insufficient_user_authentication", max_age="300"';
      return route.fulfill({ status: 401, headers: { "www-authenticate": challenge } });
    });

    await page.getByRole("button", { name: "Delete all" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Password").fill(PASSWORD);
    const repeated = page.waitForResponse((response) => response.request().method() === "DELETE" && response.ok());
    await dialog.getByRole("button", { name: "Continue" }).click();

    await repeated;
    expect([count("DELETE /notes"), count("POST /users/me/reauthenticate")]).toEqual([2, 1]);
  });

  it("asks for a code after the password of an account with a second factor", { timeout: 180_000 }, async () => {
    const send = async (path: string, body: object, token = "") => {
      const answer = await post(`${server.address}${path}`, body, { authorization: `Bearer ${token}` });
      return (await answer.json()) as { access_token: string; secret: string };
    };
    await send("/auth/register", { email, password: PASSWORD });
    const { access_token } = await send("/auth/login", { email, password: PASSWORD });
    const { secret } = await send("/users/me/totp", {}, access_token);
    await send("/users/me/totp/confirm", { code: appCode(secret) }, access_token);

    const page = await open();
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Log in" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Code of your authenticator app").fill(appCode(secret, 1));
    await dialog.getByRole("button", { name: "Continue" }).click();

    await page.getByText(`Signed in as ${email}`).waitFor();
  });

  it("signs every tab out at once", { timeout: 180_000 }, async () => {
    const first = await register();
    const second = await open();
    await second.getByText(`Signed in as ${email}`).waitFor();

    await first.getByRole("button", { name: "Log out" }).click();
    await second.getByRole("button", { name: "Register" }).waitFor();
    await second.reload();
    await second.getByRole("button", { name: "Register" }).waitFor();
  });

  it("refreshes in one tab for all", { timeout: 180_000 }, async () => {
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
