import { durationText } from "../../core/duration.ts";
import type { Request } from "../../core/request.ts";
import { stamp } from "../../core/stamp.ts";
import { Fault } from "../../fault.ts";
import { plain } from "../../format/plain.ts";
import { firstWords } from "../../format/queue.ts";
import { update } from "../../ledger/update.ts";
import { readLedger, readResult, taskIn, type Ledger } from "../../ledger/view.ts";
import type { Typed } from "../../ports/owner-commands.ts";
import { cancelledText, cancelTask } from "../cancel-task.ts";
import { retry, type ErrandTools } from "../errand.ts";
import { resolveId } from "../resolve-id.ts";
import { submission } from "../submit-task.ts";
import { condition, Workers } from "../workers.ts";

/** What the owner may type into a chat. It answers in Markdown. */
export type OwnerCommand = {
  /** What follows the name, for the help. */
  usage: string;
  summary: string;
  run(typed: Typed): Promise<string>;
};

export type OwnerTools = ErrandTools & { defaults: Request };

/** A chat is read on a phone: more than this nobody scrolls through. */
const most = 15;

/** Opens the ledger for one command. */
export type Borrow = <Answer>(work: (tools: OwnerTools) => Promise<Answer>) => Promise<Answer>;

export function ledgerCommands(borrow: Borrow): Record<string, OwnerCommand> {
  return {
    queue: {
      usage: "",
      summary: "what is open",
      run: () => borrow(async (tools) => queueText(await newest(tools))),
    },
    show: {
      usage: "<id>",
      summary: "one task, or its result",
      run: ({ args }) => borrow(async (tools) => showText(await newest(tools), args)),
    },
    submit: {
      usage: "<what to do>",
      summary: "put a task into the queue",
      run: (typed) => borrow((tools) => submit(tools, typed)),
    },
    cancel: {
      usage: "<id>",
      summary: "take a task back",
      run: ({ args }) => borrow((tools) => cancel(tools, args)),
    },
    retry: {
      usage: "<id>",
      summary: "try a task again",
      run: (typed) => borrow((tools) => tryAgain(tools, typed)),
    },
    workers: { usage: "", summary: "who is there", run: () => borrow(workersText) },
  };
}

async function newest({ repo }: OwnerTools): Promise<Ledger> {
  return readLedger(await repo.fetch());
}

async function cancel(tools: OwnerTools, given: string): Promise<string> {
  const ledger = await newest(tools);
  const id = await resolveId(ledger, given);
  const { answer } = await update(tools, (at) => cancelTask(at, id), { from: ledger.snapshot });
  return `${id} ${cancelledText(answer)}.`;
}

function queueText({ tasks, queue }: Ledger): string {
  if (tasks.length === 0) return "Nothing is queued.";
  const lines = tasks.slice(0, most).map(({ id, title, state }) => {
    const by = state.kind === "running" ? ` on ${state.by}` : "";
    return `- \`${id}\` **${state.kind}**${by}: ${plain(title)}`;
  });
  const more = tasks.length > most ? [`- and ${tasks.length - most} more`] : [];
  const bad = queue.bad.length > 0 ? [`\n${queue.bad.length} sections cannot be read; see CURRENT.md.`] : [];
  return [...lines, ...more, ...bad].join("\n");
}

async function showText(ledger: Ledger, given: string): Promise<string> {
  const id = await resolveId(ledger, given);
  const task = taskIn(ledger, id);
  if (task) {
    const { title, state, prompt } = task;
    const why = "why" in state && state.why !== "" ? `: ${plain(state.why)}` : "";
    return `\`${id}\` **${plain(title)}**\n${state.kind}${why}\n\n${prompt}`;
  }
  const result = await readResult(ledger.snapshot, id);
  if (!result || "problem" in result) {
    throw new Fault("TASK_NOT_FOUND", `The result of ${id} cannot be read`, {
      hint: `Look at worker/RESULTS/${id}.md.`,
    });
  }
  const { title, outcome, lease, started, ended, why, text } = result;
  const took = started === undefined ? "" : ` after ${durationText(secondsBetween(started, ended))}`;
  const on = lease ? ` on ${lease.by}` : "";
  const because = why === undefined ? "" : `: ${plain(why)}`;
  return `\`${id}\` **${plain(title)}**\n${outcome}${on}${took}${because}\n\n${text}`;
}

function secondsBetween(from: string, to: string): number {
  return Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
}

async function tryAgain(tools: OwnerTools, { args, person: by, key }: Typed): Promise<string> {
  const id = await resolveId(await newest(tools), args);
  return `${await retry(tools, id, { by, key: chatKey(key) })}.`;
}

/** A line that is heard again, because main died before it had written down that it heard it, is the same task. */
function chatKey(key: string): string {
  return `chat ${key}`;
}

async function submit(tools: OwnerTools, { args: prompt, person: by, key }: Typed): Promise<string> {
  const { clock, chance, defaults } = tools;
  if (prompt === "") throw new Fault("USAGE", "What is to be done?", { hint: "Write it behind /submit." });
  const now = clock.now();
  const request = { ...defaults, by, created: stamp(now), key: chatKey(key) };
  const { answer } = await update(
    tools,
    submission({ title: firstWords(prompt), prompt, request }, { today: now, chance }),
  );
  return `\`${answer.id}\` is ${answer.state}.`;
}

async function workersText({ repo, clock }: OwnerTools): Promise<string> {
  const workers = new Workers();
  const nowMs = clock.monotonicMs();
  await workers.observe((await repo.look()).beats, nowMs, repo);
  const lines = workers.views(nowMs).map((view) => {
    const running = view.beat?.running.length ?? 0;
    return `- **${plain(view.name)}**: ${condition(view)}, ${running === 0 ? "idle" : `${running} running`}`;
  });
  return lines.length === 0 ? "No worker has shown itself." : lines.join("\n");
}
