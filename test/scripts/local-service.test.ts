import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { freePort, type LocalServer, makeClone, removeClone, serveClone } from "../../scripts/clone.ts";
import { post } from "../support/clone-server.ts";

/** Debian's Python has Debian's modules. Another one may come first in PATH. */
const PYTHON = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
const HAS_LIBRARIES = spawnSync(PYTHON, ["-c", "import requests_oauthlib, authlib"]).status === 0;
const ACCOUNT = { email: "jane@example.com", password: "correct-horse-7" };

let clone: string;
let server: LocalServer;

beforeAll(async () => {
  clone = makeClone();
  // The faster engine: the crowd needs many logins.
  server = await serveClone(clone, await freePort(), "--var", "SCRYPT_ENGINE:node");
  expect((await post(`${server.address}/auth/register`, ACCOUNT)).status).toBe(201);
}, 120_000);

afterAll(async () => {
  await server?.stop();
  removeClone(clone);
});

it.skipIf(!HAS_LIBRARIES)(
  "requests-oauthlib and Authlib sign in, are refused and refresh (skipped without python3-requests-oauthlib and python3-authlib)",
  { timeout: 60_000 },
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
  await expect.poll(burst, { timeout: 120_000, interval: 1000 }).toBeGreaterThanOrEqual(32);
});
