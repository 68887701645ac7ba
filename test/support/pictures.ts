/**
 * Pictures of pages, compared as means of blocks. Chromium scales, encodes and reads them.
 *
 * Text has one font, that of the documentation, without hinting: the fonts of a machine do not
 * matter. What is left between two versions of Chromium, such as other antialiasing, stays within
 * the tolerance.
 */
import { readFileSync } from "node:fs";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";

const FONT = "node_modules/vitepress/dist/client/theme-default/fonts/inter-roman-latin.woff2";

/** The frame of a mail in the outbox is hidden: its font would be another one. */
const FIXED = `
@font-face { font-family: Fixed; font-weight: 100 900; src: url(data:font/woff2;base64,${readFileSync(FONT, "base64")}) }
* { font-family: Fixed !important; text-rendering: geometricPrecision !important }
iframe { visibility: hidden }
`;

/** Blocks of 4 pixels of a picture. */
const BLOCK = 4;

/**
 * What may differ of a picture: the part of its blocks, by how much one of their colors differs, of
 * 255. A button, a border or the color of a link makes the difference of more; a new text of the
 * same length, of less.
 */
const TOLERANCE = [
  { levels: 16, part: 0.015 },
  { levels: 32, part: 0.002 },
];

/** How a page is shown and compared. */
export interface View {
  /** A style sheet of the page. */
  style: string;
  tolerance: typeof TOLERANCE;
}

const AS_IT_IS: View = { style: "", tolerance: TOLERANCE };

/**
 * Boxes, lines and marks without their text. Antialiasing is only at their edges, so that the loss
 * of a rounded corner or of a faint background is seen.
 */
export const SHAPES: View = {
  style: `* { -webkit-text-fill-color: transparent !important; text-decoration-color: transparent !important }
    * { -webkit-text-stroke-color: transparent !important }`,
  tolerance: [{ levels: 6, part: 0.0001 }],
};

export const SCHEMES = ["light", "dark"] as const;

/** A screenshot is PNG, a picture is WebP, both in base64. */
type Image = string;

/** Takes pictures of the visible part of pages, and compares them. */
export interface Camera {
  /**
   * Takes a picture at a fraction of its size, for each color scheme side by side. `change` is a
   * style sheet that the page gets, to test that a change is seen.
   */
  take(url: string, scale: number, view?: View, change?: string): Promise<Image>;
  /** Returns how a picture differs from a reference by more than the tolerance, or undefined. */
  difference(reference: Image, taken: Image, view?: View): Promise<string | undefined>;
}

export async function createCamera(browser: Browser, options: BrowserContextOptions): Promise<Camera> {
  // The policy of the pages forbids the font.
  const context = await browser.newContext({ bypassCSP: true, timezoneId: "UTC", ...options });
  const page = await context.newPage();
  const lab = await browser.newPage();
  await lab.evaluate(readFileSync("test/support/pictures-lab.js", "utf8"));
  return {
    async take(url, scale, { style } = AS_IT_IS, change = "") {
      const shots = await shoot(page, url, FIXED + style + change);
      return lab.evaluate(`lab.join(${JSON.stringify(shots)}, ${scale})`);
    },
    async difference(reference, taken, { tolerance } = AS_IT_IS) {
      const settings = { count: SCHEMES.length, block: BLOCK, levels: tolerance.map(({ levels }) => levels) };
      const call = `lab.compare(${JSON.stringify([reference, taken])}, ${JSON.stringify(settings)})`;
      const parts: number[][] | null = await lab.evaluate(call);
      if (!parts) return "another size";
      const exceeded = parts.flatMap((found, n) =>
        tolerance.flatMap(({ levels, part }, at) =>
          (found[at] ?? 0) > part
            ? [`${SCHEMES[n]}: ${((found[at] ?? 0) * 100).toFixed(2)} % of its blocks differ by more than ${levels}`]
            : [],
        ),
      );
      return exceeded.join("; ") || undefined;
    },
  };
}

/** Returns a screenshot for each color scheme. */
async function shoot(page: Page, url: string, style: string): Promise<Image[]> {
  await page.goto(url);
  await page.addStyleTag({ content: style });
  await page.evaluate("document.fonts.ready.then(() => undefined)");
  const shots: Image[] = [];
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme });
    shots.push((await page.screenshot({ animations: "disabled", caret: "hide" })).toString("base64"));
  }
  return shots;
}
