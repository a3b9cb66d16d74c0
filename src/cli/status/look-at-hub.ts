import { daysAfter, localDay } from "../../core/local-day.ts";
import type { NodeName } from "../../core/ids.ts";
import type { Config } from "../../config/settle.ts";
import type { Result } from "../../core/outcome.ts";
import { parseBeat } from "../../format/beat.ts";
import { type Ledger, readLedger } from "../../ledger/view.ts";
import { pastResults } from "../../main/past-results.ts";
import type { SharedRepo } from "../../ports/shared-repo.ts";
import { ageOf, type Sighting, sightingOf } from "../../../provision/status/freshness.ts";
import type { HubSeen, RunningSeen } from "../../../provision/status/seen.ts";
import { tasksPerDay } from "../../../provision/status/tasks-per-day.ts";
import type { Beat } from "../../core/beat.ts";

const resultsShown = 10;
const daysShown = 14;

/** The ledger and all beats, as of one look at the hub. */
export type HubLook = {
  ledger: Ledger;
  beats: ReadonlyMap<NodeName, { commit: string; text: string | undefined }>;
  results: Result[];
};

/** @param names the workers of whom the beat's text is wanted too */
export async function lookAtHub(
  repo: SharedRepo,
  { names, config, now }: { names: readonly string[] | "all"; config: Config; now: Date },
): Promise<HubLook> {
  const ledger = await readLedger(await repo.fetch());
  const { beats } = await repo.look();
  const read = new Map<NodeName, { commit: string; text: string | undefined }>();
  for (const [worker, commit] of beats) {
    if (names !== "all" && !names.includes(worker)) continue;
    read.set(worker, { commit, text: await repo.readBeat(worker, commit) });
  }
  const today = localDay(config.routing.timezone, now);
  const { results } = await pastResults(ledger, { since: daysAfter(today, 1 - daysShown), today });
  return { ledger, beats: read, results };
}

/**
 * What the hub says about one worker.
 *
 * @param workerNowMs the clock of the worker's machine, as far as it was asked
 * @param before what we remember of its beat; the sighting that the answer has is to be remembered next
 */
export function hubSeen(
  { ledger, beats, results }: HubLook,
  {
    name,
    workerNowMs,
    before,
    config,
    now,
  }: {
    name: string;
    workerNowMs: number | undefined;
    before: Sighting | undefined;
    config: Config;
    now: Date;
  },
): { seen: HubSeen; sighting: Sighting | undefined } {
  const found = [...beats].find(([worker]) => worker === name)?.[1];
  const beat = found?.text === undefined ? undefined : parseBeat(found.text);
  const sighting = found && sightingOf(before, found.commit, now.getTime());
  const own = results
    .filter(({ lease }) => lease?.by === name)
    .toSorted((a, b) => (a.ended < b.ended ? 1 : a.ended > b.ended ? -1 : 0));
  return {
    sighting,
    seen: {
      sign: found && { beat, commit: found.commit },
      age: sighting && ageOf({ writtenAt: beat?.at, workerNowMs, sighting }),
      queue: countsOf(ledger),
      running: runningOf(ledger, name, beat),
      results: own
        .slice(0, resultsShown)
        .map(({ id, title, outcome, why, ended, attempt }) => ({ id, title, outcome, why, ended, attempt })),
      perDay: tasksPerDay(own, { timezone: config.routing.timezone, now, days: daysShown }),
    },
  };
}

function countsOf({ tasks }: Ledger): HubSeen["queue"] {
  return Object.fromEntries(
    Array.from(
      Map.groupBy(tasks, ({ state }) => state.kind),
      ([kind, some]) => [kind, some.length],
    ),
  );
}

function runningOf({ tasks }: Ledger, name: string, beat: Beat | undefined): RunningSeen[] {
  return tasks.flatMap(({ id, title, attempt, state }): RunningSeen[] => {
    if (state.kind !== "running" || state.by !== name) return [];
    const told = beat?.running.find(({ token }) => token === state.token);
    return [
      {
        task: id,
        title,
        attempt,
        ...(told ? { seconds: told.seconds } : {}),
        ...(told?.progress === undefined ? {} : { progress: told.progress }),
      },
    ];
  });
}
