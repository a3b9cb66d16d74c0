import { spawn, spawnSync } from "node:child_process";

import type { Pace } from "../../core/pace.ts";
import { chooseWatchdog, type Watchdog } from "../../core/watchdog.ts";
import { every, Nudge } from "../../every.ts";
import type { Clock } from "../../ports/clock.ts";

type Env = Readonly<Record<string, string | undefined>>;

type Watched = {
  /** Begin of the value of PAWL_ATTEMPT in the processes that have to go with it. */
  owner: string;
  clock: Clock;
  env: Env;
};

/** The watchdog that a worker with this pace has when it is started here. */
export function watchdogHere(pace: Pace, env: Env): Watchdog {
  const unitLimit = unitLimitIn(env);
  return chooseWatchdog(pace, { unitLimit, hasShell: unitLimit === undefined && hasShell(env) });
}

/** Only bash can read with a time limit, and tell since version 4 that it was over. */
function hasShell(env: Env): boolean {
  const { status } = spawnSync("bash", ["-c", "((BASH_VERSINFO[0] >= 4))"], { env: { PATH: env["PATH"] } });
  return status === 0;
}

function unitLimitIn({ WATCHDOG_USEC: limit, NOTIFY_SOCKET: socket }: Env): number | undefined {
  return limit && socket ? Number(limit) / 1e6 : undefined;
}

/**
 * Has this process ended from outside when its event loop hangs: by systemd where the unit asks for it, otherwise by a
 * small shell that waits for a sign of life. Its tasks go first, since their leases will be given to others.
 */
export function startWatchdog(watchdog: Watchdog, watched: Watched): AsyncDisposable {
  switch (watchdog.kind) {
    case "systemd":
      return systemdWatchdog(watchdog, watched);
    case "own":
      return shellWatchdog(watchdog, watched);
    case "none":
      return { [Symbol.asyncDispose]: () => Promise.resolve() };
    default:
      return watchdog satisfies never;
  }
}

function systemdWatchdog({ limit }: { limit: number }, { clock, env }: Watched): AsyncDisposable {
  const notify = (...words: string[]) => {
    // A notification that is lost costs nothing: the next one comes before the time is over.
    spawn("systemd-notify", words, { stdio: "ignore" }).on("error", () => undefined);
  };
  // In one message: whoever is held for started has this limit too.
  notify("READY=1", ...(limit === unitLimitIn(env) ? [] : [`WATCHDOG_USEC=${Math.round(limit * 1e6)}`]));
  return beating({ limit, clock }, () => notify("WATCHDOG=1"));
}

type Patience = { limit: number; moment: number };

function shellWatchdog({ limit, moment }: Patience, { owner, clock, env }: Watched): AsyncDisposable {
  // It is looked for with an expression.
  const literal = owner.replace(/[.[\]*^$\\]/g, "\\$&");
  const values = [String(limit), String(process.pid), literal, String(moment)];
  const guard = spawn("bash", ["-c", script, "pawl-watchdog", ...values], {
    stdio: ["pipe", "ignore", "ignore"],
    env: { PATH: env["PATH"] },
    detached: true,
  });
  guard.on("error", () => undefined);
  guard.stdin.on("error", () => undefined);
  guard.unref();
  const signs = beating({ limit, clock }, () => guard.stdin.write("\n"));
  return {
    async [Symbol.asyncDispose]() {
      await signs[Symbol.asyncDispose]();
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
  IFS= read -r -t "$4" _ && continue
  for round in 1 2 3 4 5; do
    for environ in $(grep -lsz "^PAWL_ATTEMPT=$3/" /proc/[0-9]*/environ); do
      pid=\${environ#/proc/}
      kill -KILL "\${pid%/environ}"
    done
  done 2>/dev/null
  kill -KILL "$2"
  exit 0
done`;

function beating({ limit, clock }: { limit: number; clock: Clock }, beat: () => void): AsyncDisposable {
  const over = new AbortController();
  const loop = (async () => {
    const pauseMs = (limit * 1000) / 4;
    for await (const _ of every(() => pauseMs, { clock, nudge: new Nudge(), stop: over.signal })) beat();
  })();
  return {
    async [Symbol.asyncDispose]() {
      over.abort();
      await loop;
    },
  };
}
