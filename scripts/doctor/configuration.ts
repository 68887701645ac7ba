/**
 * Checks `wrangler.toml`: the address, the bindings of an environment, and resources that two
 * deployments would share by mistake.
 */
import type { Unstable_RawConfig } from "wrangler";
import { missingBindings } from "../deploy/bindings.ts";
import { sectionOf, workerOf } from "../deploy/configuration.ts";
import { type Finding, orOk } from "./report.ts";

/** Checks the part of a configuration that a deployment of `env` uses. */
export const checkConfiguration = (config: Unstable_RawConfig, env: string): Finding[] => [
  ...checkBindings(config, env),
  ...checkQueues(config, env),
  ...checkStorage(config, env),
  ...checkLimits(config),
];

/** Checks that the address of `ISSUER` leads to the Worker. */
export function checkAddress(config: Unstable_RawConfig, env: string): Finding[] {
  const check = "address";
  const own = sectionOf(config, env);
  const issuer = own.vars?.["ISSUER"];
  const command = `npm run deploy --${env && ` --env ${env}`} --domain auth.example.com`;
  if (typeof issuer !== "string" || !URL.canParse(issuer))
    return [
      { check, level: "fail", message: `${env || "The top level"} has no ISSUER in wrangler.toml. Run ${command}` },
    ];

  const { hostname } = new URL(issuer);
  const workersDev = own.workers_dev ?? config.workers_dev ?? false;
  const routes = [own.route ?? own.routes ?? config.route ?? config.routes ?? []].flat();
  const hosts = routes.map((route) => (typeof route === "string" ? route : route.pattern).split("/")[0] ?? "");
  const isOnWorkersDev = hostname.endsWith(".workers.dev");
  const findings: Finding[] = [];
  if (isOnWorkersDev && (!workersDev || !hostname.startsWith(`${workerOf(config, env)}.`)))
    findings.push({
      check,
      level: "fail",
      message: `${hostname} is not the Worker. Set workers_dev = true, and ISSUER to https://${workerOf(config, env)}.<your subdomain>.workers.dev.`,
    });
  if (!isOnWorkersDev && !hosts.some((host) => covers(host, hostname)))
    findings.push({
      check,
      level: "fail",
      message: `No route leads ${hostname} to the Worker. Set routes = [{ pattern = "${hostname}", custom_domain = true }].`,
    });
  if (!isOnWorkersDev && workersDev)
    findings.push({
      check,
      level: "warn",
      message: "workers_dev is true, but the service answers no other host than that of ISSUER. Set it to false.",
    });
  return orOk(check, `${issuer} leads to the Worker ${workerOf(config, env)}.`, findings);
}

const covers = (pattern: string, host: string) =>
  pattern === host || (pattern.startsWith("*") && host.endsWith(pattern.slice(1)));

/** Without metrics the service works. */
const OPTIONAL = "analytics_engine_datasets";

function checkBindings(config: Unstable_RawConfig, env: string): Finding[] {
  const check = "bindings";
  const missing = env === "" ? [] : missingBindings(config, env, workerOf(config, env));
  const findings = missing.map(({ table, fields: { binding, name, queue } }): Finding => {
    const message = `${binding ?? name ?? queue} is missing in [[env.${env}.${table}]]. \`npm run deploy -- --env ${env}\` adds it.`;
    return { check, level: table === OPTIONAL ? "warn" : "fail", message };
  });
  return orOk(check, "Every binding is in wrangler.toml.", findings);
}

function checkQueues(config: Unstable_RawConfig, env: string): Finding[] {
  const check = "queues";
  const { producers = [], consumers = [] } = sectionOf(config, env).queues ?? {};
  const isConsumed = (name?: string) => consumers.some(({ queue }) => queue === name);
  const lost = producers.filter(({ queue }) => !isConsumed(queue));
  const findings = lost.map(({ queue }): Finding => {
    const message = `Nothing reads ${queue}. Add [[${env && `env.${env}.`}queues.consumers]] with queue = "${queue}".`;
    return { check, level: "fail", message };
  });
  for (const { queue, dead_letter_queue: dead } of consumers) {
    if (dead !== undefined && !isConsumed(dead))
      findings.push({
        check,
        level: "fail",
        message: `The dead letters of ${queue} go to ${dead}, which nothing reads. Add a consumer for it.`,
      });
  }
  for (const [other, name] of shared(config, env, (section) =>
    (section.queues?.consumers ?? []).map(({ queue }) => queue),
  ))
    findings.push({
      check,
      level: "fail",
      message: `${name} is read by ${other} too. Each needs queues of its own: a queue has one consumer.`,
    });
  return orOk(check, "Every queue has a consumer.", findings);
}

function checkStorage(config: Unstable_RawConfig, env: string): Finding[] {
  const check = "storage";
  const names = (section: Section) => [
    ...(section.d1_databases ?? []).flatMap(({ database_name, database_id }) => [database_name, database_id]),
    ...(section.kv_namespaces ?? []).map(({ id }) => id),
  ];
  const findings = shared(config, env, names).map(([other, name]): Finding => {
    return {
      check,
      level: "fail",
      message: `${name} belongs to ${other} too. Each deployment needs a database and a KV namespace of its own.`,
    };
  });
  return orOk(check, "The database and the KV namespace belong to this deployment alone.", findings);
}

type Section = ReturnType<typeof sectionOf>;

/** The names that another part of the configuration has too, with that part. */
function shared(config: Unstable_RawConfig, env: string, namesOf: (section: Section) => (string | undefined)[]) {
  const own = namesOf(sectionOf(config, env));
  return ["", ...Object.keys(config.env ?? {})]
    .filter((other) => other !== env)
    .flatMap((other) =>
      namesOf(sectionOf(config, other))
        .filter((name) => name !== undefined && own.includes(name))
        .map((name) => [other || "the top level", name] as const),
    );
}

function checkLimits(config: Unstable_RawConfig): Finding[] {
  const check = "rate limits";
  const all = ["", ...Object.keys(config.env ?? {})].flatMap((env) =>
    (sectionOf(config, env).ratelimits ?? []).map(({ name, namespace_id }) => ({
      id: namespace_id,
      place: `${name}${env && ` of ${env}`}`,
    })),
  );
  const findings = [...Map.groupBy(all, ({ id }) => id)]
    .filter(([, uses]) => uses.length > 1)
    .map(([id, uses]): Finding => {
      const places = uses.map(({ place }) => place).join(", ");
      return {
        check,
        level: "fail",
        message: `namespace_id ${id} is used by ${places}, which count together. Give each a number of its own.`,
      };
    });
  return orOk(
    check,
    "Each has a namespace_id of its own here. Other Workers of the account must not use them.",
    findings,
  );
}
