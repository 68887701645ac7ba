/** b. Latency per operation with distant storage, measured with delayed bindings. */
import { serve } from "../server.ts";
import { median, round } from "../statistics.ts";
import { AT_EQUAL_HASH, OPERATIONS, type Operation, type Person, SUBJECTS } from "../subjects.ts";

/** Round trips in ms: another continent. */
export const FAR = { d1: 100, kv: 10 };
/** The same region, another continent, the other side of the world. */
export const DISTANCES = [{ d1: 20, kv: 1 }, FAR, { d1: 200, kv: 30 }];
const TIMES = 3;

export interface Latency {
  subject: string;
  operation: Operation;
  d1: number;
  kv: number;
  milliseconds: number;
}

export async function geography(): Promise<Latency[]> {
  const rows: Latency[] = [];
  for (const subject of [...SUBJECTS, ...AT_EQUAL_HASH]) {
    const server = await serve(subject);
    for (const distance of DISTANCES) {
      const taken = new Map<Operation, number[]>();
      for (let n = 0; n <= TIMES; n++) {
        const person: Person = { email: `jane-${distance.d1}-${n}@example.com` };
        for (const operation of OPERATIONS) {
          const act = subject.operations[operation];
          if (!act) continue;
          const { milliseconds } = await server.measured(distance, (call) => act(call, person));
          // The first run warms the Worker up.
          if (n > 0) taken.set(operation, [...(taken.get(operation) ?? []), milliseconds]);
        }
      }
      for (const [operation, all] of taken)
        rows.push({ subject: subject.name, operation, ...distance, milliseconds: round(median(all), 0) });
    }
    await server.close();
  }
  return rows;
}
