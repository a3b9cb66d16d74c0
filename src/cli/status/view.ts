import type { Beat } from "../../core/beat.ts";
import { freshnessOf } from "../../../provision/status/freshness.ts";
import type { Look } from "../../../provision/status/look.ts";
import { places } from "../../../provision/places.ts";
import type { Judged } from "./survey.ts";

/** A worker's status as `--json` shows it; docs/cli.md describes it. */
export function viewOf({ seen, judgement: { health, reasons } }: Judged): object {
  const { name, at, servers, machine, hub, report, drift, pinned } = seen;
  return {
    name,
    at,
    health,
    reasons,
    servers: answerOf(servers, (all) => ({ servers: all })),
    machine: answerOf(machine, ({ facts, lines, hostKey }) => ({
      hostKey,
      clock: new Date(lines.nowMs).toISOString(),
      os: facts.os,
      upSeconds: facts.upSeconds,
      rebootPending: facts.rebootPending,
      versions: Object.fromEntries(
        (["node", "openclaw", "pawl"] as const).map((what) => [
          what,
          { current: facts[what].current ?? null, pinned: pinned[what] ?? null },
        ]),
      ),
      worker: facts.units[places.worker] ?? null,
      timer: facts.units[places.reportTimer] ?? null,
      nextHeartbeat: lines.nextHeartbeat ?? null,
      crontab: lines.crontab,
      journal: lines.journal,
      diskFreeMb: facts.diskFreeMb,
      memoryMb: facts.memoryMb,
      memoryFreeMb: facts.memoryFreeMb,
      swapMb: facts.swapMb,
      keys: {
        hostKeyAgeSeconds: ageOf(lines.nowMs, facts.hostKeyMadeAt),
        deployKeyAgeSeconds: ageOf(lines.nowMs, facts.deployKey?.madeAt),
      },
      held: facts.held,
    })),
    hub: answerOf(hub, ({ sign, age, queue, running, results, perDay }) => ({
      beat: sign
        ? {
            commit: sign.commit,
            freshness: freshnessOf(age, sign.beat?.every),
            age: age ?? null,
            said: sign.beat ? saidIn(sign.beat) : null,
          }
        : null,
      queue,
      running,
      results,
      tasksPerDay: perDay,
    })),
    report: report ?? null,
    drift,
  };
}

/** What runs stands beside it, and a lease's token is for its holder alone. */
function saidIn({ running: _running, ...said }: Beat): object {
  return said;
}

/** `{"asked": "seen", "ms", …}`, or why nothing was seen. */
function answerOf<Value>(look: Look<Value>, view: (value: Value) => object): object {
  switch (look.is) {
    case "seen":
      return { asked: "seen", ms: look.ms, ...view(look.value) };
    case "unreachable":
      return { asked: "unreachable", code: look.code, why: look.why };
    case "not-asked":
      return { asked: "not-asked", why: look.why };
    default:
      return look satisfies never;
  }
}

function ageOf(nowMs: number, madeAtSeconds: number | undefined): number | null {
  return madeAtSeconds === undefined ? null : Math.max(0, Math.round(nowMs / 1000 - madeAtSeconds));
}
