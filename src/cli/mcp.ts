import type { Command } from "commander";

import { examples, type Host } from "./host.ts";
import { taskInbox } from "./in-task.ts";
import { childTools } from "./mcp/child-tools.ts";
import { askTools } from "./mcp/ask-tools.ts";
import { taskTools } from "./mcp/task-tools.ts";

export function setUp(command: Command, host: Host): void {
  command
    .addHelpText(
      "after",
      `\nSpeaks the Model Context Protocol on standard input and output, so that any agent that knows it can\nhand work out: submit_task, get_task, list_tasks, read_result, cancel_task, ask_owner, get_answer.\nInside a task: submit_task and wait_for_tasks, by way of the task's worker.\n${examples(
        "claude mcp add pawl -- pawl mcp --config /etc/pawl.config.yaml",
        "codex mcp add pawl -- pawl mcp",
      )}`,
    )
    .action(() =>
      host.run(command, async (cli) => {
        const inbox = taskInbox(cli.world);
        if (inbox !== undefined) return cli.world.serveMcp(childTools(cli, inbox));
        // Before the agent waits for an answer: a broken configuration is told at once.
        await cli.config();
        await cli.world.serveMcp([...taskTools(cli), ...askTools(cli)]);
      }),
    );
}
