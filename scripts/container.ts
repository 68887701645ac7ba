/**
 * Serves the service and the password verifier without Cloudflare, as the image of `Dockerfile`
 * does: workerd, with D1 and KV in a folder of this machine. Settings are environment variables of
 * the names in `.dev.vars.example`. Of `NAME_FILE`, the content of that file is the value.
 *
 *     DATA_FOLDER   Where the database and generated secrets are kept. Default: data.
 *     PORT          Default: 8787.
 *     TRUST_PROXY   `on` behind a proxy that sets X-Forwarded-For and X-Forwarded-Proto.
 *
 * It needs the bundles that `node scripts/container/bundle.ts` builds.
 */
import { globSync } from "node:fs";
import { createServer } from "node:http";
import { join, resolve } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { BUNDLE, VERIFIER_BUNDLE } from "./container/bundle.ts";
import { forward } from "./container/forward.ts";
import { containerSettings } from "./container/settings.ts";
import { STATE_VERSION } from "./local-bindings.ts";
import { applyMigrations } from "./migrations.ts";
import { VERIFIER } from "./password-verifier.ts";

const SCHEDULE_MILLISECONDS = 60_000;

const { DATA_FOLDER = "data", PORT = "8787", TRUST_PROXY = "off" } = process.env;
const settings = containerSettings(process.env, DATA_FOLDER);
if (settings["ISSUER"]?.startsWith("https:") && TRUST_PROXY !== "on") {
  console.error("Set TRUST_PROXY to on: with an https ISSUER, a proxy in front has to terminate TLS.");
  process.exit(1);
}

/** Returns a Worker of a wrangler configuration, with the modules of its bundle. */
function workerOf(config: string, bundle: string) {
  const { modulesRules: _, ...options } = unstable_getMiniflareWorkerOptions(config).workerOptions;
  const modulesRoot = resolve(bundle);
  const modules = [
    { type: "ESModule" as const, path: join(modulesRoot, "index.js") },
    ...globSync(`${modulesRoot}/*.wasm`).map((path) => ({ type: "CompiledWasm" as const, path })),
  ];
  return { ...options, modulesRoot, modules };
}

const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    workers: [
      {
        ...workerOf("wrangler.toml", BUNDLE),
        name: "gatehouse",
        bindings: settings,
        serviceBindings: { [VERIFIER.binding]: VERIFIER.name },
      },
      { ...workerOf(VERIFIER.config, VERIFIER_BUNDLE), name: VERIFIER.name },
    ],
    cf: false,
    // Where commands find it by `--persist-to`.
    resourcePersistencePath: join(DATA_FOLDER, STATE_VERSION),
    handleStructuredLogs: ({ message }) => console.log(message),
  }),
);
await applyMigrations((await miniflare.getD1Database("DB")) as unknown as D1Database, "migrations");

// workerd has no clock that runs the schedule.
const worker = await miniflare.getWorker();
const schedule = setInterval(
  () => worker.scheduled({ cron: "* * * * *" }).catch((error: Error) => console.error(error)),
  SCHEDULE_MILLISECONDS,
);

const server = createServer(forward(miniflare, { trustProxy: TRUST_PROXY === "on" }));
server.listen(Number(PORT), () => console.log(`Gatehouse serves port ${PORT}.`));

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  // Miniflare would exit at once.
  process.removeAllListeners(signal);
  process.once(signal, async () => {
    clearInterval(schedule);
    server.close();
    server.closeIdleConnections();
    await miniflare.dispose();
    process.exit(0);
  });
}
