import { spawn, spawnSync } from "node:child_process";

import { every, Nudge } from "../../every.ts";
import type { Clock } from "../../ports/clock.ts";

export type Watchdog = AsyncDisposable & { readonly kind: "systemd" | "own" | "none" };

type Watched = {
  /** How long this process may hang before it is ended. */
  seconds: number;
  /** Begin of the value of PAWL_ATTEMPT in the processes that have to go with it. */
  owner: string;
  clock: Clock;
  env: Readonly<Record<string, string | undefined>>;
};

/**
 * Has this process ended from outside when its event loop hangs: by systemd where the unit asks for it, otherwise by a
 * small shell that waits for a sign of life. Its tasks go first, since their leases will be given to others.
 */
export function startWatchdog(watched: Watched): Watchdog {
  if (watched.env["WATCHDOG_USEC"] && watched.env["NOTIFY_SOCKET"]) return systemdWatchdog(watched);
  // Only bash can read with a time limit; sh cannot.
  return spawnSync("bash", ["-c", ":"]).status === 0 ? ownWatchdog(watched) : noWatchdog;
}

const noWatchdog: Watchdog = { kind: "none", [Symbol.asyncDispose]: () => Promise.resolve() };

function systemdWatchdog({ clock, env }: Watched): Watchdog {
  const seconds = Number(env["WATCHDOG_USEC"]) / 1e6;
  const notify = (word: string) => {
    // A notification that is lost costs nothing: the next one comes before the time is over.
    spawn("systemd-notify", [word], { stdio: "ignore" }).on("error", () => undefined);
  };
  notify("READY=1");
  return beating("systemd", { seconds, clock }, () => notify("WATCHDOG=1"));
}

function ownWatchdog({ seconds, owner, clock, env }: Watched): Watchdog {
  const limit = String(Math.max(1, Math.round(seconds)));
  // It is looked for with an expression.
  const literal = owner.replace(/[.[\]*^$\\]/g, "\\$&");
  const guard = spawn("bash", ["-c", script, "pawl-watchdog", limit, String(process.pid), literal], {
    stdio: ["pipe", "ignore", "ignore"],
    env: { PATH: env["PATH"] },
    detached: true,
  });
  guard.on("error", () => undefined);
  guard.stdin.on("error", () => undefined);
  guard.unref();
  const watchdog = beating("own", { seconds, clock }, () => guard.stdin.write("\n"));
  return {
    kind: "own",
    async [Symbol.asyncDispose]() {
      await watchdog[Symbol.asyncDispose]();
      guard.stdin.end();
    },
  };
}

/** A missed line is forgiven once for a moment: after a machine was suspended, both wake at the same time. */
const script = `
while :; do
  IFS= read -r -t "$1" _; status=$?
  [ "$status" -eq 0 ] && continue
  [ "$status" -gt 128 ] || exit 0
  IFS= read -r -t 5 _ && continue
  for round in 1 2 3 4 5; do
    for environ in $(grep -lsz "^PAWL_ATTEMPT=$3/" /proc/[0-9]*/environ); do
      pid=\${environ#/proc/}
      kill -KILL "\${pid%/environ}"
    done
  done 2>/dev/null
  kill -KILL "$2"
  exit 0
done`;

function beating(
  kind: Watchdog["kind"],
  { seconds, clock }: Pick<Watched, "seconds" | "clock">,
  beat: () => void,
): Watchdog {
  const over = new AbortController();
  const loop = (async () => {
    const pauseMs = (seconds * 1000) / 4;
    for await (const _ of every(() => pauseMs, { clock, nudge: new Nudge(), stop: over.signal })) beat();
  })();
  return {
    kind,
    async [Symbol.asyncDispose]() {
      over.abort();
      await loop;
    },
  };
}
