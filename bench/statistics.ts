export const median = (values: number[]): number => percentile(values, 50);

export const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** By nearest rank; NaN of nothing. */
export function percentile(values: number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN;
}

export const round = (value: number, digits = 1): number => Number(value.toFixed(digits));
