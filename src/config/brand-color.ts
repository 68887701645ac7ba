/**
 * Derives the colors of buttons and links from the color of the brand, so that they pass WCAG AA
 * with any brand, in light and in dark mode.
 */

/** Colors in one mode, as `#rrggbb`. */
interface Accent {
  /** Background of a button, and the color of its text. */
  fill: string;
  onFill: string;
  /** Border of a button, which shows where its background does not. */
  border: string;
  /** Links and focus rings. */
  text: string;
}

/** Backgrounds of pages and mails, by mode: `page.css` has the same. */
export const BACKGROUNDS = { light: ["#ffffff", "#f5f5f4"], dark: ["#1c1917", "#0c0a09"] } as const;

type Rgb = [number, number, number];
type Mode = keyof typeof BACKGROUNDS;

/** The least contrast of text, and of what shows a control (WCAG 2.2, 1.4.3 and 1.4.11). */
const TEXT_CONTRAST = 4.5;
const CONTROL_CONTRAST = 3;

const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];

const parse = (hex: string): Rgb => {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
};

const toHex = (rgb: Rgb): string =>
  `#${rgb.map((channel) => Math.round(channel).toString(16).padStart(2, "0")).join("")}`;

/** Relative luminance (WCAG 2.2). */
function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb
    .map((channel) => channel / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const contrast = (a: Rgb, b: Rgb): number => {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
};

/** Contrast of two colors in `#rrggbb`, from 1 to 21 (WCAG 2.2). */
export const contrastOf = (a: string, b: string): number => contrast(parse(a), parse(b));

/** Mixes a color with black or white until it can be read as text on every background of a mode. */
function readable(color: Rgb, mode: Mode): Rgb {
  const target = mode === "light" ? BLACK : WHITE;
  const backgrounds = BACKGROUNDS[mode].map(parse);
  for (let part = 0; part < 1; part += 0.02) {
    const mixed = color.map((channel, n) => channel + ((target[n] ?? 0) - channel) * part) as Rgb;
    if (backgrounds.every((background) => contrast(mixed, background) >= TEXT_CONTRAST)) return mixed;
  }
  return target;
}

function accentIn(mode: Mode, color: Rgb): Accent {
  const [surface] = BACKGROUNDS[mode];
  const text = toHex(readable(color, mode));
  const fill = toHex(color);
  return {
    fill,
    onFill: contrast(color, WHITE) >= TEXT_CONTRAST ? "#ffffff" : "#000000",
    border: contrast(color, parse(surface)) >= CONTROL_CONTRAST ? fill : text,
    text,
  };
}

/** The colors of a brand. */
export interface BrandColors {
  light: Accent;
  dark: Accent;
}

/** Derives the colors of a brand from its color in `#rrggbb`. */
export const brandColors = (hex: string): BrandColors => ({
  light: accentIn("light", parse(hex)),
  dark: accentIn("dark", parse(hex)),
});
