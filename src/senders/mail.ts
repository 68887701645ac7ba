/** The content of a mail, and its rendering as plain text and HTML. */
import type { Delivery } from "./delivery.ts";

/** A mail without formatting. The text part and the HTML part are rendered from it. */
export interface Mail {
  to: string;
  /** BCP 47. */
  language: string;
  subject: string;
  paragraphs: string[];
}

export interface MailSender {
  /** Sends a mail. The provider sends one mail for each key, however often it is called. */
  send(mail: Mail, key: string): Promise<Delivery>;
}

export const toText = ({ paragraphs }: Mail) => `${paragraphs.join("\n\n")}\n`;

/** Renders the HTML part. It loads no external resources. */
export const toHtml = ({ language, subject, paragraphs }: Mail) =>
  `<!doctype html>
<html lang="${escapeHtml(language)}">
<head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head>
<body style="font: 1em/1.5 sans-serif; max-width: 36em; margin: 2em auto; padding: 0 1em">
${paragraphs.map((paragraph) => `<p>${toInline(paragraph)}</p>`).join("\n")}
</body>
</html>
`;

/** Renders a paragraph. A paragraph that is a URL becomes a link. */
function toInline(paragraph: string): string {
  const escaped = escapeHtml(paragraph);
  return /^https?:\/\/\S+$/.test(paragraph) ? `<a href="${escaped}">${escaped}</a>` : escaped;
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
