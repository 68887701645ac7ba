import { expect, it } from "vitest";
import { BACKGROUNDS, brandColors, contrastOf } from "../../src/config/brand-color.ts";

const BRANDS = ["#ffff00", "#ffffff", "#000000", "#777777", "#1d4ed8", "#e11d48", "#00ff88", "#1c1917", "#f5f5f4"];

it("contrast is that of WCAG", () => {
  expect(contrastOf("#000000", "#ffffff")).toBeCloseTo(21);
  // The example of https://webaim.org/articles/contrast/ for the least gray on white.
  expect(contrastOf("#767676", "#ffffff")).toBeCloseTo(4.54, 2);
});

it.each(BRANDS)("buttons and links of the brand %s can be read and seen in light and dark mode", (brand) => {
  const colors = brandColors(brand);
  for (const mode of ["light", "dark"] as const) {
    const { fill, onFill, border, text } = colors[mode];
    expect(fill).toBe(brand);
    expect(contrastOf(onFill, fill)).toBeGreaterThanOrEqual(4.5);
    for (const background of BACKGROUNDS[mode]) expect(contrastOf(text, background)).toBeGreaterThanOrEqual(4.5);
    expect(contrastOf(border, BACKGROUNDS[mode][0])).toBeGreaterThanOrEqual(3);
  }
});
