/**
 * The layout of every mail: the brand, a heading, blocks of content, and the sender.
 *
 * The text part and the HTML part are rendered from the same blocks, so that they say the same in
 * the same order. The HTML loads nothing but the logo of the brand. Layout tables and inline styles
 * are for Outlook, which renders with Word. Dark mode follows `prefers-color-scheme` (Apple Mail)
 * and Outlook's `data-ogsc`; Gmail derives it from the light colors.
 */
import type { Deps } from "../deps.ts";
import { fill } from "../locales/fill.ts";

export type Block =
  | { paragraph: string; soft?: boolean }
  /** `sentence` says in the text part that it is a code. */
  | { code: string; sentence: string }
  /** Labels and values. */
  | { facts: [string, string][] }
  /** `fallback` introduces the plain address. */
  | { button: string; href: string; fallback: string };

export interface Content {
  /** BCP 47. */
  language: string;
  direction: "ltr" | "rtl";
  heading: string;
  /** The preview text of inboxes, after the subject. The mail itself hides it. */
  preheader: string;
  blocks: Block[];
  /** Joins `{label}` and `{value}`. */
  labeled: string;
  brand: { name: string; logo: string | undefined; colors: Deps["config"]["BRAND_COLOR"] };
  sender: string;
}

/** Renders the text part. The address of a button has a line of its own. */
export const toText = ({ heading, blocks, labeled, sender }: Content): string =>
  `${[heading, ...blocks.map((block) => textOf(block, labeled)), sender].join("\n\n")}\n`;

function textOf(block: Block, labeled: string): string {
  if ("paragraph" in block) return block.paragraph;
  if ("code" in block) return block.sentence;
  if ("facts" in block) return block.facts.map(([label, value]) => fill(labeled, { label, value })).join("\n");
  return `${fill(labeled, { label: block.button, value: "" }).trimEnd()}\n${shownAddress(block.href)}`;
}

const shownAddress = (href: string) => href.replace(/^mailto:/, "");

/** Colors in light and dark mode. All text has a contrast of 4.5 on all backgrounds. */
const TEXT = { light: "#1c1917", dark: "#fafaf9" };
const SOFT = { light: "#57534e", dark: "#a8a29e" };
const SURFACE = { light: "#ffffff", dark: "#1c1917" };
const TINT = { light: "#f5f5f4", dark: "#292524" };

/** Keeps the text that follows the preheader, such as a code, out of the preview of an inbox. */
const SPACER = "&zwnj;&nbsp;".repeat(90);
/** Outlook takes the first font only, and does not inherit it into a table. */
const FONT = "font-family:Segoe UI,system-ui,sans-serif";
const LAYOUT = 'role="presentation" cellpadding="0" cellspacing="0"';

const MARGIN = "margin:0 0 16px";
const SMALL = `class="f" style="${MARGIN};font-size:14px;color:${SOFT.light}"`;

/** Renders the HTML part. */
export function toHtml({ language, direction, heading, preheader, blocks, labeled, brand, sender }: Content): string {
  const { name, logo, colors } = brand;
  const title = escapeHtml(heading);
  // Gmail drops the root element, so the table says it too.
  const lang = `lang="${escapeHtml(language)}"`;
  const header = logo ? `<img src="${escapeHtml(logo)}" alt="${escapeHtml(name)}" height="32">` : escapeHtml(name);
  return `<!doctype html>
<html ${lang}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="format-detection" content="telephone=no">
<title>${title}</title>
<style>:root{color-scheme:light dark}${darkStyles(colors.dark)}</style>
</head>
<body class="s" bgcolor="${SURFACE.light}" style="margin:0">
<div style="display:none;mso-hide:all">${escapeHtml(preheader)}${SPACER}</div>
<table ${LAYOUT} ${lang} dir="${direction}" class="s" bgcolor="${SURFACE.light}" width="100%"><tr><td style="padding:32px 20px">
<table ${LAYOUT} align="center" width="576" style="width:100%;max-width:36rem"><tr><td class="t" style="font-size:16px;line-height:1.5;${FONT};color:${TEXT.light}">
<p style="margin:0 0 32px;font-weight:700">${header}</p>
<h1 style="${MARGIN};font-size:24px;line-height:1.25">${title}</h1>
${blocks.map((block) => htmlOf(block, labeled, colors.light)).join("\n")}
<p ${SMALL}><br>${escapeHtml(sender)}</p>
</td></tr></table>
</td></tr></table>
</body>
</html>
`;
}

type Accent = Content["brand"]["colors"]["light"];

function htmlOf(block: Block, labeled: string, accent: Accent): string {
  if ("paragraph" in block) {
    return `<p ${block.soft ? SMALL : `style="${MARGIN}"`}>${escapeHtml(block.paragraph)}</p>`;
  }
  if ("code" in block)
    return box(
      "text-align:center;font:700 32px/1.25 Consolas,Menlo,monospace;letter-spacing:.2em",
      escapeHtml(block.code),
    );
  if ("facts" in block) return box(FONT, block.facts.map((fact) => htmlOfFact(fact, labeled)).join("<br>"));
  const href = escapeHtml(block.href);
  return `<table ${LAYOUT} style="margin:24px 0"><tr><td class="b" bgcolor="${accent.fill}" style="border-radius:8px;mso-padding-alt:12px 24px">
<a href="${href}" class="b" style="display:inline-block;padding:12px 24px;border-radius:8px;border:1px solid ${accent.border};color:${accent.onFill};${FONT};font-weight:700;text-decoration:none">${escapeHtml(block.button)}</a></td></tr></table>
<p ${SMALL}>${escapeHtml(block.fallback)}<br>
<a href="${href}" class="a" style="color:${accent.text};word-break:break-all">${escapeHtml(shownAddress(block.href))}</a></p>`;
}

/** A box on a tinted background. */
const box = (style: string, content: string) =>
  `<table ${LAYOUT} width="100%" style="margin:24px 0"><tr><td class="c t" bgcolor="${TINT.light}" style="padding:20px;border-radius:8px;color:${TEXT.light};${style}">${content}</td></tr></table>`;

const htmlOfFact = ([label, value]: [string, string], labeled: string) =>
  fill(escapeHtml(labeled), {
    label: `<span class="f" style="color:${SOFT.light}">${escapeHtml(label)}</span>`,
    value: escapeHtml(value),
  });

/** The dark colors, once for clients with the media query and once for those of Outlook. */
function darkStyles({ fill, onFill, border, text }: Accent): string {
  const rules = [
    `.s{background:${SURFACE.dark}!important}`,
    `.c{background:${TINT.dark}!important}`,
    `.t{color:${TEXT.dark}!important}`,
    `.f{color:${SOFT.dark}!important}`,
    `.a{color:${text}!important}`,
    `.b{background:${fill}!important;border-color:${border}!important;color:${onFill}!important}`,
  ];
  return `@media(prefers-color-scheme:dark){${rules.join("")}}${rules.map((rule) => `[data-ogsc] ${rule}`).join("")}`;
}

/** Writes what HTML could take for markup as numeric entities. */
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
