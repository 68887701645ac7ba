import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { costTables } from "../../bench/cost-tables.ts";
import { cost } from "../../bench/measures/cost.ts";

it("docs/cost.md has what follows from the counted requests, rows and operations", () => {
  expect(JSON.parse(readFileSync("bench/results/cost.json", "utf8"))).toEqual(cost());
  expect(readFileSync("docs/cost.md", "utf8")).toContain(costTables().join("\n\n"));
});
