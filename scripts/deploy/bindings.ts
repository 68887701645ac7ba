/**
 * The bindings that an environment lacks: those of the top level, for resources of its own, which
 * are named after its Worker. An update that adds a binding is thereby completed too.
 */
import type { Unstable_RawConfig } from "wrangler";
import type { Fields } from "./toml.ts";

/** An entry of an array of tables. */
export interface Entry {
  table: string;
  fields: Fields;
}

/** Between the ids of the rate limits of two environments. */
const ID_STEP = 1000;

export function missingBindings(config: Unstable_RawConfig, env: string, worker: string): Entry[] {
  const own = config.env?.[env] ?? {};
  const { name: top = "" } = config;
  const rename = (name: string) => (name.startsWith(`${top}`) ? worker + name.slice(top.length) : `${name}-${env}`);

  const ownQueues = own.queues?.producers ?? [];
  const producers = config.queues?.producers ?? [];
  const bindingOf = (queue: string) => producers.find((producer) => producer.queue === queue)?.binding;
  /** The queue of the environment that stands for a queue of the top level. */
  const queueFor = (queue: string) =>
    ownQueues.find(({ binding }) => binding === bindingOf(queue))?.queue ?? rename(queue);

  const databases = missing(config.d1_databases, own.d1_databases, "binding").map(
    ({ database_id: _, preview_database_id: __, database_name = "", ...fields }) => ({
      ...fields,
      database_name: rename(database_name),
    }),
  );
  const namespaces = missing(config.kv_namespaces, own.kv_namespaces, "binding").map(({ binding }) => ({ binding }));
  const newProducers = missing(producers, ownQueues, "binding").map((producer) => ({
    ...producer,
    queue: queueFor(producer.queue ?? ""),
  }));
  const consumers = (config.queues?.consumers ?? []).map(({ dead_letter_queue, ...consumer }) => ({
    ...consumer,
    queue: queueFor(consumer.queue),
    ...(dead_letter_queue && { dead_letter_queue: queueFor(dead_letter_queue) }),
  }));
  const datasets = missing(config.analytics_engine_datasets, own.analytics_engine_datasets, "binding").map(
    // Queries name it as a table: it has no hyphen.
    ({ binding, dataset = binding }) => ({ binding, dataset: rename(dataset).replaceAll("-", "_") }),
  );
  const limits = missing(config.ratelimits, own.ratelimits, "name");
  const step = freeStep(config, limits);

  return [
    ...entries("d1_databases", databases),
    ...entries("kv_namespaces", namespaces),
    ...entries("queues.producers", newProducers),
    ...entries("queues.consumers", missing(consumers, own.queues?.consumers, "queue")),
    ...entries("analytics_engine_datasets", datasets),
    ...entries(
      "ratelimits",
      limits.map((limit) => ({ ...limit, namespace_id: String(Number(limit.namespace_id) + step) })),
    ),
  ];
}

const entries = (table: string, list: Fields[]): Entry[] => list.map((fields) => ({ table, fields }));

/** The entries of the top level whose key no entry of the environment has. */
const missing = <T extends object>(top: T[] | undefined, own: T[] | undefined, key: keyof T): T[] =>
  (top ?? []).filter((entry) => !own?.some((other) => other[key] === entry[key]));

/** The smallest distance at which no id is taken. Limits with the same id count together. */
function freeStep(config: Unstable_RawConfig, limits: { namespace_id: string }[]): number {
  const all = [config, ...Object.values(config.env ?? {})].flatMap(({ ratelimits }) => ratelimits ?? []);
  const taken = new Set(all.map(({ namespace_id }) => Number(namespace_id)));
  let step = ID_STEP;
  while (limits.some(({ namespace_id }) => taken.has(Number(namespace_id) + step))) step += ID_STEP;
  return step;
}
