import * as z from "zod";

import { requestKeys } from "../../core/request.ts";
import { stamp } from "../../core/stamp.ts";
import { Fault } from "../../fault.ts";
import { firstWords } from "../../format/queue.ts";
import { update } from "../../ledger/update.ts";
import { readResult, taskIn } from "../../ledger/view.ts";
import { cancelTask } from "../../main/cancel-task.ts";
import { resolveId } from "../../main/resolve-id.ts";
import type { AgentTool } from "../../ports/agent-tool.ts";
import type { Cli } from "../cli.ts";
import { readRequest } from "../read-request.ts";
import { latestResults } from "../read-marks.ts";
import { enqueue } from "../submit.ts";
import { endedView, openView, type TaskView } from "../task-view.ts";
import { withLedger } from "../with-ledger.ts";
import { tool } from "./tool.ts";

const Id = z.string().describe("A task id such as T-20261121-7k3qx, or the beginning of its last part");

/** What an agent sees of a task: no prompt, no text; those are read when they are wanted. */
type Brief = Pick<TaskView, "id" | "title" | "state" | "worker" | "attempt" | "why"> & { ended?: string };

/** More than this of a text at once would fill the agent's context. */
const longestRead = 20_000;

export function taskTools(cli: Cli): AgentTool[] {
  return [submitTask(cli), getTask(cli), listTasks(cli), readResultText(cli), cancelOne(cli)];
}

function submitTask(cli: Cli): AgentTool {
  const options = z.object({
    executor: z.string().optional(),
    model: z.string().optional(),
    thinking: z.string().optional(),
    priority: z.string().optional().describe("urgent, high, normal or low"),
    category: z.string().optional().describe("What it is about; decides where its result is told"),
    needs: z.string().optional().describe("Capabilities that the worker must have, separated by commas"),
    after: z
      .string()
      .optional()
      .describe("Ids of tasks that must have succeeded before, separated by commas"),
    timeout: z.string().optional().describe("90s, 15m or 2h"),
    attempts: z.string().optional(),
    expires: z.string().optional().describe("Not to be started after: 2h, or 2026-11-22T18:00Z"),
    key: z.string().optional().describe("The same key again gives the same task, not a second one"),
    approval: z.string().optional().describe("required: the owner has to agree before it runs"),
  });
  return tool({
    name: "submit_task",
    description:
      "Hands a long or heavy task to a worker machine, which runs it in a fresh process and keeps the result. Answers with the task's id at once; the task goes on by itself.",
    input: options.extend({
      prompt: z
        .string()
        .min(1)
        .describe("All that the worker needs to know: it has seen nothing of this conversation"),
      title: z.string().max(200).optional(),
    }),
    readOnly: false,
    async run({ prompt, title = firstWords(prompt), ...given }) {
      const { world } = cli;
      const known = requestKeys.filter((key) => key in given) as (keyof typeof given)[];
      const asked = Object.fromEntries(
        known.flatMap((key) => (given[key] === undefined ? [] : [[key, given[key]]])),
      );
      const request = readRequest({ by: world.user, ...asked }, cli.now());
      const { defaults } = await cli.config();
      return withLedger(cli, (at) =>
        enqueue(cli, at, { title, prompt, request: { ...defaults, ...request, created: stamp(cli.now()) } }),
      );
    },
  });
}

function getTask(cli: Cli): AgentTool {
  return tool({
    name: "get_task",
    description: "How a task stands: its state, worker, attempt and why. Read its result with read_result.",
    input: z.object({ id: Id }),
    readOnly: true,
    run: ({ id: given }) =>
      withLedger(cli, async ({ ledger }) => {
        const id = await resolveId(ledger, given);
        const task = taskIn(ledger, id);
        if (task) return { ...brief(openView(task)), request: task.request };
        const result = await readResult(ledger.snapshot, id);
        if (!result || "problem" in result) throw unreadable(id);
        const { request, facts, text } = result;
        return { ...brief(endedView(result)), request, facts, resultCharacters: text.length };
      }),
  });
}

function listTasks(cli: Cli): AgentTool {
  return tool({
    name: "list_tasks",
    description: "The open tasks, or with ended: true those that ended last, the newest first.",
    input: z.object({ ended: z.boolean().default(false), limit: z.int().min(1).max(100).default(20) }),
    readOnly: true,
    run: ({ ended, limit }) =>
      withLedger(cli, async ({ ledger }) => {
        const all = ended ? (await latestResults(ledger)).map(endedView) : ledger.tasks.map(openView);
        return { tasks: all.slice(0, limit).map(brief), more: Math.max(0, all.length - limit) };
      }),
  });
}

function readResultText(cli: Cli): AgentTool {
  return tool({
    name: "read_result",
    description: `The text of an ended task, at most ${longestRead} characters at once; go on with offset.`,
    input: z.object({
      id: Id,
      offset: z.int().min(0).default(0),
      length: z.int().min(1).max(longestRead).default(longestRead),
    }),
    readOnly: true,
    run: ({ id: given, offset, length }) =>
      withLedger(cli, async ({ ledger }) => {
        const id = await resolveId(ledger, given);
        const task = taskIn(ledger, id);
        if (task) {
          throw new Fault("MOVE_REFUSED", `${id} has not ended: it is ${task.state.kind}`, {
            hint: "Ask again later with get_task.",
          });
        }
        const result = await readResult(ledger.snapshot, id);
        if (!result || "problem" in result) throw unreadable(id);
        const { outcome, why, text } = result;
        const part = text.slice(offset, offset + length);
        const rest = Math.max(0, text.length - offset - part.length);
        return { id, outcome, why, text: part, rest };
      }),
  });
}

function cancelOne(cli: Cli): AgentTool {
  return tool({
    name: "cancel_task",
    description: "Takes a task back. A worker that runs it stops it. What has ended stays as it ended.",
    input: z.object({ id: Id }),
    readOnly: false,
    run: ({ id: given }) =>
      withLedger(cli, async ({ config, repo, ledger }) => {
        const { clock, chance } = cli.world;
        const id = await resolveId(ledger, given);
        const updating = { repo, node: config.name, clock, chance };
        const { answer } = await update(updating, (newest) => cancelTask(newest, id), {
          from: ledger.snapshot,
        });
        await cli.world.poke(config);
        return { id, ...answer };
      }),
  });
}

function brief(view: TaskView): Brief {
  const { id, title, state, worker, attempt, why, ended } = view;
  return { id, title, state, worker, attempt, why, ...(ended === undefined ? {} : { ended }) };
}

function unreadable(id: string): Fault {
  return new Fault("MOVE_REFUSED", `The result of ${id} cannot be read`, {
    hint: `Tell the owner to look at worker/RESULTS/${id}.md.`,
  });
}
