/** The middle one of the values; of an even number the lower of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}

export function least(values: readonly number[]): number {
  return Math.min(...values);
}

export function round(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}

/** `median (minimum)`, as all tables have it. */
export function both(values: readonly number[], digits = 1): string {
  return `${round(median(values), digits)} (${round(least(values), digits)})`;
}

/**
 * How many times its floor something took: the median of the ratios of neighbours, since what disturbs one measurement
 * mostly disturbs the floor beside it as well; in brackets that of the two minima.
 */
export function ratio(values: readonly number[], floors: readonly number[]): string {
  const neighbours = values.map((value, n) => value / (floors[n] ?? Number.NaN));
  return `${round(median(neighbours), 2)} (${round(least(values) / least(floors), 2)})`;
}
