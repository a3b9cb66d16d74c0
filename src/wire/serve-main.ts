import { existsSync } from "node:fs";
import { join } from "node:path";

import { janitor } from "../adapters/git/janitor.ts";
import { folderOf } from "../config/profile.ts";
import type { Config } from "../config/settle.ts";
import type { Announce } from "../core/event.ts";
import { every, Nudge } from "../every.ts";
import { budgetOfMain } from "../main/budget-of-main.ts";
import { runMain, type MainDeps } from "../main/run-main.ts";
import type { Clock } from "../ports/clock.ts";
import { mainSettings } from "./main-settings.ts";
import { serveRouting } from "./serve-routing.ts";
import type { Serving } from "./world.ts";

export async function serveMain(deps: MainDeps, serving: Serving): Promise<void> {
  const { config, version, signals } = serving;
  const over = new AbortController();
  // Main has nothing to drain.
  const stop = AbortSignal.any([signals.drain, signals.stop]);
  const pushes = budgetOfMain(deps.clock, () => config().pace.pushesPerMinute);
  await using routing = await serveRouting({ ...deps, pushes }, serving);
  const { onResult, onStanding, asked } = routing;
  const told = {
    ...deps,
    pushes,
    announce: both(deps.announce, routing.announce),
    onResult,
    onStanding,
    asked,
  };
  const keeping = keepHub(config(), AbortSignal.any([stop, over.signal]), deps.clock);
  const broken = new AbortController();
  // It ends after main, whose last words it carries. One that breaks must not leave a main that nobody hears.
  const carrying = routing.run(over.signal).finally(() => broken.abort());
  carrying.catch(() => undefined);
  try {
    const until = AbortSignal.any([stop, broken.signal]);
    await runMain(
      { ...told, spool: routing.guard(deps.spool) },
      () => mainSettings(config(), version),
      until,
    );
  } finally {
    over.abort();
    await keeping;
    await carrying;
  }
}

function both(one: Announce, other: Announce): Announce {
  return (event) => {
    one(event);
    other(event);
  };
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
