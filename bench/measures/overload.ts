/** f. Forty concurrent logins on one Worker: cheap requests meanwhile, and memory. Linux only. */
import { calm, forgetPeak, memoryOf } from "../process.ts";
import { serve } from "../server.ts";
import { percentile, round } from "../statistics.ts";
import { AT_EQUAL_HASH, BY_NOBLE, type Person, SUBJECTS } from "../subjects.ts";

const LOGINS = 40;
const PAUSE_MILLISECONDS = 20;

export interface Overload {
  subject: string;
  failures: number;
  seconds: number;
  cheapP50: number;
  cheapMost: number;
  idleMebibytes: number;
  moreMebibytes: number;
}

export async function overload(): Promise<Overload[]> {
  const rows: Overload[] = [];
  for (const subject of [...SUBJECTS, ...AT_EQUAL_HASH, ...BY_NOBLE]) {
    const { register, login } = subject.operations;
    const server = await serve(subject);
    const people = Array.from({ length: LOGINS }, (_, n): Person => ({ email: `jane-${n}@example.com` }));
    for (const person of people) await register?.(server.call, person);

    await calm(server.pid);
    forgetPeak(server.pid);
    const idleMebibytes = memoryOf(server.pid, "VmRSS");
    let isDone = false;
    const startedAt = performance.now();
    const logins = Promise.allSettled(people.map((person) => login?.(server.call, person)));
    void logins.then(() => (isDone = true));
    const waits: number[] = [];
    while (!isDone) {
      const askedAt = performance.now();
      await server.call(subject.cheap);
      waits.push(performance.now() - askedAt);
      await new Promise((wake) => setTimeout(wake, PAUSE_MILLISECONDS));
    }
    rows.push({
      subject: subject.name,
      failures: (await logins).filter(({ status }) => status === "rejected").length,
      seconds: round((performance.now() - startedAt) / 1000),
      cheapP50: round(percentile(waits, 50), 0),
      cheapMost: round(percentile(waits, 100), 0),
      idleMebibytes,
      moreMebibytes: memoryOf(server.pid, "VmHWM") - idleMebibytes,
    });
    await server.close();
  }
  return rows;
}
