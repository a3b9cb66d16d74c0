import { both, median, ratio, round } from "./support/figures.ts";
import { overAllWays, type WayRounds } from "./support/all-ways.ts";
import type { Report, Row } from "./support/report.ts";

/** From the start of a submission to the claim that the hub has accepted, with instant wake-up. */
export async function dispatch(rounds: number): Promise<Report> {
  const ways = await overAllWays(rounds);
  return {
    bench: "dispatch",
    tables: [{ title: `Submit to claimed, ms, median (minimum) of ${rounds}`, rows: ways.map(row) }],
    notes: [
      "floor: build, push, fetch, build, push with the same git commands and nothing in between; bare: its push, fetch and push alone",
      "submitter, worker and the floor run in one process; a claimed task starts in a no-op runner there; the spool is real and synced",
      "woken by the hub's post-receive hook (file) or by a poke (ssh, http); no main node runs",
    ],
  };
}

function row({ way, rounds, floors }: WayRounds): Row {
  const claimed = rounds.map((one) => one.claimed);
  const floor = floors.map((one) => one.dispatch);
  const bare = floors.map((one) => one.pushes);
  return {
    over: way,
    "submit accepted": both(rounds.map(({ submitted }) => submitted)),
    claimed: both(claimed),
    floor: both(floor),
    "x floor": ratio(claimed, floor),
    bare: both(bare),
    "x bare": ratio(claimed, bare),
    "task started after the claim": round(median(rounds.map((one) => one.started - one.claimed))),
    "worker's calls": rounds.at(-1)?.calls ?? "",
  };
}
