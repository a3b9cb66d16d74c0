import { both, ratio } from "./support/figures.ts";
import { overAllWays, type WayRounds } from "./support/all-ways.ts";
import type { Report, Row } from "./support/report.ts";

/** From a worker's wake-up to the result of a no-op task that the hub has accepted. */
export async function cycle(rounds: number): Promise<Report> {
  const ways = await overAllWays(rounds);
  return {
    bench: "cycle",
    tables: [{ title: `Wake-up to result, ms, median (minimum) of ${rounds}`, rows: ways.map(row) }],
    notes: [
      "floor: fetch, build, push (the claim), build, push (the result) with the same git commands and nothing in between",
      "counted from the moment the submission was accepted; over a file path the hub's hook wakes the worker a little before that",
      "the task is a no-op in the worker's process; the spool is real and synced",
    ],
  };
}

function row({ way, rounds, floors }: WayRounds): Row {
  const cycles = rounds.map((one) => one.result);
  const floor = floors.map((one) => one.cycle);
  return {
    over: way,
    cycle: both(cycles),
    floor: both(floor),
    "x floor": ratio(cycles, floor),
    "worker's calls": rounds.at(-1)?.calls ?? "",
  };
}
