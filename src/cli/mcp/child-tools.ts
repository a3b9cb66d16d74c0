import * as z from "zod";

import { firstWords } from "../../format/queue.ts";
import type { AgentTool } from "../../ports/agent-tool.ts";
import type { Cli } from "../cli.ts";
import { handOver, waitForChildren } from "../in-task.ts";
import { readRequest } from "../read-request.ts";
import { tool } from "./tool.ts";

/** What an agent has that is itself at work on a task: it hands parts out, and waits for them without a slot. */
export function childTools(cli: Cli, inbox: string): AgentTool[] {
  return [submitChild(cli, inbox), waitForTasks(inbox)];
}

function submitChild(cli: Cli, inbox: string): AgentTool {
  return tool({
    name: "submit_task",
    description:
      "Hands a large part of this task to another task, which runs by itself and knows nothing but its prompt. It may do what this task may and no more. Answers with its id, or why it is refused.",
    input: z.object({
      prompt: z.string().min(1).describe("All that it needs to know"),
      title: z.string().max(200).optional(),
      after: z.string().optional().describe("Ids of tasks handed out before that must have succeeded first"),
      timeout: z.string().optional().describe("90s, 15m or 2h; not longer than this task's own"),
      key: z.string().optional().describe("The same key again gives the same task, not a second one"),
    }),
    readOnly: false,
    async run({ prompt, title = firstWords(prompt), after, timeout, key }) {
      const given = {
        ...(after !== undefined && { after }),
        ...(timeout !== undefined && { timeout }),
        ...(key !== undefined && { key }),
      };
      return handOver(cli.world, inbox, { title, prompt, request: readRequest(given, cli.now()) });
    },
  });
}

function waitForTasks(inbox: string): AgentTool {
  return tool({
    name: "wait_for_tasks",
    description:
      "Call it last, and then end: this task is started anew, with the results, when all tasks it handed out have ended.",
    input: z.object({ note: z.string().max(200).describe("What you want to remember then") }),
    readOnly: false,
    async run({ note }) {
      await waitForChildren(inbox, note);
      return { next: "End now. You will be started anew with the results." };
    },
  });
}
