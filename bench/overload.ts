// `npm run bench:overload`: forty logins at once on one Worker, and what a cheap request and the memory make of it. Linux.
import { readdirSync, readFileSync } from "node:fs";
import { freePort, type LocalServer, makeClone, removeClone, serveClone } from "../scripts/clone.ts";

const LOGINS = 40;
const PAUSE_MILLISECONDS = 20;
const ACCOUNT = { email: "jane.doe@example.com", password: "correct-horse-7" };

const clone = makeClone();
try {
  const server = await serveClone(clone, await freePort());
  await measure(server).finally(server.stop);
} finally {
  removeClone(clone);
}

async function measure({ address, pid }: LocalServer) {
  const post = async (path: string, body: object) => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(address + path, { method: "POST", headers, body: JSON.stringify(body) });
    await answer.arrayBuffer();
    return answer.status;
  };
  await post("/auth/register", ACCOUNT);
  for (let n = 0; n < 3; n++) await post("/auth/login", ACCOUNT);

  const idle = memoryOf(pid, "VmRSS");
  let isDone = false;
  const startedAt = performance.now();
  const logins = Promise.all(Array.from({ length: LOGINS }, () => post("/auth/login", ACCOUNT)));
  void logins.then(() => (isDone = true));

  const waits: number[] = [];
  while (!isDone) {
    const askedAt = performance.now();
    await (await fetch(`${address}/health`)).arrayBuffer();
    waits.push(performance.now() - askedAt);
    await new Promise((wake) => setTimeout(wake, PAUSE_MILLISECONDS));
  }

  waits.sort((a, b) => a - b);
  const statuses = Object.groupBy(await logins, String);
  console.table({
    ...Object.fromEntries(Object.entries(statuses).map(([status, all]) => [`logins answered ${status}`, all?.length])),
    "all answered after, ms": Math.round(performance.now() - startedAt),
    "GET /health meanwhile, p50, ms": Math.round(waits[waits.length >> 1] ?? 0),
    "GET /health meanwhile, most, ms": Math.round(waits.at(-1) ?? 0),
    "workerd's memory idle, MiB": idle,
    "more at its peak, MiB": memoryOf(pid, "VmHWM") - idle,
  });
}

/** What the workerd processes below this one take, in MiB (proc_pid_status(5)). */
function memoryOf(ancestor: number, field: "VmRSS" | "VmHWM"): number {
  const processes = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statusOf(name) ?? []);
  const below = new Set([ancestor]);
  for (let grown = 0; grown !== below.size; ) {
    grown = below.size;
    for (const { pid, parent } of processes) if (below.has(parent)) below.add(pid);
  }
  const kibibytes = processes
    .filter(({ pid, name }) => below.has(pid) && name === "workerd")
    .reduce((sum, { status }) => sum + Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]), 0);
  return Math.round(kibibytes / 1024);
}

function statusOf(pid: string) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const name = /^Name:\s+(.+)$/m.exec(status)?.[1];
    return { pid: Number(pid), name, parent: Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1]), status };
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}
