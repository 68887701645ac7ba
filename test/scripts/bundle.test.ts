import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestHarness } from "wrangler";
import { exampleSettings } from "../../scripts/example-settings.ts";
import { drawSecrets } from "../../scripts/secrets.ts";

/** Above the last size. A feature may raise it, up to 200; the commit says why. */
const MOST_KIBIBYTES = 200;

const WRANGLER = "node_modules/.bin/wrangler";
const DEPLOY = ["deploy", "--dry-run", "--outdir"];

const ISSUER = "http://localhost";

let folder: string;
/** What wrangler said about the bundle in the folder. */
let said: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-bundle-"));
  // As a deployment does, which says nothing of its environment.
  said = execFileSync(WRANGLER, [...DEPLOY, folder], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_ENV: "" },
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

type Harness = ReturnType<typeof createTestHarness>;

/** Runs the bundle, with settings that would turn the outbox on if it had it. */
async function served(use: (harness: Harness) => Promise<void>) {
  const config = {
    name: "gatehouse",
    main: "index.js",
    no_bundle: true,
    compatibility_date: "2026-11-02",
    compatibility_flags: ["nodejs_compat"],
    d1_databases: [{ binding: "DB", database_name: "gatehouse" }],
    kv_namespaces: [{ binding: "DENYLIST" }],
    vars: {
      ...exampleSettings(),
      ...drawSecrets(),
      ISSUER,
      NODE_ENV: "development",
    },
  };
  writeFileSync(join(folder, "wrangler.json"), JSON.stringify(config));
  const harness = createTestHarness({ workers: [{ configPath: join(folder, "wrangler.json") }] });
  await harness.listen();
  try {
    await use(harness);
  } finally {
    await harness.close();
  }
}

interface Document {
  paths: Record<string, { post?: Operation }>;
  components: { schemas: Record<string, { properties?: object }> };
}
interface Operation {
  security?: object[];
  requestBody?: { content: Partial<Record<"application/json", { schema: { $ref: string } }>> };
}

it("the deployed bundle stays within its size limit", () => {
  expect(Number(/gzip: ([\d.]+) KiB/.exec(said)?.[1])).toBeLessThan(MOST_KIBIBYTES);
});

it("the deployed bundle does not contain the outbox, and answers 404 for it", { timeout: 180_000 }, async () => {
  const script = readFileSync(join(folder, "index.js"), "utf8");
  const { sources } = JSON.parse(readFileSync(join(folder, "index.js.map"), "utf8")) as { sources: string[] };
  expect(script).toContain("/reset-password");
  expect(script.match(/dev\/outbox|["'`]outbox:|message_kept|outbox-page/g)).toBe(null);
  expect(sources.filter((source) => /senders\//.test(source)).length).toBeGreaterThan(0);
  expect(sources.filter((source) => /outbox/.test(source))).toEqual([]);

  await served(async (harness) => {
    const statusOf = async (path: string) => (await harness.fetch(`${ISSUER}${path}`)).status;
    expect([await statusOf("/health"), await statusOf("/dev/outbox")]).toEqual([200, 404]);
  });
});

it("the deployed bundle checks each field of each open route, without what wrangler.toml leaves out", {
  timeout: 180_000,
}, async () => {
  const { sources } = JSON.parse(readFileSync(join(folder, "index.js.map"), "utf8")) as { sources: string[] };
  expect(
    sources.filter((source) =>
      /node_modules.zod.*(classic|locales|json-schema)|drizzle-orm.(relations|pg-core)|reg-exp-router.router|es6.ParseError|jwe_algorithms|utils.body\.js|query-builders.count|drizzle-orm.tracing\.js/.test(
        source,
      ),
    ),
  ).toEqual([]);
  const { paths, components } = JSON.parse(readFileSync("public/openapi.json", "utf8")) as Document;
  const routes = Object.entries(paths).flatMap(([path, { post }]) => {
    const name = post?.security
      ? undefined
      : post?.requestBody?.content["application/json"]?.schema.$ref.split("/").at(-1);
    return name ? [{ path, fields: Object.keys(components.schemas[name]?.properties ?? {}) }] : [];
  });
  expect(routes.length).toBeGreaterThan(8);

  await served(async (harness) => {
    for (const { path, fields } of routes) {
      const answer = await harness.fetch(ISSUER + path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(Object.fromEntries(fields.map((name) => [name, [1]]))),
      });
      const { errors } = (await answer.json()) as { errors: { path: string }[] };
      const refused = errors.map((error) => error.path).sort();
      expect([path, answer.status, refused]).toEqual([path, 422, fields.sort()]);
    }
  });
});

it("the deployed bundle does not contain what verifies the hashes of other systems", () => {
  const { sources } = JSON.parse(readFileSync(join(folder, "index.js.map"), "utf8")) as { sources: string[] };
  expect(sources.filter((source) => /bcrypt|argon2|foreign-hash-format|workers\//.test(source))).toEqual([]);
});

it("the deployed bundle does not contain the gallery of pages", () => {
  const script = readFileSync(join(folder, "index.js"), "utf8");
  const { sources } = JSON.parse(readFileSync(join(folder, "index.js.map"), "utf8")) as { sources: string[] };
  expect(script.match(/dev\/pages|showSample/g)).toBe(null);
  expect(sources.filter((source) => /src\/gallery\//.test(source))).toEqual([]);
});

it("a deployment for development is refused", { timeout: 180_000 }, () => {
  const env = { ...process.env, NODE_ENV: "development" };
  const { status, stdout, stderr } = spawnSync(WRANGLER, [...DEPLOY, folder], { encoding: "utf8", env });

  expect([status === 0, stdout + stderr]).toEqual([false, expect.stringContaining("Unset NODE_ENV")]);
});
