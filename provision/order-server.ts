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
  machine: Pick<MachineHands, "lockOrder" | "expectServer" | "expectNone">;
  clock: Clock;
};

/**
 * Orders the one server, unless another run has while a person was being asked. When an answer was lost, to this order
 * or to one of an earlier run, it looks by name, with patience, before it orders: that an account's list does not have a
 * server yet proves nothing, and twins cost twice.
 */
export async function orderServer(provider: ServerProvider, ordering: Ordering): Promise<void> {
  const { wanted, facts, machine } = ordering;
  const { name, target } = wanted;
  const key = facts.cloud?.keyId;
  if (target.kind !== "cloud" || key === undefined) throw new TypeError("ordered before its step was due");
  const { region, size, image } = target;
  await using _lock = await machine.lockOrder();
  if (await isThere(provider, name)) return;
  const { userData, mayBeOut } = await machine.expectServer();
  if (mayBeOut && (await turnsUp(provider, ordering, "an earlier order was not answered"))) return;
  try {
    await provider.create({ name, region, size, image, keys: [key], userData });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const isRefused = error.code !== "CLOUD_UNKNOWN_OUTCOME";
    if (isRefused && !mayBeOut) await machine.expectNone();
    if (isRefused || !(await turnsUp(provider, ordering, error.message))) throw error;
  }
}

async function turnsUp(
  provider: ServerProvider,
  { wanted, step, tell, clock }: Ordering,
  obstacle: string,
): Promise<boolean> {
  const startMs = clock.monotonicMs();
  for (;;) {
    if (await isThere(provider, wanted.name)) return true;
    const seconds = Math.round((clock.monotonicMs() - startMs) / 1000);
    if (seconds >= patienceSeconds) return false;
    tell({ event: "waiting", step, what: "the server turns up", obstacle, seconds });
    await clock.sleep(everySeconds * 1000);
  }
}

async function isThere(provider: ServerProvider, name: string): Promise<boolean> {
  return serversOf({ servers: await provider.find(name) }).length > 0;
}
