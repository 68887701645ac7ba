/** The brand on the pages: its colors as custom properties, and a mark if it has no logo. */
import type { AppEnv } from "../http/app-env.ts";

type Colors = AppEnv["Variables"]["deps"]["config"]["BRAND_COLOR"];

/** Writes the colors as custom properties of the style sheet, for both modes. */
export const colorsOf = ({ light, dark }: Colors): string =>
  `:root{${properties(light)}}@media(prefers-color-scheme:dark){:root{${properties(dark)}}}`;

const properties = ({ fill, onFill, border, text }: Colors["light"]) =>
  `--fill:${fill};--on-fill:${onFill};--fill-border:${border};--accent:${text}`;

/** A disc in the color of the brand. */
export const Mark = () => (
  <svg viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
    <circle cx="16" cy="16" r="15" fill="var(--fill)" stroke="var(--fill-border)" />
  </svg>
);

/** The same disc as the icon of the page. */
export const iconOf = (fill = "#57534e"): string =>
  `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="16" fill="${fill}"/></svg>`)}`;
