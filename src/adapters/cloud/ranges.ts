import { isIPv6 } from "node:net";

/** A single address is the range of itself: some providers answer with the one when they were given the other. */
export function asRange(address: string): string {
  if (address.includes("/")) return address;
  return `${address}/${isIPv6(address) ? 128 : 32}`;
}

export function areSameRanges(some: readonly string[], others: readonly string[]): boolean {
  const [a, b] = [some, others].map((ranges) => [...new Set(ranges.map(asRange))].toSorted().join(" "));
  return a === b;
}
