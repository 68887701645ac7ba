import { execFile, spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import type { Server } from "node:http";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort, type LocalServer, removeClone } from "../../scripts/clone.ts";
import type { ClientJwk } from "../../src/contract/oauth-client.ts";
import { CHROMIUM, openBrowser } from "../support/chromium.ts";
import { post } from "../support/clone-server.ts";
import { CONFORMANCE, installPrograms, PYTHON, runProgram, startRelyingParty } from "../support/oauth-programs.ts";
import { registerIn } from "../support/oauth-service.ts";
import { heading } from "../support/page-acts.ts";
import { clonePrepared, servePrepared } from "../support/prepared-clone.ts";

const HAS_LIBRARIES = spawnSync(PYTHON, ["-c", "import requests_oauthlib, authlib"]).status === 0;
const ACCOUNT = { email: "jane@example.com", password: "correct-horse-7" };

const RESOURCE = "https://notes.example/api";
const LOOPBACK = "http://127.0.0.1/callback";
const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

let clone: string;
let server: LocalServer;
let browser: Browser | undefined;
let site: Server;
/** The secrets of the clients, by id. */
let secrets: Record<string, string> = {};
/** The address of the site. */
let home: string;

beforeAll(async () => {
  clone = clonePrepared();
  home = `http://localhost:${await freePort()}`;
  // The faster engine: the crowd needs many logins.
  const settings = ["SCRYPT_ENGINE:node", `OAUTH_RESOURCES:${RESOURCE}`, "OAUTH_CIMD:on"];
  const flags = settings.flatMap((setting) => ["--var", setting]);
  [server] = await Promise.all([servePrepared(clone, await freePort(), ...flags), installPrograms()]);
  expect((await post(`${server.address}/auth/register`, ACCOUNT)).status).toBe(201);
  const key = publicKey.export({ format: "jwk" }) as ClientJwk;
  secrets = registerIn(clone, [
    { id: "authlib", name: "Authlib", redirectUris: [LOOPBACK] },
    { id: "signer", name: "Signer", grants: ["client_credentials"], key },
    { id: "mcp", name: "Conformance", redirectUris: [LOOPBACK], isPublic: true },
    { id: "site", name: "Site", redirectUris: [`${home}/callback`], postLogoutRedirectUris: [home] },
  ]);
  site = await startRelyingParty({ home, issuer: server.address, id: "site", secret: secrets["site"] ?? "" });
  if (CHROMIUM) browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  site?.close();
  await server?.stop();
  removeClone(clone);
});

it.skipIf(!HAS_LIBRARIES)(
  "requests-oauthlib and Authlib sign in, are refused and refresh (skipped without python3-requests-oauthlib and python3-authlib)",
  { timeout: 180_000 },
  async () => {
    const script = ["test/scripts/oauth-clients.py", server.address, ACCOUNT.email, ACCOUNT.password];
    const { stdout } = await promisify(execFile)(PYTHON, script);

    const expected = {
      wrong: ["invalid_grant", "The identifier or the password is incorrect."],
      me: [200, 200],
      isNew: true,
      types: ["bearer"],
      invalid: ["invalid_grant", expect.stringContaining("The refresh token is missing, invalid or expired")],
    };
    expect(JSON.parse(stdout)).toEqual({ Oauthlib: expected, Authlib: expected });
  },
);

async function open(): Promise<Page> {
  const page = await browser!.newPage();
  page.setDefaultTimeout(20_000);
  return page;
}

/** Signs in at the service, and allows a client to use the account. */
async function signInAndAllow(page: Page) {
  await page.locator("input[name=identifier]").fill(ACCOUNT.email);
  await page.locator("input[name=password]").fill(ACCOUNT.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("button", { name: "Allow", exact: true }).click();
}

/** Signs in at the address that a program printed, until the program has its answer. */
async function visit(url: string) {
  const page = await open();
  await page.goto(url);
  await signInAndAllow(page);
  await page.waitForURL((at) => at.pathname === "/callback");
}

describe.skipIf(!CHROMIUM)("OAuth clients of other people, in a browser (skipped without Chromium)", () => {
  it.skipIf(!HAS_LIBRARIES)(
    "Authlib discovers, signs in, verifies, refreshes, introspects, revokes and signs (skipped without python3-authlib)",
    { timeout: 180_000 },
    async () => {
      const key = privateKey.export({ format: "pem", type: "pkcs8" });
      const settings = {
        issuer: server.address,
        id: "authlib",
        secret: secrets["authlib"],
        signer: "signer",
        key,
        resource: RESOURCE,
      };

      const output = await runProgram(PYTHON, ["test/scripts/oauth-authlib.py", JSON.stringify(settings)], visit);

      const told = JSON.parse(output.trim().split("\n").at(-1) ?? "");
      const { sub } = told.claims;
      expect(told).toEqual({
        answer: [true, server.address],
        claims: expect.objectContaining({ iss: server.address, aud: "authlib", acr: "aal1" }),
        userinfo: { sub, email: ACCOUNT.email, email_verified: false },
        isRotated: true,
        introspected: [expect.objectContaining({ active: true, sub, client_id: "authlib" }), { active: false }],
        revoked: "invalid_grant",
        signed: expect.objectContaining({ active: true, sub: "signer", aud: RESOURCE }),
      });
    },
  );

  it("express-openid-connect signs a user in to a site, renews the tokens, and signs out", {
    timeout: 180_000,
  }, async () => {
    const page = await open();
    await page.goto(`${home}/login`);
    await signInAndAllow(page);
    await heading(page, `Hello, ${ACCOUNT.email}`);
    await page.goto(`${home}/renewed`);
    await heading(page, `Hello, ${ACCOUNT.email}`);

    await page.goto(`${home}/logout`);
    await heading(page, "Nobody is signed in");
    // The session of the browser at the service has ended too.
    await page.goto(`${home}/login`);
    await heading(page, "Sign in");
  });

  it("passes the conformance tests of MCP for authorization servers", { timeout: 180_000 }, async () => {
    const client = ["--client-id", "mcp", "--port", `${await freePort()}`];

    const output = await runProgram(
      process.execPath,
      [CONFORMANCE, "authorization", "--url", server.address, ...client],
      visit,
    );

    expect(output).toMatch(/Total: 3 passed, 0 failed$/m);
  });
});

it("the service recovers from a crowd of cancelled logins", { timeout: 180_000 }, async () => {
  const login = (init: RequestInit = {}) =>
    fetch(`${server.address}/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(ACCOUNT),
      ...init,
    }).then(({ status }) => status);

  const crowd = Array.from({ length: 40 }, (_, n) =>
    login({ signal: AbortSignal.timeout(20 * n) }).catch(() => "left"),
  );
  expect(await Promise.all(crowd)).toContain("left");

  // Cancelled requests may wait or hold places until their lease ends. Then all places are free.
  const burst = async () => {
    const statuses = await Promise.all(Array.from({ length: 40 }, () => login()));
    expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
    return statuses.filter((status) => status === 200).length;
  };
  await expect.poll(burst, { timeout: 240_000, interval: 1000 }).toBeGreaterThanOrEqual(32);
});
