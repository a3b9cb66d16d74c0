import type { Announce } from "../src/core/event.ts";
import type { Clock } from "../src/ports/clock.ts";
import type { Exchange } from "./exchange.ts";
import type { WorkerSettings } from "./run-worker.ts";

type Parts = { clock: Clock; announce: Announce; settings: () => WorkerSettings; over: AbortSignal };

/**
 * Ends the attempts of a worker that could not show a sign of life in time: their leases may go to others soon. It does
 * not live in the loop that talks to the remote, because that may be waiting for an answer just then.
 */
export async function stopWhenCutOff(
  exchange: Exchange,
  { clock, announce, settings, over }: Parts,
): Promise<void> {
  let told = false;
  while (!over.aborted) {
    const { pace, name } = settings();
    const leftMs = pace.renew * 1000 - exchange.silentMs;
    if (leftMs > 0) {
      told = false;
      await clock.sleep(leftMs, over);
      continue;
    }
    const { running, silentMs } = exchange;
    // Before it is told: what must not run any longer does not wait for a listener.
    exchange.stopAll("lease-lost");
    if (running > 0 && !told) {
      announce({ kind: "worker-cut-off", worker: name, seconds: silentMs / 1000, running });
      told = true;
    }
    await clock.sleep(1000, over);
  }
}
