import { durationText } from "../core/duration.ts";
import { thinkingLevels } from "../core/request.ts";
import { badCron } from "../schedules/schedule.ts";
import type { Job } from "./job.ts";
import { notesOn, type ScheduleDraft, type Verdict } from "./verdict.ts";

/** Below this, handing out takes about as long as the work. */
const worthSeconds = 60;

/** Whether an automation is an agent's run of its own that nothing ties to this machine. */
export function weighJob(job: Job, { timezone }: { timezone: string }): Verdict {
  const about = { from: { kind: "openclaw", id: job.id } as const, name: job.name || job.id };
  const because = reasonToStay(job);
  if (because !== undefined) return { ...about, move: false, why: because };
  const rhythm = rhythmOf(job, timezone);
  if (typeof rhythm === "string") return { ...about, move: false, why: rhythm };
  const { message = "", model, thinking, timeoutSeconds } = job.payload;
  const draft: ScheduleDraft = {
    ...rhythm,
    title: about.name,
    prompt: message,
    ...(model === undefined ? {} : { model }),
    ...(thinkingLevels.some((level) => level === thinking) ? { thinking: thinking ?? "" } : {}),
    ...(timeoutSeconds ? { timeout: durationText(Math.ceil(timeoutSeconds), 4) } : {}),
  };
  return { ...about, move: true, why: reasonToMove(job), notes: notesOf(job, message), draft };
}

function reasonToStay({
  enabled,
  declarationKey = "",
  schedule,
  payload,
  trigger,
  ...job
}: Job): string | undefined {
  if (/^(heartbeat|skill-collection-review):/.test(declarationKey)) return "belongs to OpenClaw itself";
  if (declarationKey.startsWith("pawl."))
    return "belongs to pawl: it has to hear here what workers have done";
  if (!enabled) return "is switched off";
  if (schedule.kind === "stream" || schedule.kind === "on-exit")
    return "waits for something that happens on this machine";
  if (trigger !== undefined) return "looks after something that this machine sees";
  if (payload.kind === "command" || payload.kind === "script") return "runs a command on this machine";
  if (payload.kind !== "agentTurn" || payload.message === undefined)
    return "speaks to the main agent, which is here";
  if (job.sessionTarget !== "isolated") return `goes on in the session ${job.sessionTarget}, which is here`;
  if (schedule.kind === "at") return "happens once";
  const tookSeconds = (job.state?.lastDurationMs ?? Infinity) / 1000;
  if (tookSeconds < worthSeconds) return `is short: it took ${durationText(tookSeconds)} the last time`;
  return undefined;
}

function reasonToMove({ state }: Job): string {
  const took = state?.lastDurationMs;
  const long = took === undefined ? "" : `, and took ${durationText(took / 1000)} the last time`;
  return `is an agent's run of its own${long}`;
}

/** Or why there is none that a schedule of ours could have. */
function rhythmOf(
  { schedule }: Job,
  timezone: string,
): Pick<ScheduleDraft, "cron" | "every" | "timezone"> | string {
  const { kind, expr, tz = timezone, everyMs = 0 } = schedule;
  if (kind === "every") {
    if (everyMs < 60_000) return "comes more often than each minute";
    return { every: durationText(everyMs / 1000, 4) };
  }
  if (kind !== "cron" || expr === undefined) return `comes by a rhythm that is not known here: ${kind}`;
  const bad = badCron(expr, tz);
  return bad === undefined ? { cron: expr, timezone: tz } : `has a time that cannot be read: ${bad}`;
}

function notesOf({ delivery }: Job, prompt: string): string[] {
  const told =
    delivery?.mode === "announce" ? `its answer went to ${delivery.channel ?? "a chat"}` : undefined;
  return [
    ...(told ? [`${told}: give the schedule a category, and the rules of routing send it there`] : []),
    ...notesOn(prompt),
  ];
}
