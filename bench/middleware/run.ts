/**
 * `npm run bench:middleware`: the cost of `requireAuth` in tier local, compared with a bare Hono
 * route that calls jose with a cached key. Both run in workerd, in turns, a thousand requests at a
 * time. The clock is outside, because the clock in a Worker stops during computation.
 */
import { createTestHarness } from "wrangler";
import { median } from "../statistics.ts";

const TIMES = 1000;
const ROUNDS = 30;
const ROUTES = ["bare", "guarded"] as const;

const harness = createTestHarness({
  workers: [{ config: { name: "bench", main: "bench/middleware/worker.ts", compatibility_date: "2026-11-02" } }],
});
await harness.listen();
try {
  const microseconds: Record<(typeof ROUTES)[number], number[]> = { bare: [], guarded: [] };
  for (const route of ROUTES) await measure(route);
  for (let round = 0; round < ROUNDS; round++) {
    // Alternate the order, so that neither always runs first.
    const order = round % 2 === 0 ? ROUTES : [...ROUTES].reverse();
    for (const route of order) microseconds[route].push(await measure(route));
  }
  const [bare, guarded] = [median(microseconds.bare), median(microseconds.guarded)];
  const added = (100 * (guarded - bare)) / bare;
  console.log(`bare ${bare.toFixed(0)} µs, requireAuth ${guarded.toFixed(0)} µs a request: ${added.toFixed(1)} % more`);
} finally {
  await harness.close();
}

/** Returns the microseconds per request. */
async function measure(route: string): Promise<number> {
  const start = performance.now();
  const { status } = await harness.fetch(`http://bench.test/${route}?times=${TIMES}`);
  if (status !== 204) throw new Error(`${route} answers ${status}`);
  return ((performance.now() - start) * 1000) / TIMES;
}
