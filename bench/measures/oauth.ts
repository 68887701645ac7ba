/** h. The OAuth server: round trips, latency from afar, throughput and size. */
import { NEAR } from "../instrument.ts";
import {
  OAUTH_OPERATIONS,
  OAUTH_SUBJECTS,
  type OAuthOperation,
  type OAuthSubject,
  type Owner,
} from "../oauth-subjects.ts";
import { calm } from "../process.ts";
import { type Measured, type Server, serve } from "../server.ts";
import { median, round } from "../statistics.ts";
import { FAR } from "./geography.ts";
import { type Size, sizesOf } from "./size.ts";

const CONCURRENCIES = [1, 8, 32] as const;
const TIMES = 3;
const ROUNDS = 5;
/** Operations in one round, each of another owner. */
const OWNERS = 64;
/** A round repeats short batches. */
const BATCHES = 4;

/** Prepares each operation of a batch. The preparation is not measured. */
const FIRST: Partial<Record<OAuthOperation, OAuthOperation[]>> = {
  "code to tokens": ["revoke", "authorize"],
  revoke: ["authorize", "code to tokens"],
};

export interface OAuthCost {
  subject: string;
  operation: OAuthOperation;
  /** Round trips, including those after the response. */
  d1: number;
  kv: number;
  farMilliseconds: number;
  /** Requests per second at this concurrency. */
  at1: number;
  at8: number;
  at32: number;
  rounds: number[][];
}

interface Lane {
  subject: OAuthSubject;
  server: Server;
  owners: Owner[];
}

export async function oauth(): Promise<(OAuthCost | Size)[]> {
  const lanes: Lane[] = [];
  for (const subject of OAUTH_SUBJECTS) lanes.push({ subject, server: await serve(subject), owners: [] });

  const rows: OAuthCost[] = [];
  for (const { subject, server } of lanes) {
    // The first owner warms the Worker up.
    await walk(subject, server, NEAR);
    const near = await walk(subject, server, NEAR);
    const far: Awaited<ReturnType<typeof walk>>[] = [];
    for (let n = 0; n < TIMES; n++) far.push(await walk(subject, server, FAR));
    for (const [operation, { all }] of near)
      rows.push({
        subject: subject.name,
        operation,
        d1: all.d1Trips,
        kv: all.kv,
        farMilliseconds: round(median(far.map((walked) => walked.get(operation)?.milliseconds ?? Number.NaN)), 0),
        at1: 0,
        at8: 0,
        at32: 0,
        rounds: [],
      });
  }

  for (const lane of lanes)
    for (let n = 0; n < OWNERS; n++) lane.owners.push(await newOwner(lane.subject, lane.server));
  for (const operation of OAUTH_OPERATIONS) {
    for (const concurrency of CONCURRENCIES) {
      const taken = await compete(lanes, operation, concurrency);
      for (const [{ subject }, rounds] of taken) {
        const row = rows.find((known) => known.subject === subject.name && known.operation === operation);
        if (row) row[`at${concurrency}`] = round(median(rounds), 0);
        row?.rounds.push(rounds.map((perSecond) => round(perSecond, 0)));
      }
    }
    console.log(`oauth: ${operation} done`);
  }
  for (const { server } of lanes) await server.close();
  return [...rows, ...(await sizesOf(OAUTH_SUBJECTS))];
}

let owners = 0;

async function newOwner(subject: OAuthSubject, server: Server): Promise<Owner> {
  const owner: Owner = { email: `owner-${owners++}@example.com` };
  await subject.enter(server.call, owner);
  return owner;
}

/** Performs each operation once for a new owner. */
async function walk(
  subject: OAuthSubject,
  server: Server,
  distance: typeof FAR,
): Promise<Map<OAuthOperation, Measured>> {
  const owner = await newOwner(subject, server);
  const walked = new Map<OAuthOperation, Measured>();
  for (const operation of OAUTH_OPERATIONS) {
    const act = subject.operations[operation];
    if (act) walked.set(operation, await server.measured(distance, (call) => act(call, owner)));
  }
  return walked;
}

/** Measures an operation on all subjects that have it, in turns. Returns requests per second. */
async function compete(lanes: Lane[], operation: OAuthOperation, concurrency: number): Promise<Map<Lane, number[]>> {
  const able = lanes.filter(({ subject }) => subject.operations[operation]);
  const taken = new Map(able.map((lane) => [lane, [] as number[]]));
  for (let n = 0; n <= ROUNDS; n++) {
    // Alternate the order, so that no subject always runs first.
    for (const lane of n % 2 === 0 ? able : able.toReversed()) {
      let milliseconds = 0;
      for (let batch = 0; batch < BATCHES; batch++) {
        for (const needed of FIRST[operation] ?? []) await perform(lane, needed, concurrency);
        // Work after the last response must not run during the measurement.
        await calm(lane.server.pid);
        milliseconds += await perform(lane, operation, concurrency);
      }
      // The first round warms the Worker up.
      if (n > 0) taken.get(lane)?.push((BATCHES * OWNERS * 1000) / milliseconds);
    }
  }
  return taken;
}

/** Performs an operation once for each owner. Returns the milliseconds that all take. */
async function perform({ subject, server, owners }: Lane, operation: OAuthOperation, concurrency: number) {
  const waiting = [...owners];
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      for (let owner = waiting.pop(); owner; owner = waiting.pop())
        await subject.operations[operation]?.(server.call, owner);
    }),
  );
  return performance.now() - startedAt;
}
