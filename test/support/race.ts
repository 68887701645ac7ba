/** Sends n requests at once and returns their statuses, in order. */
export async function race(n: number, send: (n: number) => Promise<{ status: number }>): Promise<number[]> {
  const answers = await atOnce(n, send);
  return answers.map(({ status }) => status);
}

/** Performs the act n times at once. */
export const atOnce = <T>(n: number, act: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: n }, (_, i) => act(i)));

/** Performs the act n times, one after the other. */
export async function times<T>(n: number, act: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let i = 0; i < n; i++) results.push(await act());
  return results;
}

/** Counts the values that equal this one. */
export const count = <T>(values: T[], wanted: T): number => values.filter((value) => value === wanted).length;
