import { durationText } from "../core/duration.ts";
import type { TaskId } from "../core/ids.ts";
import { Fault, mayPass } from "../fault.ts";
import { Nudge } from "../every.ts";
import type { Cli } from "./cli.ts";
import { Follower, lookEveryMs, type Standing } from "./follow-task.ts";
import { LiveLine } from "./live-line.ts";
import { askWhatWaits } from "./onlookers.ts";
import { showTask } from "./show.ts";
import { openView } from "./task-view.ts";

/** What a shell answers for a program that Ctrl-C ended. */
const interrupted = 130;

/** A task that is still queued then may lack something, which is worth a look at the workers. */
const queuedLongMs = 10_000;

/** Waits for the end of a task and prints its result; exits by its outcome. Ctrl-C ends the waiting, not the task. */
export async function waitFor(cli: Cli, id: TaskId): Promise<number> {
  const { world } = cli;
  const config = await cli.config();
  await using open = await world.openLedger(config);
  const nudge = new Nudge();
  const stop = new AbortController();
  using _signal = world.onSignal("SIGINT", () => stop.abort());
  const follower = new Follower(open.repo, id);
  const line = new LiveLine(cli);
  const beganMs = world.clock.monotonicMs();
  let lookAtMs = 0;
  using _wake = await world.watchWake(config, () => {
    lookAtMs = 0;
    nudge.poke();
  });
  let asked = false;
  let standing: Standing | undefined;
  let trouble: string | undefined;
  while (!stop.signal.aborted) {
    const nowMs = world.clock.monotonicMs();
    if (nowMs >= lookAtMs) {
      try {
        standing = await follower.look();
        trouble = undefined;
        if (!asked && nowMs - beganMs >= queuedLongMs && standing.kind === "open") {
          asked = true;
          const { task, ledger } = standing;
          const lack = (await askWhatWaits(cli, { config, repo: open.repo, ledger }))(task);
          line.clear();
          if (lack !== undefined) cli.tell(`${id} waits for ${lack}.`);
        }
      } catch (error) {
        if (!mayPass(error)) throw error;
        trouble = error.message;
      }
      lookAtMs = nowMs + lookEveryMs(config);
    }
    if (standing?.kind === "ended") {
      line.clear();
      await showTask(cli, standing.ledger, id);
      return standing.result.outcome === "succeeded" ? 0 : 1;
    }
    if (standing?.kind === "unreadable") {
      line.clear();
      throw new Fault("MOVE_REFUSED", `${id} cannot be followed: ${standing.why}`, {
        hint: "Look into worker/QUEUE.md and its history.",
      });
    }
    const seconds = (world.clock.monotonicMs() - beganMs) / 1000;
    line.show(lineFor(id, standing, trouble), durationText(seconds));
    await nudge.pause(line.isLive ? 1000 : lookEveryMs(config), world.clock, stop.signal);
  }
  line.clear();
  const state = standing?.kind === "open" ? openView(standing.task).state : undefined;
  if (cli.json) cli.answer({ id, state, waiting: false }, () => id);
  else {
    cli.tell(
      `Stopped waiting; ${id} goes on. \`pawl show ${id}\` tells how it ends, \`pawl cancel ${id}\` takes it back.`,
    );
  }
  return interrupted;
}

function lineFor(id: TaskId, standing: Standing | undefined, trouble: string | undefined): string {
  if (trouble !== undefined) return `${id}  ${trouble}`;
  if (standing?.kind !== "open") return `${id}  looking`;
  const { task, running } = standing;
  const { state } = task;
  const why = "why" in state && state.why !== "" ? `: ${state.why}` : "";
  if (state.kind !== "running") return `${id}  ${state.kind}${why}`;
  const progress = running?.progress === undefined ? "" : `  ${running.progress}`;
  const nth = task.attempt > 1 ? `, attempt ${task.attempt}` : "";
  return `${id}  running on ${state.by}${nth}${progress}`;
}
