import type { Beat } from "../src/core/beat.ts";
import { durationText } from "../src/core/duration.ts";
import { Fault } from "../src/fault.ts";
import type { Tell } from "./hands.ts";
import type { Look } from "./status/look.ts";

/** The newest beat under a worker's name at the hub, if there is one. */
export type LastBeat = () => Promise<Look<Beat | undefined>>;

/** Three beats as they come where pushes are scarce. */
const leastSeconds = 900;

type Asking = { name: string; lastBeat?: LastBeat | undefined; now: () => Date; tell: Tell };

/**
 * Throws NAME_TAKEN while a worker lives under this name: what would be done next would cut it off, or set another one
 * beside it. Where the hub cannot be asked that is told, and nobody is kept from anything.
 */
export async function refuseNamesake({ name, lastBeat, now, tell }: Asking): Promise<void> {
  if (!lastBeat) return;
  const look = await lastBeat();
  if (look.is !== "seen") {
    return tell({
      event: "advice",
      text: `Whether a worker lives as ${name} could not be asked: ${look.why}`,
    });
  }
  const fault = look.value && namesake(name, look.value, now());
  if (fault) throw fault;
}

/**
 * Here the clocks of two machines are compared, as nowhere else: one look tells no more. One that is wrong makes somebody
 * wait, or takes this guard away; the worker has one of its own.
 */
function namesake(name: string, { state, host, at, every }: Beat, now: Date): Fault | undefined {
  const leftSeconds = Math.max(leastSeconds, 3 * every) - (now.getTime() - Date.parse(at)) / 1000;
  if (state === "stopped" || !(leftSeconds > 0)) return undefined;
  return new Fault("NAME_TAKEN", `A worker beats as ${name}, on the host ${host}: it would be cut off`, {
    hint:
      "Take another name; or, if that is the one you mean, look whether --provider, --host and the token are those of its machine. " +
      `If it is gone, wait: after ${durationText(Math.ceil(leftSeconds))} without a beat the same goes on.`,
  });
}
