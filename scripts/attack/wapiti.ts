import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Outcome, run } from "./tool.ts";

export const PAGES = ["/", "/docs", "/sign-in", "/sign-up", "/reset-password", "/dev/outbox", "/health"];
/** Browsers have removed the XSS filter, because attackers could turn it against a page. */
const ACCEPTED = ["HTTP Secure Headers: X-XSS-Protection is not set"];

interface Report {
  vulnerabilities: Record<string, { info: string }[]>;
  anomalies: Record<string, { info: string }[]>;
}

/** Scans the headers, the Content-Security-Policy and the cookies of a page with wapiti. */
export async function scanPage(page: string, address: string, directory: string): Promise<Outcome> {
  mkdirSync(directory, { recursive: true });
  const report = join(directory, "report.json");
  const places = ["--store-session", directory, "--store-config", directory, "-f", "json", "-o", report];
  const limits = ["--scope", "page", "-m", "http_headers,cookieflags,csp", "--no-bugreport", "--flush-session"];
  const output = await run("wapiti", ["-u", address + page, ...limits, ...places], directory);
  writeFileSync(join(directory, "output.txt"), output);

  const { vulnerabilities, anomalies } = JSON.parse(readFileSync(report, "utf8")) as Report;
  const found = Object.entries({ ...vulnerabilities, ...anomalies });
  const remarks = found.flatMap(([kind, items]) => items.map(({ info }) => `${kind}: ${info}`));
  const accepted = remarks.filter((remark) => ACCEPTED.includes(remark));
  const findings = remarks.filter((remark) => !ACCEPTED.includes(remark));
  return { route: `GET ${page}`, tool: "wapiti", result: `accepted: ${accepted.join("; ") || "nothing"}`, findings };
}
