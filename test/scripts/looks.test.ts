/**
 * The looks of the pages: pictures of the gallery and of its page states, compared with
 * `test/scripts/looks`. After an intended change, `npm run looks` takes them again; look at them
 * before you commit them.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort, type LocalServer, removeClone } from "../../scripts/clone.ts";
import { BACKGROUNDS, contrastOf } from "../../src/config/brand-color.ts";
import { LOCALES } from "../../src/locales/locales.ts";
import { COLOR_RULES, violationsOf } from "../support/axe.ts";
import { CHROMIUM, openBrowser } from "../support/chromium.ts";
import { PICTURES, type Picture } from "../support/looks.ts";
import { type Camera, createCamera, SCHEMES } from "../support/pictures.ts";
import { clonePrepared, servePrepared } from "../support/prepared-clone.ts";

const FOLDER = "test/scripts/looks";
/** Where a picture goes that differs from its reference. */
const FOUND = join(tmpdir(), "gatehouse-looks");
const MOST_BYTES = 400_000;

let clone: string;
let server: LocalServer;
let browser: Browser;
const cameras = new Map<string, Promise<Camera>>();

beforeAll(async () => {
  clone = clonePrepared();
  const settings = ["--var", "BRAND_COLOR:#1d4ed8", "--var", "BRAND_NAME:Acme"];
  server = await servePrepared(clone, await freePort(), ...settings);
  browser = await openBrowser();
});

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

/** Takes a picture of its page with this change. */
async function take({ path, viewport, scale = 1 / 2, view }: Picture, change?: string) {
  return (await cameraFor(viewport)).take(path, scale, view, change);
}

/** Returns how a picture differs from its reference. */
async function differenceOf({ name, viewport, view }: Picture, taken: string) {
  return (await cameraFor(viewport)).difference(readFileSync(fileOf(name), "base64"), taken, view);
}

const fileOf = (name: string) => join(FOLDER, `${name}.webp`);
const isWriting = process.env["LOOKS"] === "write";

describe.skipIf(!CHROMIUM)("pictures (skipped without Chromium)", () => {
  it.each(PICTURES)("$name looks as in its reference", { timeout: 90_000 }, async (picture) => {
    const { name } = picture;
    const taken = await take(picture);
    if (isWriting) writeFileSync(fileOf(name), taken, "base64");
    expect(existsSync(fileOf(name)), `There is no ${fileOf(name)}. Run npm run looks.`).toBe(true);

    const difference = await differenceOf(picture, taken);
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

  it.each([
    ["a missing button", "sign-in", "form > button { visibility: hidden }", true],
    ["a toggle below its field", "sign-up", ".control button { position: static !important }", true],
    ["a lost brand color", "reset-link", ":root { --fill: #888 !important; --fill-border: #888 !important }", true],
    ["links without a color", "verify-sent", "a { color: var(--text) !important }", true],
    ["an error in the color of text", "email-refused", ".error { color: inherit !important }", true],
    ["a light card in dark mode", "sign-out", ":root { --surface: #fff !important }", true],
    ["badges without a border", "sessions", ".badge { border: 0 !important; padding: 0 !important }", true],
    ["square fields", "gallery-shapes", "input, select, textarea { border-radius: 0 !important }", true],
    ["square alerts", "gallery-shapes", ".alert { border-radius: 0 !important }", true],
    ["a current tab without its mark", "gallery-shapes", ".tabs [aria-current] { all: unset !important }", true],
    ["a current filter without its mark", "gallery-shapes", ".filter a { border: 0 !important }", true],
    ["a danger zone without its color", "gallery-shapes", ".card.danger { border-color: #888 !important }", true],
    ["rows without lines", "gallery-shapes", ".rows > * { border-color: transparent !important }", true],
    ["heavier antialiasing", "account", "* { -webkit-text-stroke: .1px }", false],
  ])("%s makes a difference (%s)", { timeout: 90_000 }, async (_, name, change, isSeen) => {
    const picture = PICTURES.find((candidate) => candidate.name === name) ?? expect.fail(name);
    const difference = await differenceOf(picture, await take(picture, change));
    expect(difference !== undefined).toBe(isSeen);
  });
});

/** Opens the gallery, or another page. */
async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ baseURL: server.address, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(90_000);
  await page.goto(path);
  return page;
}

/** States with long words, or codes. */
const WIDE = ["/activity", "/delete", "/second-factor-recovery-refused", "/account-few-codes", "/codes"];

const isScrolling = (page: Page) => page.evaluate("document.documentElement.scrollWidth > innerWidth");
/** The buttons that have a shape, not those that look like text. */
const SHAPED = "main :is(button, .button):not(.link, :disabled, .control *, .tabs *)";

/** Returns a color of the first such element, as `#rrggbb`. */
async function colorOf(page: Page, selector: string, property: string): Promise<string> {
  const call = `getComputedStyle(document.querySelector(${JSON.stringify(selector)}))[${JSON.stringify(property)}]`;
  const channels = String(await page.evaluate(call)).match(/\d+/g) ?? [];
  return `#${channels.map((channel) => Number(channel).toString(16).padStart(2, "0")).join("")}`;
}

describe.skipIf(!CHROMIUM)("every component, in a browser (skipped without Chromium)", () => {
  it.each(["#ffff00", "#ffffff", "#000000"].flatMap((brand) => SCHEMES.map((scheme) => [brand, scheme] as const)))(
    "can be read and seen with the brand %s, %s",
    { timeout: 90_000 },
    async (brand, colorScheme) => {
      const page = await open(`/dev/pages?brand=${encodeURIComponent(brand)}`, { colorScheme });
      const [surface] = BACKGROUNDS[colorScheme];
      const [text, fill, border, link] = [
        await colorOf(page, "#buttons button", "color"),
        await colorOf(page, "#buttons button", "backgroundColor"),
        await colorOf(page, "#buttons button", "borderTopColor"),
        await colorOf(page, "#states a", "color"),
      ];
      expect([fill, await colorOf(page, "#buttons", "backgroundColor")]).toEqual([brand, surface]);
      expect(contrastOf(text, fill)).toBeGreaterThanOrEqual(4.5);
      expect(Math.max(contrastOf(fill, surface), contrastOf(border, surface))).toBeGreaterThanOrEqual(3);
      expect(contrastOf(link, surface)).toBeGreaterThanOrEqual(4.5);
      expect(await violationsOf(page, { runOnly: COLOR_RULES })).toEqual([]);
    },
  );

  it("stays visible with forced colors", { timeout: 90_000 }, async () => {
    const page = await open("/dev/pages", { forcedColors: "active" });
    const borders = (await page.evaluate(
      `[...document.querySelectorAll(${JSON.stringify(SHAPED)})].map((button) => {
        const { borderTopWidth, borderTopColor, backgroundColor } = getComputedStyle(button);
        return borderTopWidth === "1px" && borderTopColor !== backgroundColor;
      })`,
    )) as boolean[];
    expect([borders.length > 10, borders.every(Boolean)]).toEqual([true, true]);
  });

  it.each([
    ["reduce", "none"],
    ["no-preference", "turn"],
  ] as const)("with reduced motion: %s, the busy button's animation is %s", async (reducedMotion, animation) => {
    const page = await open("/dev/pages", { reducedMotion });
    const name = "getComputedStyle(document.querySelector('button[aria-disabled]'), '::after').animationName";
    expect(await page.evaluate(name)).toBe(animation);
  });

  it.each(LOCALES)("fits 320 px, in %s", { timeout: 90_000 }, async (locale) => {
    const page = await open("/dev/pages", { locale, viewport: { width: 320, height: 800 } });
    for (const name of ["", "/sign-up-refused", "/verify-sent", "/account-pending", "/sessions", ...WIDE]) {
      await page.goto(`/dev/pages${name}`);
      expect([name, await page.evaluate("document.documentElement.lang"), await isScrolling(page)]).toEqual([
        name,
        locale,
        false,
      ]);
    }
  });

  it("is mirrored in a language that is written from right to left", async () => {
    const page = await open("/dev/pages", { viewport: { width: 320, height: 800 } });
    const isLeft =
      "(({ x }, field) => x < field.x + 20)(document.querySelector('.control button').getBoundingClientRect(), document.querySelector('.control').getBoundingClientRect())";
    expect(await page.evaluate(isLeft)).toBe(false);
    await page.evaluate("document.documentElement.dir = 'rtl'");
    expect([await page.evaluate(isLeft), await isScrolling(page)]).toEqual([true, false]);
  });

  it("says how long ago something was, for a week", async () => {
    const page = await open("/dev/pages/sessions");
    const times = await page.locator("time").allTextContents();
    const recent = ["2 hours ago", "12 hours ago", "2 days ago", "yesterday", "6 days ago", "2 days ago"];
    expect(times).toEqual([...recent, expect.stringMatching(/^[A-Z][a-z]{2} \d+, \d{4}, \d+:\d\d [AP]M$/)]);
  });

  it("a form is busy once it was sent, until the browser shows the page again", { timeout: 90_000 }, async () => {
    const page = await open("/dev/pages/sign-in");
    let posts = 0;
    // The browser stays on the page.
    await page.route("**/sign-in", (route) => route.fulfill({ status: 204 }).finally(() => posts++));
    await page.fill("#identifier", "jane@example.com");
    await page.fill("#password", "correct-horse-7");
    const button = page.locator("main form button[type=submit]", { hasText: "Sign in" });
    await button.dblclick();
    await expect.poll(() => posts).toBe(1);
    expect(await button.getAttribute("aria-disabled")).toBe("true");
    await page.evaluate("dispatchEvent(new Event('pageshow'))");
    expect([posts, await button.getAttribute("aria-disabled")]).toEqual([1, null]);
  });

  it("a service that lacks a setting names it to a developer, on a page with styles", async () => {
    const page = await open("/dev/pages/misconfigured");
    expect(await page.locator(".list code").allTextContents()).toEqual(["ALLOWED_ORIGINS", "PEPPER"]);
    expect(await colorOf(page, ".card", "backgroundColor")).toBe(BACKGROUNDS.light[0]);
  });
});
