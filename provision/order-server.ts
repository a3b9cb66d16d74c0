import { Fault } from "../src/fault.ts";
import type { Clock } from "../src/ports/clock.ts";
import type { ServerProvider } from "../src/ports/server-provider.ts";
import type { Facts } from "./facts.ts";
import type { Tell } from "./hands.ts";
import { serversOf } from "./look.ts";
import type { MachineHands } from "./machine-hands.ts";
import type { Wanted } from "./wanted.ts";

/** For how long a server whose order was not answered may turn up after all, and how often that is looked for. */
const patienceSeconds = 60;
const everySeconds = 5;

export type Ordering = {
  wanted: Wanted;
  facts: Facts;
  step: string;
  tell: Tell;
  machine: Pick<MachineHands, "expectServer">;
  clock: Clock;
};

/**
 * Orders the one server. When the answer was lost it looks by name, with patience, and never orders a second time: that
 * an account's list does not have it yet proves nothing, and twins cost twice.
 */
export async function orderServer(
  provider: ServerProvider,
  { wanted, facts, step, tell, machine, clock }: Ordering,
): Promise<void> {
  const { name, target } = wanted;
  const key = facts.cloud?.keyId;
  if (target.kind !== "cloud" || key === undefined) throw new TypeError("ordered before its step was due");
  const { region, size, image } = target;
  const { userData } = await machine.expectServer();
  try {
    await provider.create({ name, region, size, image, keys: [key], userData });
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== "CLOUD_UNKNOWN_OUTCOME") throw error;
    const startMs = clock.monotonicMs();
    for (;;) {
      if (serversOf({ servers: await provider.find(name) }).length > 0) return;
      const seconds = Math.round((clock.monotonicMs() - startMs) / 1000);
      if (seconds >= patienceSeconds) throw error;
      tell({ event: "waiting", step, what: "the server turns up", obstacle: error.message, seconds });
      await clock.sleep(everySeconds * 1000);
    }
  }
}
