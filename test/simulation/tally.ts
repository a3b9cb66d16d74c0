import type { History } from "./history.ts";

/** What many histories come to, added up by name. */
export type Tally = Record<string, number>;

/** A history that broke a promise, and the first promise it broke. */
export type Broken = { seed: number; rule: string; what: string };

export function tallyOf({ counts, simulatedMs, events, violations }: History): Tally {
  return {
    histories: 1,
    "histories that broke a promise": violations.length > 0 ? 1 : 0,
    "simulated hours": simulatedMs / 3_600_000,
    events,
    ...counts,
  };
}

export function addTally(into: Tally, more: Tally): void {
  for (const [name, number] of Object.entries(more)) into[name] = (into[name] ?? 0) + number;
}
