/**
 * The looks of the pages: pictures of the gallery and of its page states, compared with
 * `test/scripts/looks`. `npm run looks` takes them anew, after a change that is meant; look at them
 * before you commit them.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort, type LocalServer, makeClone, removeClone, serveClone } from "../../scripts/clone.ts";
import { CHROMIUM, openBrowser } from "../support/chromium.ts";
import { type Camera, createCamera } from "../support/pictures.ts";

const FOLDER = "test/scripts/looks";
/** Where a picture goes that differs from its reference. */
const FOUND = join(tmpdir(), "gatehouse-looks");
const MOST_BYTES = 300_000;

/** The page states whose looks are kept. The others have the same parts. */
const STATES = [
  "sign-in",
  "sign-in-refused",
  "sign-up",
  "sign-up-refused",
  "verify-sent",
  "verify-required",
  "forgot",
  "forgot-resent",
  "reset-code-refused",
  "reset-link",
  "reset-link-dead",
  "sign-out",
  "signed-out",
  "account",
  "account-unverified",
  "account-pending",
  "profile",
  "email-refused",
  "email-confirm",
  "password",
  "sessions",
  "activity",
  "delete",
  "not-found",
  "misconfigured",
  "outbox",
  "mail-password-reset-link",
  "mail-verification",
  "mail-password-changed",
  "mail-account-deleted",
];
const PHONE = { width: 390, height: 844 };

/** The pictures by file name. */
const PICTURES = [
  { name: "gallery", path: "/dev/pages", viewport: { width: 390, height: 2600 }, scale: 1 / 2 },
  { name: "gallery-wide", path: "/dev/pages", viewport: { width: 1280, height: 2200 }, scale: 1 / 4 },
  { name: "account-wide", path: "/dev/pages/account", viewport: { width: 1280, height: 844 }, scale: 1 / 4 },
  ...STATES.map((name) => ({ name, path: `/dev/pages/${name}`, viewport: PHONE, scale: 1 / 2 })),
];

let clone: string;
let server: LocalServer;
let browser: Browser;
const cameras = new Map<string, Promise<Camera>>();

beforeAll(async () => {
  clone = makeClone();
  const settings = ["--var", "BRAND_COLOR:#1d4ed8", "--var", "BRAND_NAME:Acme"];
  server = await serveClone(clone, await freePort(), ...settings);
  browser = await openBrowser();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  removeClone(clone);
});

function cameraFor(viewport: { width: number; height: number }): Promise<Camera> {
  const key = JSON.stringify(viewport);
  const camera = cameras.get(key) ?? createCamera(browser, { baseURL: server.address, viewport });
  cameras.set(key, camera);
  return camera;
}

const fileOf = (name: string) => join(FOLDER, `${name}.webp`);
const isWriting = process.env["LOOKS"] === "write";

describe.skipIf(!CHROMIUM)("pictures (skipped without Chromium)", () => {
  it.each(PICTURES)("$name looks as in its reference", { timeout: 30_000 }, async ({ name, path, viewport, scale }) => {
    const camera = await cameraFor(viewport);
    const taken = await camera.take(path, scale);
    if (isWriting) writeFileSync(fileOf(name), taken, "base64");
    expect(existsSync(fileOf(name)), `There is no ${fileOf(name)}. Run npm run looks.`).toBe(true);

    const difference = await camera.difference(readFileSync(fileOf(name), "base64"), taken);
    if (difference) {
      mkdirSync(FOUND, { recursive: true });
      writeFileSync(join(FOUND, `${name}.webp`), taken, "base64");
    }
    expect(difference, `Compare ${join(FOUND, name)}.webp with ${fileOf(name)}.`).toBeUndefined();
  });

  it("there is one reference for each picture, and all are small", () => {
    const files = readdirSync(FOLDER);
    const bytes = files.reduce((sum, file) => sum + readFileSync(join(FOLDER, file)).length, 0);

    expect(files.sort()).toEqual(PICTURES.map(({ name }) => `${name}.webp`).sort());
    expect(bytes).toBeLessThan(MOST_BYTES);
  });
});
