import type { Announce } from "../core/event.ts";
import { stamp } from "../core/stamp.ts";
import type { Request } from "../core/request.ts";
import { Fault } from "../fault.ts";
import { update, type Updating } from "../ledger/update.ts";
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

  /** Sees to all that has come due. Rejects where the ledger cannot be reached; the next call does it then. */
  async once(): Promise<void> {
    const { clock, memory } = this.#deps;
    const schedules = this.#schedules();
    if (schedules.length === 0) return;
    const now = clock.now();
    this.#memory ??= (await memory.read()) ?? {};
    let changed = false;
    for (const schedule of schedules) {
      const seen = this.#seenUntil(schedule);
      const due = seen && nextDue(schedule.rhythm, seen);
      if (seen && (!due || due > now)) continue;
      if (seen) await this.#fire(schedule, seen, now);
      this.#memory[schedule.name] = { rhythm: rhythmText(schedule.rhythm), until: now.toISOString() };
      changed = true;
    }
    if (changed) await memory.write(this.#memory);
  }

  /** Undefined for one that is new or comes at other times than before: it begins now. */
  #seenUntil({ name, rhythm }: Schedule): Date | undefined {
    const known = this.#memory?.[name];
    return known?.rhythm === rhythmText(rhythm) ? new Date(known.until) : undefined;
  }

  async #fire(schedule: Schedule, since: Date, now: Date): Promise<void> {
    const { pauses, announce } = this.#deps;
    const { name } = schedule;
    if ((await pauses.read())?.[name]) return;
    const { fire, dropped } = dueBetween(schedule, since, now);
    for (const at of fire) {
      const failed = await this.#submit(schedule, at);
      if (failed !== undefined) announce({ kind: "schedule-failed", schedule: name, why: failed });
      // Noted at once: when the next one cannot be submitted yet, nobody goes back behind this one.
      this.#memory = {
        ...this.#memory,
        [name]: { rhythm: rhythmText(schedule.rhythm), until: at.toISOString() },
      };
    }
    if (dropped > 0) announce({ kind: "schedule-missed", schedule: name, count: dropped });
  }

  /** Why it can never be submitted; what waiting may cure rejects. */
  async #submit(schedule: Schedule, at: Date): Promise<string | undefined> {
    try {
      await submitDue(this.#deps, schedule, { at, defaults: this.#defaults() });
      return undefined;
    } catch (error) {
      if (error instanceof Fault && error.code === "FILE_NOT_FOUND") return error.message;
      throw error;
    }
  }
}

/** Submits the task of one due time, once however often it is called. */
export async function submitDue(
  updating: Updating,
  schedule: Schedule,
  { at, defaults }: { at: Date; defaults: Request },
): Promise<Submitted> {
  const { clock, chance } = updating;
  const { name, title, request } = schedule;
  const asked: Request = {
    ...defaults,
    ...request,
    by: `schedule:${name}`,
    key: `schedule ${name} ${stamp(at)}`,
    created: stamp(clock.now()),
  };
  const draw = { today: clock.now(), chance };
  const task = { title, prompt: await schedule.prompt(), request: asked };
  const { answer } = await update(updating, submission(task, draw));
  return answer;
}
