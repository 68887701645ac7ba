/** `npm run bench`: runs every measure. `npm run bench -- trips size` runs only these. */
import { cost } from "./measures/cost.ts";
import { cpu } from "./measures/cpu.ts";
import { geography } from "./measures/geography.ts";
import { growth } from "./measures/growth.ts";
import { oauth } from "./measures/oauth.ts";
import { overload } from "./measures/overload.ts";
import { size } from "./measures/size.ts";
import { throughput } from "./measures/throughput.ts";
import { trips } from "./measures/trips.ts";
import { writeCost, writeFigures } from "./readme.ts";
import { isMeasured, writeResults } from "./results.ts";

const MEASURES = { trips, size, geography, overload, cpu, throughput, growth, cost, oauth };

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in MEASURES));
if (unknown.length > 0) {
  console.error(`There is no measure ${unknown.join(", ")}; there are ${Object.keys(MEASURES).join(", ")}.`);
  process.exit(1);
}

for (const [name, measure] of Object.entries(MEASURES)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.log(`\n${name}`);
  const rows = await measure();
  writeResults(name, rows);
  console.table(rows.map((row) => ({ ...row, rounds: undefined })));
}
if (isMeasured("cost")) writeCost();
if (Object.keys(MEASURES).every(isMeasured)) writeFigures();
process.exit(0);
