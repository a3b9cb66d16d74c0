import { Duration } from "../core/duration.ts";
import { rhythmText, type Rhythm } from "../schedules/schedule.ts";
import type { ScheduleDraft, Verdict } from "./verdict.ts";

type Existing = { name: string; title: string; rhythm: Rhythm };

/** What was found, with the name under which it becomes a schedule. */
export type Named = Verdict & { schedule?: string };

/** A name for each that moves, none of them taken. What is a schedule already stays. */
export function nameDrafts(verdicts: readonly Verdict[], existing: readonly Existing[]): Named[] {
  const taken = new Set(existing.map(({ name }) => name));
  return verdicts.map((verdict): Named => {
    if (!verdict.move) return verdict;
    const { from, name, draft } = verdict;
    const same = existing.find(
      (one) => one.title === draft.title && rhythmText(one.rhythm) === textOf(draft),
    );
    if (same) return { from, name, move: false, why: `is the schedule ${same.name} already` };
    const schedule = freeName(name, taken);
    taken.add(schedule);
    return { ...verdict, schedule };
  });
}

function textOf({ cron, timezone = "", every }: ScheduleDraft): string {
  return rhythmText(
    every === undefined
      ? { kind: "cron", expression: cron ?? "", timezone }
      : { kind: "every", seconds: Duration.parse(every) },
  );
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  const words = name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const slug = words.slice(0, 40).replace(/^-+|-+$/g, "") || "job";
  for (let count = 1; ; count++) {
    const free = count === 1 ? slug : `${slug}-${count}`;
    if (!taken.has(free)) return free;
  }
}
