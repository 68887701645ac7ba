/**
 * c. Throughput and latency with 1, 8 and 32 concurrent requests. All subjects run all the time and
 * are measured in turns.
 */
import { calm } from "../process.ts";
import { type Server, serve } from "../server.ts";
import { median, percentile, round } from "../statistics.ts";
import { AT_EQUAL_HASH, OPERATIONS, type Operation, type Person, SUBJECTS, type Subject } from "../subjects.ts";

export const CONCURRENCIES = [1, 8, 32];
const ROUNDS = 5;
const WINDOW_MILLISECONDS = 500;
/** Logouts per round. Each needs its own session, created by a login. */
const LOGOUTS = 32;
const HASHING: Operation[] = ["register", "login"];

export interface Throughput {
  subject: string;
  operation: Operation;
  concurrency: number;
  perSecond: number;
  /** Requests per second, for each round. */
  rounds: number[];
  p50: number;
  p99: number;
  failures: number;
}

interface Lane {
  subject: Subject;
  server: Server;
  /** One person per concurrent request. */
  people: Person[];
}

export async function throughput(): Promise<Throughput[]> {
  const lanes: Lane[] = [];
  for (const subject of [...SUBJECTS, ...AT_EQUAL_HASH]) {
    const server = await serve(subject);
    const people = Array.from(
      { length: Math.max(...CONCURRENCIES) },
      (_, n): Person => ({ email: `jane-${n}@example.com` }),
    );
    for (const person of people) {
      await subject.operations.register?.(server.call, person);
      await subject.operations.login?.(server.call, person);
    }
    lanes.push({ subject, server, people });
  }

  const rows: Throughput[] = [];
  for (const operation of OPERATIONS) {
    const able = lanes.filter(
      ({ subject }) =>
        subject.operations[operation] && (HASHING.includes(operation) || !AT_EQUAL_HASH.includes(subject)),
    );
    for (const concurrency of CONCURRENCIES) {
      const taken = new Map<Lane, Window[]>(able.map((lane) => [lane, []]));
      for (let n = 0; n <= ROUNDS; n++) {
        // Rotate the order, so that no subject always runs first.
        for (const lane of [...able.slice(n % able.length), ...able.slice(0, n % able.length)]) {
          const window =
            operation === "logout" ? await logouts(lane, concurrency) : await run(lane, operation, concurrency);
          if (n > 0) taken.get(lane)?.push(window);
          // Work after the last response must not run during the next window.
          await calm(lane.server.pid);
        }
      }
      for (const [{ subject }, windows] of taken) {
        const rounds = windows.map(({ latencies, milliseconds }) => (latencies.length * 1000) / milliseconds);
        const latencies = windows.flatMap((window) => window.latencies);
        rows.push({
          subject: subject.name,
          operation,
          concurrency,
          perSecond: round(median(rounds)),
          rounds: rounds.map((value) => round(value)),
          p50: round(percentile(latencies, 50), 2),
          p99: round(percentile(latencies, 99), 2),
          failures: windows.reduce((sum, { failures }) => sum + failures, 0),
        });
      }
    }
    console.log(`throughput: ${operation} done`);
  }
  for (const { server } of lanes) await server.close();
  return rows;
}

interface Window {
  latencies: number[];
  failures: number;
  milliseconds: number;
}

let newcomers = 0;

async function run({ subject, server, people }: Lane, operation: Operation, concurrency: number): Promise<Window> {
  const act = subject.operations[operation];
  const startedAt = performance.now();
  const window: Window = { latencies: [], failures: 0, milliseconds: 0 };
  await Promise.all(
    people.slice(0, concurrency).map(async (person) => {
      while (performance.now() - startedAt < WINDOW_MILLISECONDS) {
        const who = operation === "register" ? { email: `new-${newcomers++}@example.com` } : person;
        await time(window, () => act?.(server.call, who));
      }
    }),
  );
  return { ...window, milliseconds: performance.now() - startedAt };
}

/** Measures logouts. The logins that create their sessions are not counted. */
async function logouts({ subject, server, people }: Lane, concurrency: number): Promise<Window> {
  const { login, logout } = subject.operations;
  const leaving = Array.from(
    { length: LOGOUTS },
    (_, n): Person => ({ email: people[n % people.length]?.email ?? "" }),
  );
  for (const person of leaving) await login?.(server.call, person);
  await calm(server.pid);
  const startedAt = performance.now();
  const window: Window = { latencies: [], failures: 0, milliseconds: 0 };
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      for (let person = leaving.pop(); person; person = leaving.pop()) {
        const leaver = person;
        await time(window, () => logout?.(server.call, leaver));
      }
    }),
  );
  return { ...window, milliseconds: performance.now() - startedAt };
}

async function time(window: Window, act: () => Promise<unknown> | undefined) {
  const askedAt = performance.now();
  try {
    await act();
    window.latencies.push(performance.now() - askedAt);
  } catch {
    window.failures++;
  }
}
