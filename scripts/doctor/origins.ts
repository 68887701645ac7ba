/** Checks whether browsers send the cookie from the origins that may call the service. */
import { isRpId } from "../../src/config/origins.ts";
import type { Config } from "../../src/config.ts";
import { type Finding, orOk } from "./report.ts";

const CHECK = "origins";

export function checkOrigins({ ISSUER, ALLOWED_ORIGINS, COOKIE_SAMESITE }: Config): Finding[] {
  const issuer = new URL(ISSUER);
  const pages = ALLOWED_ORIGINS.filter((entry) => entry.startsWith("http"));
  const foreign = pages.filter((entry) => !isSameSite(new URL(entry.replace("*", "x")), issuer));
  const findings: Finding[] = [];
  if (COOKIE_SAMESITE !== "None") {
    for (const entry of foreign)
      findings.push(
        warn(
          `${entry} is another site than ${ISSUER}: browsers send no cookie from there. Set COOKIE_SAMESITE=None, or move it below one domain with the service.`,
        ),
      );
  } else if (foreign.length === 0)
    findings.push(
      warn("COOKIE_SAMESITE is None, but no page of another site may call the service. Lax protects more."),
    );
  if (issuer.protocol === "http:" && issuer.hostname === "localhost")
    findings.push(
      warn("Safari drops the cookie at http://localhost. To test with it: npm start -- --local-protocol https"),
    );
  return orOk(CHECK, `${pages.length} may use the cookie (SameSite=${COOKIE_SAMESITE}).`, findings);
}

/** The same scheme, and a domain in common that one owner has. */
export function isSameSite(page: URL, issuer: URL): boolean {
  if (page.protocol !== issuer.protocol) return false;
  if (page.hostname === issuer.hostname) return true;
  const labels = issuer.hostname.split(".");
  const domains = labels.map((_, n) => labels.slice(n).join(".")).filter((domain) => isRpId(domain, issuer.origin));
  return domains.some((domain) => page.hostname === domain || page.hostname.endsWith(`.${domain}`));
}

const warn = (message: string): Finding => ({ check: CHECK, level: "warn", message });
