import type { Delivery } from "./delivery.ts";

/** A mail as words: both of its parts are made from them, so that they say the same. */
export interface Mail {
  to: string;
  /** BCP 47. */
  language: string;
  subject: string;
  paragraphs: string[];
}

export interface MailSender {
  /** Sends a mail. A repeat has the same key, by which the provider knows it. */
  send(mail: Mail, key: string): Promise<Delivery>;
}

export const toText = ({ paragraphs }: Mail) => `${paragraphs.join("\n\n")}\n`;

/** A page that reads well anywhere and loads nothing from anywhere. */
export const toHtml = ({ language, subject, paragraphs }: Mail) =>
  `<!doctype html>
<html lang="${escapeHtml(language)}">
<head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head>
<body style="font: 1em/1.5 sans-serif; max-width: 36em; margin: 2em auto; padding: 0 1em">
${paragraphs.map((paragraph) => `<p>${toInline(paragraph)}</p>`).join("\n")}
</body>
</html>
`;

/** A paragraph that is an address is a link to it. */
function toInline(paragraph: string): string {
  const escaped = escapeHtml(paragraph);
  return /^https?:\/\/\S+$/.test(paragraph) ? `<a href="${escaped}">${escaped}</a>` : escaped;
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
