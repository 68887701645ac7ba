import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";

const SOURCE = readFileSync("node_modules/axe-core/axe.min.js", "utf8");
/** It need not describe what passes, or fetch media. */
const QUICK = { resultTypes: ["violations"], preload: false };

interface Report {
  violations: { id: string; nodes: { html: string }[] }[];
}

/** The rules that a color scheme can break. */
export const COLOR_RULES = ["color-contrast", "link-in-text-block"];

interface Options {
  /** Selectors of elements that are not looked at. */
  exclude?: string[];
  /** The rules. Default: all. */
  runOnly?: string[];
}

/**
 * Looks at a loaded page with axe. Returns each broken rule with an element, and whether the page
 * scrolls sideways.
 */
export async function violationsOf(page: Page, { exclude = [], runOnly }: Options = {}): Promise<unknown[]> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(SOURCE);
  const args = [{ exclude }, { ...QUICK, ...(runOnly && { runOnly }) }].map((arg) => JSON.stringify(arg));
  const { violations } = (await page.evaluate(`axe.run(${args})`)) as Report;
  const isScrolling = await page.evaluate("document.documentElement.scrollWidth > innerWidth");
  return [...violations.map(({ id, nodes }) => [id, nodes[0]?.html]), ...(isScrolling ? ["scrolls"] : [])];
}
