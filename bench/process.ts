import { readdirSync, readFileSync, writeFileSync } from "node:fs";

/** The clock of /proc: ticks a second (sysconf(_SC_CLK_TCK)), which is 100 on every Linux that Node runs on. */
const TICKS = 100;

/** Every process of this name. Linux. */
export const pidsOf = (name: string): number[] =>
  readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid) && fieldOf(Number(pid), "Name") === name)
    .map(Number);

/** Whether one process was started by the other, or by one that was. */
export function isBelow(pid: number, ancestor: number): boolean {
  const parent = Number(fieldOf(pid, "PPid"));
  return parent === ancestor || (parent > 1 && isBelow(parent, ancestor));
}

/** Resident memory now or at its most, in MiB (proc_pid_status(5)). */
export const memoryOf = (pid: number, field: "VmRSS" | "VmHWM"): number =>
  Math.round(Number.parseInt(fieldOf(pid, field) ?? "0", 10) / 1024);

/** Has the most resident memory counted anew from now on (proc_pid_clear_refs(5)). */
export const forgetPeak = (pid: number) => writeFileSync(`/proc/${pid}/clear_refs`, "5");

/** CPU time that a process has taken so far, in milliseconds (proc_pid_stat(5)). */
export function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS;
}

/** Waits until a process takes next to no CPU time, for a few seconds at most. */
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
    // It has ended meanwhile.
    return undefined;
  }
}
