import { readdirSync, readFileSync, writeFileSync } from "node:fs";

/** Clock ticks per second in /proc (sysconf(_SC_CLK_TCK)), 100 on every Linux that runs Node. */
const TICKS = 100;

/** Returns the ids of every process with this name. Linux only. */
export const pidsOf = (name: string): number[] =>
  readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid) && fieldOf(Number(pid), "Name") === name)
    .map(Number);

/** Tests whether one process is a descendant of another. */
export function isBelow(pid: number, ancestor: number): boolean {
  const parent = Number(fieldOf(pid, "PPid"));
  return parent === ancestor || (parent > 1 && isBelow(parent, ancestor));
}

/** Returns the current or the peak resident memory in MiB (proc_pid_status(5)). */
export const memoryOf = (pid: number, field: "VmRSS" | "VmHWM"): number =>
  Math.round(Number.parseInt(fieldOf(pid, field) ?? "0", 10) / 1024);

/** Resets the peak of the resident memory (proc_pid_clear_refs(5)). */
export const forgetPeak = (pid: number) => writeFileSync(`/proc/${pid}/clear_refs`, "5");

/** Returns the CPU time of a process in milliseconds (proc_pid_stat(5)). */
export function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS;
}

/** Waits until a process is nearly idle, for at most a few seconds. */
export async function calm(pid: number) {
  for (let n = 0; n < 20; n++) {
    const before = cpuOf(pid);
    await new Promise((wake) => setTimeout(wake, 100));
    if (cpuOf(pid) - before <= 1000 / TICKS) return;
  }
}

function fieldOf(pid: number, field: string): string | undefined {
  try {
    return new RegExp(`^${field}:\\s+(.+)$`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  } catch {
    // The process has ended.
    return undefined;
  }
}
