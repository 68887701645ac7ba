/** a. The exact number of round trips and statements per operation. */
import { NEAR } from "../instrument.ts";
import { serve } from "../server.ts";
import { OPERATIONS, type Person, SUBJECTS } from "../subjects.ts";

export interface Trips {
  subject: string;
  operation: string;
  requests: number;
  /** D1 round trips before the response. */
  d1: number;
  /** D1 round trips after the response, including the queue consumer. */
  d1After: number;
  /** Statements before the response. */
  statements: number;
  /** Rows of all statements. */
  rowsRead: number;
  rowsWritten: number;
  kv: number;
  kvAfter: number;
  queue: number;
}

export async function trips(): Promise<Trips[]> {
  const rows: Trips[] = [];
  for (const subject of SUBJECTS) {
    const server = await serve(subject);
    // The first person warms the Worker up.
    for (const person of [{ email: "john@example.com" }, { email: "jane@example.com" }] as Person[]) {
      for (const operation of OPERATIONS) {
        const act = subject.operations[operation];
        if (!act) continue;
        const { requests, before, all } = await server.measured(NEAR, (call) => act(call, person));
        if (person.email.startsWith("john")) continue;
        rows.push({
          subject: subject.name,
          operation,
          requests,
          d1: before.d1Trips,
          d1After: all.d1Trips - before.d1Trips,
          statements: before.d1Statements,
          rowsRead: all.rowsRead,
          rowsWritten: all.rowsWritten,
          kv: before.kv,
          kvAfter: all.kv - before.kv,
          queue: all.queue,
        });
      }
    }
    await server.close();
  }
  return rows;
}
