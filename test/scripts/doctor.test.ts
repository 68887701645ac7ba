import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { doctor } from "../../scripts/doctor.ts";
import { withMetrics } from "../support/cloudflare-account.ts";
import { bad, deployFirst, examine, project } from "../support/examined-deployment.ts";

/** The configuration of the deployment. */
let config: string;

deployFirst();
beforeAll(() => {
  config = project.config();
});
beforeEach(() => {
  project.configure(config);
});

/** The configuration without a table of an array. */
const without = (table: string, line: string) => {
  const start = `[[env.production.${table}]]\n${line}\n`;
  return config
    .split("\n\n")
    .filter((block) => !`${block}\n`.startsWith(start))
    .join("\n\n");
};
const vars = (...lines: string[]) =>
  config.replace("[env.production.vars]", () => ["[env.production.vars]", ...lines].join("\n"));

describe("npm run doctor -- --env", { timeout: 120_000 }, () => {
  it("finds nothing wrong with what npm run deploy has deployed", async () => {
    const report = await doctor(["--env", "production"]);

    expect(process.exitCode).not.toBe(1);
    expect(report).not.toMatch(/^(warn|fail)/m);
    const checks = ["settings", "address", "bindings", "queues", "storage", "rate limits", "mail", "texts", "origins"];
    for (const check of [...checks, "service", "schema", "keys"])
      expect(report).toMatch(new RegExp(`^ok {4}${check} `, "m"));
    expect(report).toMatch(/0 failed, 0 to look at, 12 in order\.$/);
  });

  it.each([
    [
      "a wrong setting",
      () => vars('COOKIE_SAMESITE = "none"'),
      "fail settings: COOKIE_SAMESITE: Set Lax, Strict or None.",
    ],
    [
      "a mistyped setting",
      () => vars('ALLOWED_ORIGIN = ""'),
      "warn settings: ALLOWED_ORIGIN is no setting of Gatehouse.",
    ],
    [
      "a secret in the file",
      () => vars('PEPPER_1790000000 = "hunter2"'),
      "fail settings: PEPPER_1790000000 is a secret, but stands in wrangler.toml. Remove it there, replace it, and set it: npx wrangler secret put PEPPER_1790000000 --env production",
    ],
    [
      "no route",
      () => config.replace(/^routes = .*$/m, ""),
      "fail address: No route leads auth.example.com to the Worker.",
    ],
    [
      "an address without use",
      () => config.replace(/(production\]\n)workers_dev = false/, "$1workers_dev = true"),
      "warn address: workers_dev is true",
    ],
    [
      "no address",
      () => config.replace(/^ISSUER = .*$/m, ""),
      "fail address: production has no ISSUER in wrangler.toml.",
    ],
    [
      "another Worker's address",
      () => config.replace(/^ISSUER = .*$/m, 'ISSUER = "https://notes.acme.workers.dev"'),
      "fail address: notes.acme.workers.dev is not the Worker.",
    ],
    [
      "a missing binding",
      () => without("ratelimits", 'name = "RATE_LIMIT_SESSIONS"'),
      "fail bindings: RATE_LIMIT_SESSIONS is missing in [[env.production.ratelimits]].",
    ],
    [
      "metrics of the top level alone",
      () => withMetrics(config),
      "warn bindings: METRICS is missing in [[env.production.analytics_engine_datasets]].",
    ],
    [
      "a missing queue",
      () => without("queues.producers", 'binding = "MESSAGES"'),
      "fail bindings: MESSAGES is missing in [[env.production.queues.producers]].",
    ],
    [
      "a queue without a consumer",
      () => without("queues.consumers", 'queue = "gatehouse-production-messages"'),
      "fail queues: Nothing reads gatehouse-production-messages.",
    ],
    [
      "dead letters that nothing reads",
      () =>
        config.replace(
          'letter_queue = "gatehouse-production-messages-dead"',
          'letter_queue = "gatehouse-production-messages-lost"',
        ),
      "fail queues: The dead letters of gatehouse-production-messages go to gatehouse-production-messages-lost",
    ],
    [
      "a queue of another environment",
      () => config.replaceAll("gatehouse-production-messages", "gatehouse-messages"),
      "fail queues: gatehouse-messages is read by the top level too.",
    ],
    [
      "a database of another environment",
      () => config.replaceAll('"gatehouse-production"', '"gatehouse"'),
      "fail storage: gatehouse belongs to the top level too.",
    ],
    [
      "a shared rate limit",
      () => config.replace('"2001"', '"1001"'),
      "fail rate limits: namespace_id 1001 is used by RATE_LIMIT_CREDENTIALS, RATE_LIMIT_CREDENTIALS of production",
    ],
    ["no sender of mail", () => config.replace(/^MAIL_FROM = .*$/m, ""), "warn mail: None is sent."],
    [
      "no country for text messages",
      () => vars('TWILIO_FROM = "Acme"'),
      "warn texts: None are sent: set SMS_COUNTRIES",
    ],
    [
      "a page of another site",
      () => vars('ALLOWED_ORIGINS = "https://app.example.com,https://example.org"'),
      "warn origins: https://example.org is another site than https://auth.example.com",
    ],
    [
      "a cookie for no other site",
      () => vars('ALLOWED_ORIGINS = "https://app.example.com"', 'COOKIE_SAMESITE = "None"'),
      "warn origins: COOKIE_SAMESITE is None",
    ],
  ])("finds %s", async (_, edit, expected) => {
    project.configure(edit());

    const found = bad(await examine());

    expect(found.map((line) => line.slice(0, expected.length))).toContain(expected);
    expect(process.exitCode === 1).toBe(found.some((line) => line.startsWith("fail")));
    expect(found.join()).not.toContain("hunter2");
  });

  it.each([
    ["https://*.example.com", "Lax"],
    ["capacitor://localhost", "Lax"],
    ["https://app.example.com,https://example.org", "None"],
  ])("accepts %s with SameSite=%s", async (origins, sameSite) => {
    project.configure(vars(`ALLOWED_ORIGINS = "${origins}"`, `COOKIE_SAMESITE = "${sameSite}"`));

    expect(bad(await examine())).toEqual([]);
  });

  it.each([
    [["--env", "staging"], "npm run deploy -- --env staging"],
    [["--env", "production", "--url", "auth.example.com"], "--url: name an origin"],
    [["--prod"], "Unknown option '--prod'"],
  ])("refuses %j", async (args, reason) => {
    await expect(doctor(args)).rejects.toThrow(reason);
  });

  it("refuses a file that is no TOML", async () => {
    project.configure(`${config}\n[`);

    await expect(examine()).rejects.toThrow("wrangler.toml is malformed: Invalid TOML document");
  });
});
