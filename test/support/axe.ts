import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";

const SOURCE = readFileSync("node_modules/axe-core/axe.min.js", "utf8");
/** It need not describe what passes, or fetch media. */
const QUICK = { resultTypes: ["violations"], preload: false };

interface Report {
  violations: { id: string; nodes: { html: string }[] }[];
}

async function run(page: Page, exclude: string[], options: object = {}): Promise<unknown[]> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(SOURCE);
  const args = [{ exclude }, { ...QUICK, ...options }].map((arg) => JSON.stringify(arg));
  const { violations } = (await page.evaluate(`axe.run(${args})`)) as Report;
  return violations.map(({ id, nodes }) => [id, nodes[0]?.html]);
}

/**
 * Looks at a loaded page with axe, but not at the excluded elements. Returns each broken rule with
 * an element, and whether the page scrolls sideways.
 */
export async function violationsOf(page: Page, exclude: string[] = []): Promise<unknown[]> {
  const violations = await run(page, exclude);
  const isScrolling = await page.evaluate("document.documentElement.scrollWidth > innerWidth");
  return [...violations, ...(isScrolling ? ["scrolls"] : [])];
}

/** Looks at the colors of a loaded page alone. */
export const contrastViolationsOf = (page: Page): Promise<unknown[]> =>
  run(page, [], { runOnly: ["color-contrast", "link-in-text-block"] });
