import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseConfiguration } from "../../scripts/deploy/toml.ts";
import { withMetrics } from "../support/cloudflare-account.ts";
import { changes, eachInItsProject, project, renewProject, run } from "../support/deployed-project.ts";

const FIRST = ["--env", "production", "--domain", "auth.example.com", "--mail-from", 'Acme "A" <auth@example.com>'];
const MIGRATIONS = readdirSync("migrations").filter((name) => name.endsWith(".sql")).length;

eachInItsProject();

// wrangler's parser takes seconds to load on a busy machine.
describe("npm run deploy", { timeout: 120_000 }, () => {
  it("creates what a new environment needs, migrates, and deploys, in this order", async () => {
    const before = project.config();

    const report = await run(...FIRST);

    expect(changes()).toEqual([
      "queues create gatehouse-production-messages",
      "queues create gatehouse-production-messages-dead",
      "d1 create gatehouse-production",
      "kv namespace create gatehouse-production-denylist --env=",
      "secret bulk --env=production",
      "d1 migrations apply DB --remote --env=production",
      "deploy --env=production",
    ]);
    expect(project.account().workers["gatehouse-production"]?.deployments).toEqual([
      { secrets: ["JWT_SIGNING_KEYS", "PEPPER"], applied: MIGRATIONS },
    ]);
    expect(report).toContain("Gatehouse is deployed at https://auth.example.com");
    // What was there keeps its bytes.
    expect(project.config().startsWith(before)).toBe(true);
  });

  it("writes an environment with every binding, and resources of its own", async () => {
    await run(...FIRST);

    const { env, ...top } = await parseConfiguration(project.config());
    expect(env?.["production"]).toEqual({
      workers_dev: false,
      preview_urls: false,
      routes: [{ pattern: "auth.example.com", custom_domain: true }],
      vars: { ISSUER: "https://auth.example.com", MAIL_FROM: 'Acme "A" <auth@example.com>' },
      d1_databases: [
        {
          binding: "DB",
          database_name: "gatehouse-production",
          database_id: "d1-gatehouse-production",
          migrations_dir: "migrations",
        },
      ],
      kv_namespaces: [{ binding: "DENYLIST", id: "kv-gatehouse-production-denylist" }],
      queues: {
        producers: [
          { binding: "MESSAGES", queue: "gatehouse-production-messages" },
          { binding: "DEAD_MESSAGES", queue: "gatehouse-production-messages-dead" },
        ],
        consumers: [
          {
            queue: "gatehouse-production-messages",
            max_batch_timeout: 0,
            max_retries: 10,
            dead_letter_queue: "gatehouse-production-messages-dead",
          },
          { queue: "gatehouse-production-messages-dead", max_retries: 100 },
        ],
      },
      ratelimits: top.ratelimits?.map((limit) => ({ ...limit, namespace_id: `2${limit.namespace_id.slice(1)}` })),
    });
  });

  it("deploys the top level without moving the local database", async () => {
    await run("--domain", "auth.example.com", "--mail-from", "auth@example.com");

    const config = await parseConfiguration(project.config());
    expect(config).toMatchObject({
      routes: [{ pattern: "auth.example.com", custom_domain: true }],
      vars: { ISSUER: "https://auth.example.com", MAIL_FROM: "auth@example.com" },
      d1_databases: [{ database_id: "d1-gatehouse", preview_database_id: "DB" }],
      kv_namespaces: [{ id: "kv-gatehouse-denylist", preview_id: "DENYLIST" }],
    });
    expect(project.account().workers["gatehouse"]?.deployments).toHaveLength(1);
  });

  it("serves at workers.dev without a domain", async () => {
    await run("--env", "trial", "--domain", "gatehouse-trial.acme.workers.dev");

    const { env } = await parseConfiguration(project.config());
    expect(env?.["trial"]).toMatchObject({
      workers_dev: true,
      vars: { ISSUER: "https://gatehouse-trial.acme.workers.dev" },
    });
    expect(env?.["trial"]?.routes).toBeUndefined();
  });

  it("deploys again without changing anything else", async () => {
    await run(...FIRST);
    const [config, { workers, ...rest }] = [project.config(), project.account()];
    project.forget();

    await run("--env", "production");

    expect(changes()).toEqual(["deploy --env=production"]);
    expect(project.config()).toBe(config);
    const { workers: after, ...others } = project.account();
    expect({ ...others, changes: 0 }).toEqual({ ...rest, changes: 0 });
    expect(after["gatehouse-production"]?.secrets).toEqual(workers["gatehouse-production"]?.secrets);
  });

  it("goes on after being cut off at any step", async () => {
    await run(...FIRST);
    const [config, whole] = [project.config(), changes()];
    for (let step = 1; step <= whole.length; step++) {
      renewProject();
      project.set({ cutAfter: step });
      await expect(run(...FIRST)).rejects.toThrow(/failed[\s\S]*It goes on where it stopped/);
      const [secrets] = Object.values(project.account().workers).map((worker) => worker.secrets);

      await run(...FIRST);

      const { databases, namespaces, queues, workers } = project.account();
      expect([databases.length, namespaces.length, queues.length]).toEqual([1, 1, 2]);
      expect(project.config()).toBe(config);
      const { secrets: kept, deployments } = workers["gatehouse-production"]!;
      if (secrets && Object.keys(secrets).length > 0) expect(kept).toEqual(secrets);
      expect(deployments.at(-1)).toEqual({ secrets: ["JWT_SIGNING_KEYS", "PEPPER"], applied: MIGRATIONS });
      // Nothing was done twice, but for the upload, whose answer was lost.
      expect(changes()).toEqual(step === whole.length ? [...whole, whole.at(-1)] : [...whole]);
    }
  });

  it("uses the resources of these names that exist", async () => {
    project.set({
      databases: [{ uuid: "old-d1", name: "gatehouse-production" }],
      namespaces: [{ id: "old-kv", title: "gatehouse-production-denylist" }],
      queues: ["gatehouse-production-messages", "gatehouse-production-messages-dead"],
    });

    await run(...FIRST);

    const { env } = await parseConfiguration(project.config());
    expect(env?.["production"]).toMatchObject({
      d1_databases: [{ database_id: "old-d1" }],
      kv_namespaces: [{ id: "old-kv" }],
    });
    expect(changes().some((line) => / create /.test(line))).toBe(false);
  });

  it("adds to an environment what it lacks, and keeps what it has", async () => {
    const own = `
[env.production]
name = "acme-auth"
workers_dev = false
routes = ["auth.example.com/*"]

[env.production.vars]
ISSUER = "https://auth.example.com"
BRAND_NAME = "Acme"

[[env.production.queues.producers]]
binding = "MESSAGES"
queue = "acme-mail"

[[env.production.ratelimits]]
name = "RATE_LIMIT_SITES"
namespace_id = "2001"
simple = { limit = 500, period = 60 }
`;
    project.configure(withMetrics(project.config()) + own);
    await run("--env", "production", "--mail-from", "auth@example.com");

    const { env } = await parseConfiguration(project.config());
    const { vars, queues, ratelimits, d1_databases, routes, ...others } = env!["production"]!;
    expect(vars).toEqual({ ISSUER: "https://auth.example.com", BRAND_NAME: "Acme", MAIL_FROM: "auth@example.com" });
    expect(routes).toEqual(["auth.example.com/*"]);
    expect(d1_databases).toMatchObject([{ database_name: "acme-auth" }]);
    expect(others.analytics_engine_datasets?.[0]?.dataset).toBe("acme_auth_metrics");
    expect(queues?.consumers?.map(({ queue }) => queue)).toEqual(["acme-mail", "acme-auth-messages-dead"]);
    expect(ratelimits?.map(({ namespace_id }) => namespace_id)).toEqual(["2001", "3001", "3002", "3003", "3005"]);
  });

  it("shows every command in a dry run, and touches nothing", async () => {
    const before = project.config();

    await run(...FIRST, "--dry-run");

    const shown = project.printed.join("\n");
    expect([project.config(), project.commands(), readdirSync(project.folder).sort()]).toEqual([
      before,
      [],
      ["migrations", "wrangler.toml"],
    ]);
    expect(shown).toContain("  + [env.production]");
    for (const command of [
      "queues create",
      "d1 create",
      "kv namespace create",
      "secret bulk",
      "d1 migrations apply",
      "deploy",
    ])
      expect(shown).toContain(`npx wrangler ${command}`);
  });
});
