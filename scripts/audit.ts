/**
 * `npm run audit`: fails if a dependency has an advisory of level high or above.
 *
 * `.ci/allowed-advisories.json` lists exceptions. Each has a reason and a last day; an expired one
 * fails too. A registry that does not answer, or that has no advisories, is reported and passes.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import * as z from "zod/mini";

// Zod Mini has no messages of its own.
z.config(z.locales.en());

const ALLOWED_FILE = ".ci/allowed-advisories.json";
const FAILING_LEVELS = ["high", "critical"];
const TIMEOUT_MILLISECONDS = 60_000;

const Allowed = z.array(
  z.strictObject({
    /** The id at https://github.com/advisories. */
    advisory: z.string().check(z.regex(/^GHSA(-[\da-z]{4}){3}$/)),
    package: z.string().check(z.minLength(1)),
    reason: z.string().check(z.minLength(1)),
    /** The last day, in UTC. */
    expires: z.iso.date(),
  }),
);
type Allowed = z.infer<typeof Allowed>[number];

const Advisory = z.object({ name: z.string(), title: z.string(), severity: z.string(), url: z.string() });
type Advisory = z.infer<typeof Advisory>;

/** The report of npm 7 and later. Text in `via` names another entry of the report. */
const Report = z.object({
  vulnerabilities: z.record(z.string(), z.object({ via: z.array(z.union([z.string(), Advisory])) })),
});

/** Returns the advisories for the lock file, or undefined if the registry does not provide them. */
function readAdvisories(): Advisory[] | undefined {
  const command = ["audit", "--json", "--package-lock-only", "--fetch-retries=0", "--fetch-timeout=20000"];
  const { stdout } = spawnSync("npm", command, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    maxBuffer: 64 * 1024 * 1024,
    timeout: TIMEOUT_MILLISECONDS,
    shell: process.platform === "win32",
  });
  const { data } = Report.safeParse(parseJson(stdout));
  if (!data) return undefined;
  const found = Object.values(data.vulnerabilities).flatMap(({ via }) =>
    via.filter((item) => typeof item !== "string"),
  );
  return [...new Map(found.map((advisory) => [`${advisory.url} ${advisory.name}`, advisory])).values()];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const idOf = ({ url }: Advisory): string => url.split("/").at(-1) ?? url;

const isAllowed = (advisory: Advisory, allowed: Allowed[]): boolean =>
  allowed.some((entry) => entry.advisory === idOf(advisory) && entry.package === advisory.name);

const allowed = Allowed.parse(JSON.parse(readFileSync(ALLOWED_FILE, "utf8")));
const today = new Date().toISOString().slice(0, 10);
const expired = allowed.filter(({ expires }) => expires < today);
const advisories = readAdvisories();
const failing = (advisories ?? []).filter(
  (advisory) => FAILING_LEVELS.includes(advisory.severity) && !isAllowed(advisory, allowed),
);

for (const { advisory, package: name, expires } of expired)
  console.error(`Expired on ${expires}: the exception for ${advisory} (${name}).`);
for (const advisory of failing)
  console.error(`${advisory.severity}: ${advisory.name}: ${advisory.title} (${advisory.url})`);
if (!advisories) console.log("Advisories were not checked: the registry does not provide them.");
else console.log(`${advisories.length} advisories, ${failing.length} of level high or above and not allowed.`);
if (expired.length + failing.length > 0) process.exitCode = 1;
