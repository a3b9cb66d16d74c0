import type { NodeName } from "../core/ids.ts";
import type { Standing } from "../core/standing.ts";
import type { Ledger } from "../ledger/view.ts";
import { condition, type WorkerView } from "./workers.ts";

export function standingOf(
  main: NodeName,
  workers: readonly WorkerView[],
  { tasks, now }: { tasks: Ledger["tasks"]; now: Date },
): Standing {
  const open = [...Map.groupBy(tasks, ({ state }) => state.kind)];
  return {
    at: now.toISOString(),
    nodes: [
      {
        name: main,
        role: "main",
        state: "running",
        well: true,
        running: 0,
        slots: undefined,
        beat: undefined,
      },
      ...workers.map((view) => nodeOf(view, now)),
    ],
    tasks: Object.fromEntries(
      open.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([kind, some]) => [kind, some.length]),
    ),
  };
}

function nodeOf(view: WorkerView, now: Date): Standing["nodes"][number] {
  const { name, beat, silentSeconds } = view;
  const word = condition(view);
  return {
    name,
    role: "worker",
    // A beat that is a little late is no news, and nearly always there a moment later.
    state: word === "late" ? "alive" : word,
    well: word !== "silent" && word !== "stands still",
    running: beat?.running.length ?? 0,
    slots: beat?.slots,
    beat: new Date(now.getTime() - silentSeconds * 1000).toISOString(),
  };
}
