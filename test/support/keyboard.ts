/** Uses a page by keyboard alone. */
import type { Page } from "playwright-core";

interface Focused {
  ariaLabel: string | null;
  textContent: string | null;
  labels?: { firstChild: { textContent: string | null } | null }[];
}

/**
 * Moves the focus to the element of this name by the Tab key. A script may show the element a
 * moment later, so it goes around the page more than once.
 */
async function tabTo(page: Page, name: string) {
  for (let presses = 0; presses < 160; presses++) {
    if (presses % 40 === 39) await page.waitForTimeout(1000);
    await page.keyboard.press("Tab");
    const focused = page.locator(":focus");
    const [label] = await focused.evaluateAll((elements) =>
      elements.map((element) => {
        const { ariaLabel, labels, textContent } = element as unknown as Focused;
        return ariaLabel ?? labels?.[0]?.firstChild?.textContent ?? textContent ?? "";
      }),
    );
    if (label?.trim().startsWith(name)) return;
  }
  throw new Error(`no ${name} on ${page.url()}`);
}

/** Fills in the fields and sends their form. */
export async function type(page: Page, fields: Record<string, string>) {
  for (const [name, text] of Object.entries(fields)) {
    await tabTo(page, name);
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.type(text);
  }
  // Twice, as impatient people do.
  for (let n = 0; n < 2; n++) await page.keyboard.press("Enter");
}

/** Follows the link or presses the button of this name. */
export async function choose(page: Page, name: string) {
  await tabTo(page, name);
  await page.keyboard.press("Enter");
}
