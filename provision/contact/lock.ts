import { Fault } from "../../src/fault.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { Held, RemoteHost } from "../../src/ports/remote-host.ts";
import { quoted } from "../shell.ts";
import { runFolder } from "./folder.ts";

export type Locking = {
  /** Who we are, for whoever finds the machine locked by us: `ada@laptop, process 4711`. */
  who: string;
  clock: Clock;
  onWait: (holder: string, seconds: number) => void;
};

/** A run that was cut off lets go when the machine has not heard from it for so long. */
const silenceSeconds = 15;
const patienceSeconds = silenceSeconds + 5;

/**
 * Keeps every other run from this machine until it is disposed of, or the connection is gone. Waits a little: the one
 * who holds it may be a run of ours that lost its connection. Throws ALREADY_RUNNING, which says who holds it.
 */
export async function lockMachine(
  host: RemoteHost,
  { who, clock, onWait }: Locking,
): Promise<AsyncDisposable> {
  const startMs = clock.monotonicMs();
  for (;;) {
    const held = await host.hold(lockScript(who), 30);
    if (held.firstLine === "held") return held;
    await held[Symbol.asyncDispose]();
    const holder = holderOf(held);
    const waited = Math.round((clock.monotonicMs() - startMs) / 1000);
    if (waited >= patienceSeconds) {
      throw new Fault("ALREADY_RUNNING", `Another run is at work on this machine: ${holder}`, {
        hint: "Wait until that one has ended. If it was killed, the machine is free some seconds after that.",
      });
    }
    onWait(holder, waited);
    await clock.sleep(2000);
  }
}

/** The lock is on the open file: whatever ends this shell, and whatever it started, lets go of it. */
function lockScript(who: string): string {
  return `umask 077
mkdir -p ${runFolder}
exec 9<> ${runFolder}/lock
if ! flock -n 9; then
  echo "taken $(($(date +%s) - $(stat -c %Y ${runFolder}/lock))) $(head -n 1 ${runFolder}/lock)"
  exit
fi
printf '%s\\n' ${quoted(who)} > ${runFolder}/lock
echo held
while [ -n "$(timeout ${silenceSeconds} head -c 1 9>&- | tr '\\n' .)" ]; do :; done`;
}

function holderOf({ firstLine }: Held): string {
  const [, seconds, who] = /^taken (\d+) (.*)$/.exec(firstLine) ?? [];
  if (who === undefined) return "it does not say who";
  const name = who.replace(/\p{C}+/gu, " ").slice(0, 120);
  const minutes = Math.floor(Number(seconds) / 60);
  return `${name}, for ${minutes > 0 ? `${minutes} min` : `${seconds} s`} now`;
}
