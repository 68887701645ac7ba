/** d. CPU time of workerd per operation, from /proc, including the database. Linux only. */
import { cpuOf } from "../process.ts";
import { type Server, serve } from "../server.ts";
import { median, round } from "../statistics.ts";
import { BY_NOBLE, type Person, SUBJECTS, type Subject } from "../subjects.ts";

const ROUNDS = 5;
/** Repetitions. The clock has ticks of 10 ms, so short operations need more. */
const TIMES = { hashing: 10, other: 300 };

export interface Cpu {
  subject: string;
  operation: string;
  milliseconds: number;
  rounds: number[];
}

export async function cpu(): Promise<Cpu[]> {
  const rows: Cpu[] = [];
  for (const subjects of [SUBJECTS, BY_NOBLE]) {
    const lanes = [];
    for (const subject of subjects)
      lanes.push({ subject, server: await serve(subject), person: { email: "jane@example.com" } as Person });
    for (const { subject, server, person } of lanes) {
      await subject.operations.register?.(server.call, person);
      await subject.operations.login?.(server.call, person);
    }
    const operations =
      subjects === SUBJECTS
        ? (["hash", "login", "me", "verify", "refresh", "forgot"] as const)
        : (["hash", "login"] as const);
    for (const operation of operations) {
      const able = lanes.filter(({ subject }) => actOf(subject, operation));
      const taken = new Map(able.map((lane) => [lane, [] as number[]]));
      for (let n = 0; n <= ROUNDS; n++) {
        for (const lane of able) {
          const act = actOf(lane.subject, operation);
          const times = operation === "login" || operation === "hash" ? TIMES.hashing : TIMES.other;
          const before = cpuOf(lane.server.pid);
          for (let time = 0; time < times; time++) await act?.(lane.server.call, lane.person);
          if (n > 0) taken.get(lane)?.push((cpuOf(lane.server.pid) - before) / times);
        }
      }
      for (const [{ subject }, rounds] of taken)
        rows.push({
          subject: subject.name,
          operation,
          milliseconds: round(median(rounds), 2),
          rounds: rounds.map((value) => round(value, 2)),
        });
    }
    for (const { server } of lanes) await server.close();
  }
  return rows;
}

/** Returns the requests of an operation. Only the floor has the operation `hash`. */
const actOf = (subject: Subject, operation: "hash" | keyof Subject["operations"]) =>
  operation === "hash"
    ? subject.name.startsWith("floor")
      ? (call: Server["call"]) => call("/hash")
      : undefined
    : subject.operations[operation];
