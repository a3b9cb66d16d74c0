import type { Command } from "commander";

import { stamp } from "../core/stamp.ts";
import { firstWords } from "../format/queue.ts";
import { update } from "../ledger/update.ts";
import { submission, type Submission, type Submitted } from "../main/submit-task.ts";
import type { Cli } from "./cli.ts";
import { examples, type Host } from "./host.ts";
import { handOver, taskInbox, waitForChildren } from "./in-task.ts";
import { readPrompt } from "./read-prompt.ts";
import { addRequestOptions, readRequest, type RequestOptions } from "./read-request.ts";
import { resolveId } from "../main/resolve-id.ts";
import { waitFor } from "./wait-for.ts";
import { withLedger, type AtLedger } from "./with-ledger.ts";

type Options = RequestOptions & { file?: string; title?: string; wait?: boolean };

export function setUp(command: Command, host: Host): void {
  command
    .argument("[prompt...]", "what is to be done; - reads it from standard input")
    .option("--file <path>", "read the prompt from a file")
    .option("--title <text>", "title; without it the prompt's first words")
    .option("--wait", "wait for the end; exit with 0 if it succeeded and 1 if not")
    .addHelpText(
      "after",
      examples(
        'pawl submit "Compare the three backup offers in offers/"',
        "pawl submit --file prompt.md --priority high --timeout 2h",
        "git diff | pawl submit - --title 'Review this' --wait",
      ) +
        "\n\nInside a task it asks the task's worker, needs no configuration and no git, and may ask for what the\ntask may do itself. With --wait the task goes on, once it has ended, when that has ended.",
    );
  addRequestOptions(command).action((words: string[], options: Options) =>
    host.run(command, async (cli) => {
      const prompt = await readPrompt(cli.world, words, options.file);
      const inbox = taskInbox(cli.world);
      if (inbox !== undefined) return submitInTask(cli, inbox, prompt, options);
      const { id } = await submit(cli, prompt, options);
      return options.wait ? waitFor(cli, id) : undefined;
    }),
  );
}

async function submit(cli: Cli, prompt: string, options: Options): Promise<Submitted> {
  const now = cli.now();
  const { world } = cli;
  const { defaults } = await cli.config();
  const asked = readRequest(
    { by: world.user, ...options, ...(options.after === undefined ? {} : { after: "" }) },
    now,
  );
  return withLedger(cli, async (at) => {
    const after = await Promise.all(
      (options.after ?? "")
        .split(",")
        .filter(Boolean)
        .map((given) => resolveId(at.ledger, given)),
    );
    const submitted = await enqueue(cli, at, {
      title: options.title ?? firstWords(prompt),
      prompt,
      request: {
        ...defaults,
        ...asked,
        ...(after.length === 0 ? {} : { after }),
        created: stamp(now),
      },
    });
    if (submitted.existing)
      cli.tell(`${submitted.id} was submitted with this key before; it is ${submitted.state}.`);
    else if (submitted.state !== "queued") cli.tell(`${submitted.id} is ${submitted.state} for now.`);
    if (!options.wait) cli.answer(submitted, () => submitted.id);
    else if (!cli.json) cli.tell(`${submitted.id} submitted.`);
    return submitted;
  });
}

/** By way of the worker that runs the task in which this is typed. */
async function submitInTask(cli: Cli, inbox: string, prompt: string, options: Options): Promise<void> {
  const { wait = false, title = firstWords(prompt) } = options;
  const answer = await handOver(cli.world, inbox, {
    title,
    prompt,
    request: readRequest(options, cli.now()),
  });
  if (wait) await waitForChildren(inbox, `handed out: ${title}`);
  if (answer.kind === "pending") {
    cli.tell(`The worker has not answered yet; its answer will be in ${answer.file}.`);
    return cli.answer(answer, () => "");
  }
  if (wait)
    cli.tell("End now: this task is started anew, with the results, when what it handed out has ended.");
  cli.answer(answer, () => answer.id);
}

/** Puts a task into the queue and tells the nodes on this machine. */
export async function enqueue(
  cli: Cli,
  { config, repo, ledger }: AtLedger,
  task: Omit<Submission, "id">,
): Promise<Submitted> {
  const { clock, chance } = cli.world;
  const { answer } = await update(
    { repo, node: config.name, clock, chance },
    submission(task, { today: cli.now(), chance }),
    {
      from: ledger.snapshot,
    },
  );
  await cli.world.poke(config);
  return answer;
}
