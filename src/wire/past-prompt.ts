import { pastFile } from "../adapters/git/past-file.ts";
import type { Config } from "../config/settle.ts";
import { parseQueue } from "../format/queue.ts";
import { paths } from "../ledger/paths.ts";
import { sshCommandOf } from "./ssh-command.ts";

/** The prompt of a task that has ended, from the last QUEUE.md it stood in. */
export async function pastPrompt(config: Config, id: string): Promise<string | undefined> {
  const { remote, branch, ssh } = config;
  const sshCommand = sshCommandOf(ssh);
  const text = await pastFile({ remote, branch, sshCommand, path: paths.queue, text: `## ${id} ` });
  return text === undefined
    ? undefined
    : parseQueue(text).tasks.find(({ task }) => task.id === id)?.task.prompt;
}
