import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { EVENT_TYPES } from "../../src/contract/events.ts";

const page = readFileSync("docs/alerts.md", "utf8");

/** The names in the first column of the table below a heading. */
const namesBelow = (heading: string) => {
  const [, section = ""] = page.split(`\n## ${heading}\n`);
  const [own = ""] = section.split("\n## ");
  return [...own.matchAll(/^\| (`[^|]+)\|/gm)].flatMap(([, cell = ""]) => cell.match(/[a-z_]+/g) ?? []);
};

/** The events that code logs: literals beside a level, and the first argument of log functions. */
function loggedEvents(): string[] {
  const files = globSync("{src,workers}/**/*.{ts,tsx}", { exclude: ["**/node_modules/**"] });
  const code = files.map((file) => readFileSync(file, "utf8")).join("\n");
  const calls = [...code.matchAll(/(?<!function )\blog(?:Error|Info|Provider)\(([^,]+),/g)].map(([, first]) => first);
  const own = [...code.matchAll(/level: "\w+", event: ("\w+")/g)].map(([, event]) => event);
  const names = [...calls, ...own].flatMap((text = "") => text.match(/(?<=")\w+(?=")/g) ?? []);
  expect(names.length).toBeGreaterThanOrEqual(calls.length + own.length);
  return [...new Set(names)].sort();
}

describe("docs/alerts.md", () => {
  it("lists every event that the service logs, and no other", () => {
    expect(namesBelow("Events").sort()).toEqual(loggedEvents());
  });

  it("names security events that exist", () => {
    const known: string[] = [...EVENT_TYPES, "otp_failed", "locked_out"];
    const named = namesBelow("Security events");

    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((type) => !known.includes(type))).toEqual([]);
  });
});

it("traces, whose spans contain paths, are off", () => {
  const [, traces = ""] = readFileSync("wrangler.toml", "utf8").split("[observability.traces]");

  expect(traces.trim().split("\n")[0]).toBe("enabled = false");
});
