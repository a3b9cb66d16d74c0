import { tmpdir } from "node:os";

import { Repos } from "../../test/support/repos.ts";
import type { FloorRound } from "./floor-pair.ts";
import { Stage, type Round } from "./rounds.ts";
import { openWays } from "./ways.ts";

export type WayRounds = { way: string; rounds: Round[]; floors: FloorRound[] };

const ledger = { "worker/QUEUE.md": "# Queue\n\n## Inbox\n", "README.md": "# Ledger\n" };

/** Rounds over all three ways in turn, each beside a round of git alone, so that a noisy moment hits all of them. */
export async function overAllWays(count: number): Promise<WayRounds[]> {
  await using ways = await openWays(tmpdir());
  const stages = new Map<WayRounds, Stage>();
  try {
    for (const way of ways.ways) {
      stages.set({ way: way.name, rounds: [], floors: [] }, await Stage.open(await Repos.make(ledger), way));
    }
    // The first round of each is to warm up.
    for (let n = 0; n <= count; n++) {
      for (const [found, stage] of stages) {
        const floor = await stage.floor.round();
        const round = await stage.round();
        if (n === 0) continue;
        found.floors.push(floor);
        found.rounds.push(round);
      }
    }
    return [...stages.keys()];
  } finally {
    for (const stage of stages.values()) await stage[Symbol.asyncDispose]();
  }
}
