import { existsSync } from "node:fs";
import { join } from "node:path";

import { janitor } from "../adapters/git/janitor.ts";
import { folderOf } from "../config/profile.ts";
import type { Config } from "../config/settle.ts";
import { every, Nudge } from "../every.ts";
import { runMain, type MainDeps } from "../main/run-main.ts";
import type { Clock } from "../ports/clock.ts";
import { mainSettings } from "./main-settings.ts";
import type { Serving } from "./world.ts";

export async function serveMain(deps: MainDeps, { config, version, signals }: Serving): Promise<void> {
  const over = new AbortController();
  // Main has nothing to drain.
  const stop = AbortSignal.any([signals.drain, signals.stop]);
  const keeping = keepHub(config(), AbortSignal.any([stop, over.signal]), deps.clock);
  try {
    await runMain(deps, () => mainSettings(config(), version), stop);
  } finally {
    over.abort();
    await keeping;
  }
}

/** On a hub of this machine, killed pushes leave locks that nobody else would remove. */
async function keepHub({ remote }: Config, stop: AbortSignal, clock: Clock): Promise<void> {
  const hub = folderOf(remote);
  if (hub === undefined || !existsSync(join(hub, "refs"))) return;
  for await (const _ of every(() => 60_000, { clock, nudge: new Nudge(), stop })) {
    // A hub that belongs to another user is that one's to keep.
    await janitor(hub, clock.now()).catch(() => []);
  }
}
