/** `npm run asvs`: writes the review against OWASP ASVS as a document. */
import { CHAPTERS, type Chapter, type Requirement } from "../../docs/asvs.ts";
import { writeIfChanged } from "../write-if-changed.ts";

export const ASVS_FILE = "docs/asvs.md";

/** Returns the review as Markdown. */
export function asvsDocument(): string {
  const all = CHAPTERS.flatMap(({ requirements }) => requirements);
  const idsOf = (holds: Requirement["holds"]) => all.filter((row) => row.holds === holds).flatMap(({ ids }) => ids);
  return `<!-- \`npm run asvs\` writes this file from docs/asvs.ts. -->

# OWASP ASVS 5.0, levels 1 and 2

V5 (files) and V17 (WebRTC) do not apply. [OAuth security](oauth-security.md) compares the provider with RFC 9700. Test paths
are relative to \`test/\`. \`support/world.ts\` checks each response of each test for the required headers and against the
OpenAPI document, so its checks cover all routes. The section Rules is in [SECURITY.md](../SECURITY.md).

${idsOf(true).length} requirements hold, and ${idsOf("out of scope").length} are out of scope or do not apply. These do not hold, or not in full: ${idsOf(false).join(", ")}.

${CHAPTERS.map(chapterSection).join("\n")}`;
}

const chapterSection = ({ title, requirements, note }: Chapter): string => `## ${title}

| requirement | what it asks | how it holds, and the test that shows it |
| --- | --- | --- |
${requirements.map(({ ids, asks, how }) => `| ${ids.join(", ")} | ${asks} | ${how} |\n`).join("")}${note === undefined ? "" : `\n${note}\n`}`;

if (import.meta.main) writeIfChanged(ASVS_FILE, asvsDocument());
