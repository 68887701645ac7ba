/**
 * The resources of a deployment: queues, the database, the KV namespace. Each is created if the
 * account has none of its name, and used as it is otherwise.
 */
import { Refusal } from "../command.ts";
import type { Wrangler } from "./wrangler.ts";

/** Creates the queues that do not exist. */
export function createQueues(wrangler: Wrangler, names: string[]) {
  for (const name of new Set(names)) {
    if (wrangler.ask(["queues", "info", name], { status: 1 }).status !== 0) wrangler.change(["queues", "create", name]);
  }
}

/** Returns the id of a database, which it creates if needed; undefined in a dry run. */
export function createDatabase(wrangler: Wrangler, name: string): string | undefined {
  const find = () =>
    listOf<{ uuid: string; name: string }>(wrangler.read(["d1", "list", "--json"], "[]")).find(
      (database) => database.name === name,
    )?.uuid;
  return create(wrangler, ["d1", "create", name], find);
}

/** Likewise for a KV namespace. wrangler would put the name of an environment into its title. */
export function createNamespace(wrangler: Wrangler, title: string): string | undefined {
  const find = () =>
    listOf<{ id: string; title: string }>(wrangler.read(["kv", "namespace", "list"], "[]")).find(
      (namespace) => namespace.title === title,
    )?.id;
  return create(wrangler, ["kv", "namespace", "create", title, "--env="], find);
}

/** The id is read from the list, so that a creation whose answer was lost counts too. */
function create(wrangler: Wrangler, command: string[], find: () => string | undefined): string | undefined {
  const id = find();
  if (id !== undefined) return id;
  wrangler.change(command);
  if (wrangler.isDryRun) return undefined;
  return find() ?? refuse(command);
}

function refuse(command: string[]): never {
  throw new Refusal(
    `\`npx wrangler ${command.join(" ")}\` succeeded, but the account does not list the result yet. Try again.`,
  );
}

/** The output may have a line about an update before the JSON. */
function listOf<T>(output: string): T[] {
  try {
    return JSON.parse(output.slice(output.search(/^\[/m)));
  } catch {
    throw new Refusal(`wrangler listed something that is no JSON:\n${output}`);
  }
}
