/**
 * Serves the service without Cloudflare, as the image of `Dockerfile` does: workerd, with D1 and KV
 * in a folder of this machine. Settings are environment variables of the names in
 * `.dev.vars.example`. Of `NAME_FILE`, the content of that file is the value.
 *
 *     DATA_FOLDER   Where the database and generated secrets are kept. Default: data.
 *     PORT          Default: 8787.
 *     TRUST_PROXY   `on` behind a proxy that sets X-Forwarded-For and X-Forwarded-Proto.
 *
 * It needs the bundle that `node scripts/container/bundle.ts` builds.
 */
import { createServer } from "node:http";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { BUNDLE } from "./container/bundle.ts";
import { forward } from "./container/forward.ts";
import { containerSettings } from "./container/settings.ts";
import { applyMigrations } from "./migrations.ts";

const SCHEDULE_MILLISECONDS = 60_000;

const { DATA_FOLDER = "data", PORT = "8787", TRUST_PROXY = "off" } = process.env;
const settings = containerSettings(process.env, DATA_FOLDER);
if (settings["ISSUER"]?.startsWith("https:") && TRUST_PROXY !== "on") {
  console.error("Set TRUST_PROXY to on: with an https ISSUER, a proxy in front has to terminate TLS.");
  process.exit(1);
}
// The bundle needs no module rules.
const { modulesRules: _, ...options } = unstable_getMiniflareWorkerOptions("wrangler.toml").workerOptions;
const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    ...options,
    name: "gatehouse",
    bindings: settings,
    modules: true,
    scriptPath: join(BUNDLE, "index.js"),
    cf: false,
    resourcePersistencePath: DATA_FOLDER,
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
