import { existsSync } from "node:fs";
import { join } from "node:path";

import { JsonSpool } from "../adapters/files/json-spool.ts";
import { lockOrRefuse } from "../adapters/files/lock.ts";
import { ndjsonLog } from "../adapters/files/ndjson-log.ts";
import { janitor } from "../adapters/git/janitor.ts";
import { realClock as clock } from "../adapters/time/real-clock.ts";
import { isPath } from "../config/profile.ts";
import { secretValues } from "../config/secret-values.ts";
import type { Config } from "../config/settle.ts";
import type { Announce, Event } from "../core/event.ts";
import { every, Nudge } from "../every.ts";
import { blanker } from "../format/secrets.ts";
import type { MainMemory } from "../main/memory.ts";
import { runMain } from "../main/run-main.ts";
import { mainSettings } from "./main-settings.ts";
import { nodeFolder } from "./node-folder.ts";
import { openRepo } from "./open-ledger.ts";
import { watchWake } from "./wake.ts";
import type { DaemonSignals, Serving } from "./world.ts";

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
  const spool = new JsonSpool<never>(join(folder, "spool.json"));
  const deps = { repo, clock, chance: Math.random, announce, nudge };
  const { drain, stop } = serving.signals;
  if (role === "worker") {
    const { serveWorker } = await import("./serve-worker.ts");
    await serveWorker({ ...deps, spool, folder }, serving);
    return;
  }
  const settings = () => mainSettings(serving.config(), serving.version);
  const over = new AbortController();
  const keeping = keepHub(config, AbortSignal.any([drain, over.signal]));
  try {
    await runMain({ ...deps, spool: spool as JsonSpool<MainMemory> }, settings, either({ drain, stop }));
  } finally {
    over.abort();
    await keeping;
  }
}

/** Main has nothing to drain. */
function either({ drain, stop }: DaemonSignals): AbortSignal {
  return AbortSignal.any([drain, stop]);
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

/** On a hub of this machine, killed pushes leave locks that nobody else would remove. */
async function keepHub({ remote }: Config, stop: AbortSignal): Promise<void> {
  if (!isPath(remote) || !existsSync(join(remote, "refs"))) return;
  for await (const _ of every(() => 60_000, { clock, nudge: new Nudge(), stop })) {
    // A hub that belongs to another user is that one's to keep.
    await janitor(remote, clock.now()).catch(() => []);
  }
}
