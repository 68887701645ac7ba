/**
 * The CPU time of a start: parsing, compiling and running the global scope of a Worker. It is what
 * the main thread of workerd uses until it rests, less what it uses for an empty Worker. No
 * profiler takes part. From /proc, Linux only.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../scripts/clone.ts";
import { COMPATIBILITY } from "./server.ts";

const { default: workerd }: { default: string } = createRequire(import.meta.url)("workerd");
const EMPTY = "export default { fetch: () => new Response() };";

/** The milliseconds of one start of a bundle. `folder` is for files of the measure. */
export async function startup(script: string, folder: string): Promise<number> {
  writeFileSync(join(folder, "empty.js"), EMPTY);
  const [without, all] = [await start(join(folder, "empty.js"), folder), await start(script, folder)];
  return all - without;
}

async function start(script: string, folder: string): Promise<number> {
  const [config, port] = [join(folder, "config.capnp"), await freePort()];
  writeFileSync(join(folder, "worker.js"), readFileSync(script));
  writeFileSync(config, configOf(port));
  const started = spawn(workerd, ["serve", config], { stdio: "ignore" });
  const { pid } = started;
  try {
    // A Worker that fails to start ends the process.
    while (!(await listens(port))) {
      if (started.exitCode !== null) throw new Error(`workerd could not start ${script}`);
      await sleep(5);
    }
    return await restOf(Number(pid));
  } finally {
    started.kill("SIGKILL");
    if (started.exitCode === null) await once(started, "exit");
  }
}

/** The milliseconds of the main thread, once it uses no more. */
async function restOf(pid: number): Promise<number> {
  const used = () => Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;
  for (let before = -1, now = used(); ; before = now, now = used()) {
    if (now - before < 0.1) return now;
    await sleep(150);
  }
}

const configOf = (port: number) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (
    modules = [(name = "worker", esModule = embed "worker.js")],
    compatibilityDate = ${JSON.stringify(COMPATIBILITY.compatibility_date)},
    compatibilityFlags = ${JSON.stringify(COMPATIBILITY.compatibility_flags)},
  ))],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
`;

const listens = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
