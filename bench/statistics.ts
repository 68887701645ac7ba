export const median = (values: number[]): number => percentile(values, 50);

export const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Returns a percentile by nearest rank, or NaN for an empty list. */
export function percentile(values: number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN;
}

export const round = (value: number, digits = 1): number => Number(value.toFixed(digits));
