import { join } from "node:path";

import { DropFolder } from "../adapters/files/drop-folder.ts";
import { JournalFile } from "../adapters/files/journal-file.ts";
import { watchWakeFiles } from "../adapters/files/wake.ts";
import type { Config } from "../config/settle.ts";
import type { Announce, Event } from "../core/event.ts";
import type { TaskId } from "../core/ids.ts";
import type { Result } from "../core/outcome.ts";
import { stamp } from "../core/stamp.ts";
import { Nudge } from "../every.ts";
import type { PushBudget } from "../ledger/push-budget.ts";
import { answerOwner } from "../main/owner/answer-owner.ts";
import type { Asked } from "../main/notice.ts";
import type { MainDeps } from "../main/run-main.ts";
import type { Standing } from "../core/standing.ts";
import type { Journal } from "../ports/journal.ts";
import type { Spool } from "../ports/spool.ts";
import { routingCommands } from "../routing/courier/chat-commands.ts";
import { Courier } from "../routing/courier/courier.ts";
import { askedAbout } from "../routing/actions/asked-about.ts";
import { StatusBoard } from "../routing/courier/status-board.ts";
import { openActions } from "../routing/deliveries/select.ts";
import { pacingOf, Planner } from "../routing/courier/planner.ts";
import type { Entry } from "../routing/entry.ts";
import { envelop } from "../routing/envelop.ts";
import { readRequest } from "../routing/read-request.ts";
import { renderers } from "../routing/render/renderers.ts";
import { localText } from "../routing/rules/local-time.ts";
import { carryOutOn, ledgerCommandsOn } from "./ledger-errands.ts";
import { liveBlank } from "./live-blank.ts";
import { LiveChannels } from "./live-channels.ts";
import { mirrorDeliveries, readMirror } from "./mirror-deliveries.ts";
import { hearOwner } from "./owner-lines.ts";
import { routingFiles } from "./routing-files.ts";
import { runTogether } from "./run-together.ts";
import { screenOf } from "./screens.ts";
import type { Serving } from "./world.ts";

/** Main's post office: what main announces is told to people, and what people answer is done. */
export type ServedRouting = AsyncDisposable & {
  announce: Announce;
  onResult: (result: Result) => void;
  onStanding: (standing: Standing) => void;
  asked: () => readonly Asked[];
  /** The same spool, which is not written before all that was announced is on disk. */
  guard<Value>(spool: Spool<Value>): Spool<Value>;
  /** Carries until `stop`, and a little longer what is under way then. */
  run(stop: AbortSignal): Promise<void>;
};

export async function serveRouting(
  {
    clock,
    chance,
    announce,
    pushes,
  }: Pick<MainDeps, "clock" | "chance" | "announce"> & { pushes: PushBudget },
  { config, around }: Pick<Serving, "config" | "around">,
): Promise<ServedRouting> {
  const nudge = new Nudge();
  const files = routingFiles(config());
  const journal = new JournalFile<Entry>(files.journal);
  const requests = new DropFolder(files.requests, readRequest);
  const routing = () => config().routing;
  const tools = { around, screen: screenOf(process.stderr) };
  const channels = await LiveChannels.open(config, tools, () => nudge.poke());
  const channelOf = (name: string) => channels.get(name);
  const blank = liveBlank(config, around.env);
  const clockText = (instant: string) => localText(routing().timezone, new Date(instant), clock.now());
  const commands = {
    ...ledgerCommandsOn(config, pushes),
    ...routingCommands(() => ({
      state: courier.state,
      now: () => clock.now(),
      clock: clockText,
      ask: (request) => courier.ask(request),
    })),
  };
  const board = new StatusBoard({
    clock,
    tell: (envelope) => courier.tell(envelope),
    openDecisions: () => openActions(courier.state).length,
  });
  await remember(journal, () => readMirror(config(), blank));
  const courier: Courier = await Courier.open({
    journal,
    requests,
    planner: new Planner(routing),
    pacing: pacingOf(routing, channelOf),
    channelOf,
    renderers,
    looks: () => ({ timeZone: routing().timezone, status: () => board.status() }),
    clock,
    chance,
    nudge,
    carryOut: carryOutOn(config, pushes),
    commands: answerOwner(commands),
    clockText,
    clean: (told) => JSON.parse(blank(JSON.stringify(told))) as typeof told,
    trouble: (error) => announce(spoolTrouble(config(), error)),
  });
  const results = new Map<TaskId, Result>();
  const wake = watchWakeFiles([join(config().state, "wake")], () => nudge.poke());

  return {
    announce(event) {
      const envelope = envelop(event, aboutOf(event, results, stamp(clock.now()), routing().offerRetry));
      if (envelope) courier.tell(envelope);
    },
    onStanding: (standing) => board.take(standing),
    asked: () => askedAbout(openActions(courier.state)),
    onResult: (result) => void results.set(result.id, result),
    guard: (spool) => ({
      read: () => spool.read(),
      async write(value) {
        await courier.flush();
        await spool.write(value);
      },
    }),
    async run(stop) {
      await requests.tidy();
      const names = Object.entries(commands).map(([command, { summary }]) => ({
        command,
        description: summary,
      }));
      await runTogether(
        [
          (end) => courier.run(end),
          (end) => hearOwner(courier, { config, around, clock, chance, commands: names }, end),
          (end) => mirrorDeliveries(courier, { config, blank, clock, pushes }, end),
        ],
        stop,
      );
    },
    async [Symbol.asyncDispose]() {
      wake[Symbol.dispose]();
      await journal[Symbol.asyncDispose]();
    },
  };
}

/**
 * A main that begins anew on another machine learns what was sent from there. One that cannot reach the copy goes on
 * without: of what was before it tells nothing by itself.
 */
async function remember(journal: Journal<Entry>, read: () => Promise<Entry[]>): Promise<void> {
  if ((await journal.read()).length > 0) return;
  const copied = await read().catch(() => []);
  if (copied.length === 0) return;
  const at = copied.at(-1)?.at ?? "";
  await journal.append([...copied, { at, t: "mirrored", upTo: copied.length }]);
}

function aboutOf(event: Event, results: Map<TaskId, Result>, at: string, offerRetry: boolean) {
  if (event.kind !== "task-ended") return { at, offerRetry };
  const result = results.get(event.task);
  results.delete(event.task);
  return { at, offerRetry, ...(result ? { result } : {}) };
}

function spoolTrouble({ name }: Config, error: unknown): Event {
  return { kind: "spool-trouble", node: name, message: error instanceof Error ? error.message : "unknown" };
}
