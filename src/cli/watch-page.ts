import type { Config } from "../config/settle.ts";
import type { Beat } from "../core/beat.ts";
import { durationText } from "../core/duration.ts";
import type { Result } from "../core/outcome.ts";
import type { Task } from "../core/task.ts";
import { oneLine } from "../format/queue-header.ts";
import type { Ledger } from "../ledger/view.ts";
import type { WorkerView } from "../main/workers.ts";
import type { Cli } from "./cli.ts";
import { table } from "./table.ts";
import { when } from "./when.ts";
import { stateText } from "./task-view.ts";

export type WatchView = {
  config: Config;
  ledger: Ledger | undefined;
  workers: WorkerView[];
  results: Result[];
  trouble: string | undefined;
};

const resultsShown = 5;

/** One screenful: workers, queue, and what ended lately. Each line clears what stood behind it. */
export function watchPage(cli: Cli, view: WatchView): string {
  const { out } = cli.world;
  const { config, ledger, workers, results, trouble } = view;
  const tasks = ledger?.tasks ?? [];
  const top = [
    cli.paint("bold", oneLine(`pawl watch  ${config.remote} ${config.branch}`, out.columns - 20)),
    ...(trouble === undefined ? [] : [cli.paint("red", oneLine(trouble, out.columns - 1))]),
    ...block(cli, "WORKERS", workerTable(cli, workers, ledger?.tasks)),
  ];
  const lately = results.slice(0, resultsShown);
  const bottom = block(cli, "LATELY", resultTable(cli, lately));
  const room = Math.max(3, out.rows - top.length - bottom.length - 6);
  const shown = tasks.slice(0, room);
  const queue = block(
    cli,
    `QUEUE ${tasks.length}`,
    ledger ? taskTable(cli, shown, workers) : ["  looking …"],
  );
  if (shown.length < tasks.length) queue.push(cli.paint("dim", `  and ${tasks.length - shown.length} more`));
  const lines = [...top, ...queue, ...bottom, "", cli.paint("dim", "q quits")];
  return lines
    .slice(0, out.rows)
    .map((line) => `${line}\u001b[K`)
    .join("\n");
}

function block(cli: Cli, title: string, lines: string[]): string[] {
  return ["", cli.paint(["bold", "cyan"], title), ...lines];
}

function workerTable(cli: Cli, workers: WorkerView[], tasks: readonly Task[] | undefined): string[] {
  const living = workers.filter(({ beat }) => beat?.state !== "stopped");
  if (living.length === 0) return ["  none: run `pawl worker` on some machine"];
  const rows = living.map(({ name, health, beat, silentSeconds }) => [
    `  ${name}`,
    healthText(cli, { health, beat, silentSeconds }),
    beat ? slotsText(name, beat, tasks) : "-",
    beat ? [...beat.executors, ...beat.capabilities].join(" ") : "",
  ]);
  return lines(table(cli, ["  NAME", "HEALTH", "SLOTS", "OFFERS"], rows));
}

function healthText(cli: Cli, { health, beat, silentSeconds }: Omit<WorkerView, "name">): string {
  if (health !== "alive") return cli.paint("red", `${health} ${durationText(silentSeconds)}`);
  return beat?.trouble === undefined ? cli.paint("green", health) : cli.paint("red", "stands still");
}

/** By the queue as far as there is one: what a worker has just begun or ended its beat does not know yet. */
function slotsText(name: string, beat: Beat, tasks: readonly Task[] | undefined): string {
  const running = tasks
    ? tasks.filter(({ state }) => state.kind === "running" && state.by === name).length
    : beat.running.length;
  const doing = running > 0 ? "busy" : "idle";
  return `${running}/${beat.slots} ${beat.state === "draining" ? beat.state : doing}`;
}

function taskTable(cli: Cli, tasks: readonly Task[], workers: WorkerView[]): string[] {
  if (tasks.length === 0) return ["  empty"];
  const rows = tasks.map((task) => {
    const { state } = task;
    const by = state.kind === "running" ? state.by : undefined;
    const running = workers
      .find(({ name }) => name === by)
      ?.beat?.running.find((one) => state.kind === "running" && one.token === state.token);
    const since = running && (workers.find(({ name }) => name === by)?.silentSeconds ?? 0) + running.seconds;
    return [
      `  ${task.id}`,
      stateText(cli, state.kind),
      by ?? "-",
      since === undefined ? "-" : durationText(since),
      [task.title, cli.paint("dim", running?.progress ?? ("why" in state ? state.why : ""))]
        .join("  ")
        .trimEnd(),
    ];
  });
  return lines(table(cli, ["  ID", "STATE", "WORKER", "FOR", "TITLE"], rows));
}

function resultTable(cli: Cli, results: Result[]): string[] {
  if (results.length === 0) return ["  nothing yet"];
  const rows = results.map(({ id, outcome, lease, ended, title, why }) => [
    `  ${id}`,
    stateText(cli, outcome),
    lease?.by ?? "-",
    when(ended).slice(-5),
    why === undefined ? title : `${title}  ${cli.paint("dim", why)}`,
  ]);
  return lines(table(cli, ["  ID", "OUTCOME", "WORKER", "ENDED", "TITLE"], rows));
}

function lines(text: string): string[] {
  return text.split("\n");
}
