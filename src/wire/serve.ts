import { join } from "node:path";

import { JsonSpool } from "../adapters/files/json-spool.ts";
import { lockOrRefuse } from "../adapters/files/lock.ts";
import { ndjsonLog } from "../adapters/files/ndjson-log.ts";
import { realClock as clock } from "../adapters/time/real-clock.ts";
import { secretValues } from "../config/secret-values.ts";
import type { Config } from "../config/settle.ts";
import type { Announce, Event } from "../core/event.ts";
import { Nudge } from "../every.ts";
import { blanker } from "../format/secrets.ts";
import { scheduleSpools } from "./schedule-spools.ts";
import { acceptanceSpool } from "./accept-history.ts";
import { giveBackMemory } from "./give-back.ts";
import { nodeFolder } from "./node-folder.ts";
import { openRepo } from "./open-ledger.ts";
import { watchWake } from "./wake.ts";
import type { Serving } from "./world.ts";

/** Runs a daemon until it is told to go, with its state folder to itself. */
export async function serve(role: "main" | "worker", serving: Serving): Promise<void> {
  const config = serving.config();
  const name = role === "main" ? config.name : config.worker.name;
  const folder = nodeFolder(config, role);
  await using _lock = await lockOrRefuse(folder, `${role} ${name}`);
  await using repo = await openRepo(config, name, join(folder, "cache.git"));
  const nudge = new Nudge();
  using _wake = await watchWake(config, () => nudge.poke());
  const announce = withLog(join(folder, "events.ndjson"), serving, config);
  serving.onLog?.(announce);
  const spool = new JsonSpool<never>(join(folder, "spool.json"));
  const acceptance = acceptanceSpool(folder);
  const deps = { repo, clock, chance: Math.random, announce, nudge, spool, acceptance };
  const over = new AbortController();
  const slim = keepSlim(over.signal);
  try {
    // Only the role that is played is loaded.
    if (role === "main") {
      const { serveMain } = await import("./serve-main.ts");
      await serveMain({ ...deps, schedules: scheduleSpools(folder) }, serving);
    } else {
      const { serveWorker } = await import("./serve-worker.ts");
      await serveWorker({ ...deps, folder }, serving);
    }
  } finally {
    over.abort();
    await slim;
  }
}

/** Each event is also a line in the node's log, and no secret of this node gets into either. */
function withLog(path: string, { announce, around }: Serving, config: Config): Announce {
  const log = ndjsonLog(path);
  const { blank } = blanker(secretValues(config, around.env));
  return (event) => {
    const clean = JSON.parse(blank(JSON.stringify(event))) as Event;
    log({ at: clock.now().toISOString(), ...clean });
    announce(clean);
  };
}

/** Once when starting is over, and then after each hour, which may have been a busy one. */
async function keepSlim(stop: AbortSignal): Promise<void> {
  for (let pauseMs = 5000; !stop.aborted; pauseMs = 3_600_000) {
    await clock.sleep(pauseMs, stop);
    if (!stop.aborted) giveBackMemory();
  }
}
