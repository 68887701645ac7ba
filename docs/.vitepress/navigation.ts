/** The navigation of the documentation, from the Markdown files that exist. */
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { operationsByTag } from "../../scripts/docs/operations.ts";

const DOCS = join(import.meta.dirname, "..");

/** The order of the pages. A file that is not listed stands at the end of the guides. */
const GROUPS = {
  Start: ["index", "quickstart", "tour"],
  Guides: [
    "protect-worker",
    "protect-node",
    "protect-python",
    "protect-go",
    "mcp",
    "browser-app",
    "hosted-pages",
    "mobile-app",
    "sessions",
    "second-factors",
    "mailed-codes",
    "social",
    "oauth",
    "oauth-clients",
    "service-to-service",
    "api-keys",
    "device-login",
    "messages",
    "passwords",
    "limits",
    "captcha",
    "languages",
    "migrate",
  ],
  Operate: [
    "deploy",
    "domains",
    "delivery",
    "doctor",
    "administrators",
    "console",
    "containers",
    "operations",
    "alerts",
    "events",
    "metrics",
    "troubleshooting",
    "secrets",
    "updates",
    "backup",
    "import",
    "export",
    "scale",
    "cost",
    "security",
    "dependencies",
  ],
  Reference: ["api", "errors", "sdk", "verify-tokens", "rules", "asvs", "oauth-security", "figures"],
};

/** A page of the documentation. Its title is its first heading. */
export interface Page {
  name: string;
  title: string;
  /** The first paragraph, without markup. */
  summary: string;
}

function readPage(name: string): Page {
  const text = readFileSync(join(DOCS, `${name}.md`), "utf8");
  const title = /^# (.+)$/m.exec(text)?.[1];
  if (!title)
    throw new Error(`docs/${name}.md has no title: its first line must be a heading, such as "# Quickstart".`);
  const [, paragraph = ""] = /^# .+\n+((?:[^\n#<|`-].*\n?)*)/m.exec(text) ?? [];
  const summary = paragraph.replace(/\[([^\]]+)\]\([^)]+\)/g, "$1").replace(/[*`]/g, "");
  return { name, title, summary: summary.trim().replace(/\s+/g, " ") };
}

const listed = Object.values(GROUPS).flat();
const others = globSync("*.md", { cwd: DOCS })
  .map((file) => basename(file, ".md"))
  .filter((name) => !listed.includes(name))
  .sort();

/** The pages by group. */
export const pages = Object.entries(GROUPS).map(([group, names]) => ({
  group,
  pages: [...names, ...(group === "Guides" ? others : [])].map(readPage),
}));

const linkTo = (name: string) => (name === "index" ? "/" : `/${name}`);

/** The sidebar of the guides, and that of the API reference, which lists the operations. */
export const sidebar = {
  // VitePress takes the first path that matches.
  "/api": operationsByTag().map(({ tag, operations }) => ({
    text: tag,
    collapsed: false,
    items: operations.map(({ id, method, summary }) => ({
      text: `<span class="operation">${summary}</span> <span class="method ${method}">${method}</span>`,
      link: `/api#${id}`,
    })),
  })),
  "/": pages.map(({ group, pages }) => ({
    text: group,
    items: pages.map(({ name, title }) => ({ text: title, link: linkTo(name) })),
  })),
};
