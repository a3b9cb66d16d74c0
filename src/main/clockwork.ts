import type { Announce, Event } from "../core/event.ts";
import type { TaskId } from "../core/ids.ts";
import { stamp } from "../core/stamp.ts";
import type { Request } from "../core/request.ts";
import { Fault } from "../fault.ts";
import { mergeChanges, noChange } from "../ledger/change.ts";
import { update, type Decision, type Updating } from "../ledger/update.ts";
import type { Ledger } from "../ledger/view.ts";
import type { Spool } from "../ports/spool.ts";
import { submission, type Submitted } from "./submit-task.ts";
import { dueBetween, nextDue, rhythmText, type Schedule } from "../schedules/schedule.ts";

/** For each schedule the time up to which everything due has been seen to. */
export type ScheduleMemory = Record<string, { rhythm: string; until: string }>;

/** Schedules that a person has stopped for now. */
export type Pauses = Record<string, { by: string; at: string }>;

export type ClockworkDeps = Updating & {
  announce: Announce;
  memory: Spool<ScheduleMemory>;
  pauses: Spool<Pauses>;
};

/**
 * Submits tasks when their time has come. The key of such a task names schedule and time, so that neither a restart nor a
 * second main makes two of it.
 */
export class Clockwork {
  readonly #deps: ClockworkDeps;
  readonly #schedules: () => readonly Schedule[];
  readonly #defaults: () => Request;
  #memory: ScheduleMemory | undefined;

  constructor(deps: ClockworkDeps, schedules: () => readonly Schedule[], defaults: () => Request) {
    this.#deps = deps;
    this.#schedules = schedules;
    this.#defaults = defaults;
  }

  /**
   * Sees to all that has come due, in one push. Answers `held` when pushes are so scarce that it has to wait. Rejects
   * where the ledger cannot be reached; the next call does it then.
   */
  async once(): Promise<"held" | undefined> {
    const { clock, memory, pushes } = this.#deps;
    const schedules = this.#schedules();
    if (schedules.length === 0) return undefined;
    const now = clock.now();
    this.#memory ??= (await memory.read()) ?? {};
    const changed = schedules.filter((schedule) => {
      const seen = this.#seenUntil(schedule);
      const due = seen && nextDue(schedule.rhythm, seen);
      // One that is new is noted, so that it begins now.
      return !seen || (due !== undefined && due <= now);
    });
    if (changed.length === 0) return undefined;
    const { fire, news } = await this.#whatIsDue(changed, now);
    if (fire.length > 0 && pushes && pushes.waitMs() > 0) return "held";
    const failed = await this.#submit(fire);
    for (const event of [...failed, ...news]) this.#deps.announce(event);
    const until = now.toISOString();
    const noteOf = ({ name, rhythm }: Schedule) => [name, { rhythm: rhythmText(rhythm), until }] as const;
    const noted = { ...this.#memory, ...Object.fromEntries(changed.map(noteOf)) };
    this.#memory = noted;
    await memory.write(noted);
    return undefined;
  }

  /** Undefined for one that is new or comes at other times than before: it begins now. */
  #seenUntil({ name, rhythm }: Schedule): Date | undefined {
    const known = this.#memory?.[name];
    return known?.rhythm === rhythmText(rhythm) ? new Date(known.until) : undefined;
  }

  async #whatIsDue(schedules: readonly Schedule[], now: Date): Promise<{ fire: Due[]; news: Event[] }> {
    const paused = (await this.#deps.pauses.read()) ?? {};
    const fire: Due[] = [];
    const news: Event[] = [];
    for (const schedule of schedules) {
      const seen = this.#seenUntil(schedule);
      if (!seen || paused[schedule.name]) continue;
      const due = dueBetween(schedule, seen, now);
      fire.push(...due.fire.map((at) => ({ schedule, at })));
      if (due.dropped > 0)
        news.push({ kind: "schedule-missed", schedule: schedule.name, count: due.dropped });
    }
    return { fire, news };
  }

  /** Answers what can never be submitted; what waiting may cure rejects. */
  async #submit(fire: readonly Due[]): Promise<Event[]> {
    const { clock, chance } = this.#deps;
    const failed: Event[] = [];
    const decisions: ReturnType<typeof submission>[] = [];
    const draw = { today: clock.now(), chance, taken: new Set<TaskId>() };
    for (const { schedule, at } of fire) {
      try {
        const task = await taskOf(schedule, { at, defaults: this.#defaults(), created: clock.now() });
        decisions.push(submission(task, draw));
      } catch (error) {
        if (!(error instanceof Fault) || error.code !== "FILE_NOT_FOUND") throw error;
        failed.push({ kind: "schedule-failed", schedule: schedule.name, why: error.message });
      }
    }
    if (decisions.length > 0) await update(this.#deps, (ledger) => together(ledger, decisions));
    return failed;
  }
}

type Due = { schedule: Schedule; at: Date };

/** As one decision. */
async function together(
  ledger: Ledger,
  decisions: readonly ((ledger: Ledger) => Promise<Decision<unknown>>)[],
): Promise<Decision<undefined>> {
  const change = noChange();
  for (const decide of decisions) mergeChanges(change, (await decide(ledger)).change);
  return { change, answer: undefined };
}

/** Submits the task of one due time, once however often it is called. */
export async function submitDue(
  updating: Updating,
  schedule: Schedule,
  { at, defaults }: { at: Date; defaults: Request },
): Promise<Submitted> {
  const { clock, chance } = updating;
  const task = await taskOf(schedule, { at, defaults, created: clock.now() });
  const { answer } = await update(updating, submission(task, { today: clock.now(), chance }));
  return answer;
}

async function taskOf(
  schedule: Schedule,
  { at, defaults, created }: { at: Date; defaults: Request; created: Date },
) {
  const { name, title, request } = schedule;
  const asked: Request = {
    ...defaults,
    ...request,
    by: `schedule:${name}`,
    key: `schedule ${name} ${stamp(at)}`,
    created: stamp(created),
  };
  return { title, prompt: await schedule.prompt(), request: asked };
}
