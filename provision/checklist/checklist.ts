import type { Job } from "../../src/openclaw/job.ts";
import { weighJob } from "../../src/openclaw/weigh-job.ts";
import { oneLine } from "../../src/format/queue-header.ts";
import { rhythmOfJob } from "./rhythm-of-job.ts";
import type { Timetable } from "../../src/ports/timetable.ts";
import type { Checklist, Chore } from "./chore.ts";
import { weighCrontab, weighProgram } from "./weigh-cron.ts";
import { weighTimer } from "./weigh-timer.ts";

/** OpenClaw's automations, or why they are not known; nothing: there is no OpenClaw. */
export type Automations = { jobs: readonly Job[] } | { unread: string } | undefined;

/**
 * What the main machine does by itself at set times, each with where it belongs once there is a worker. Nothing is
 * moved by it.
 */
export function checklist(
  timetable: Timetable,
  automations: Automations,
  place: { timezone: string },
): Checklist {
  const jobs = automations && "jobs" in automations ? automations.jobs : [];
  const unread = automations && "unread" in automations ? [automations.unread] : [];
  return {
    chores: [
      ...jobs.map((job) => ofJob(job, place)),
      ...timetable.crontabs.flatMap((crontab) => weighCrontab(crontab, place)),
      ...timetable.programs.map(weighProgram),
      ...timetable.timers.map(weighTimer),
    ],
    unread: [...timetable.unread, ...unread.map((why) => ({ what: "OpenClaw's automations", why }))],
  };
}

function ofJob(job: Job, place: { timezone: string }): Chore {
  const verdict = weighJob(job, place);
  return {
    origin: { kind: "automation", id: job.id },
    name: oneLine(verdict.name, 80),
    when: rhythmOfJob(job),
    where: verdict.move ? "worker" : "main",
    why: verdict.why,
    notes: verdict.move ? verdict.notes : [],
    isImportable: verdict.move,
  };
}
