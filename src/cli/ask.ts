import type { Command } from "commander";

import type { Action } from "../core/envelope.ts";
import { newActionId } from "../routing/new-id.ts";
import { questionAction } from "../routing/question.ts";
import { verbs } from "../routing/verbs.ts";
import type { Cli } from "./cli.ts";
import { examples, type Host } from "./host.ts";
import { moment } from "./moment.ts";
import { awaitAnswer, type Awaited } from "./routing/await-answer.ts";
import { addEnvelopeOptions, readEnvelope, type EnvelopeOptions } from "./routing/read-envelope.ts";

type Options = Omit<EnvelopeOptions, "category" | "status"> & {
  option?: string[];
  input?: boolean;
  deadline: string;
  risk?: "low" | "high";
  wait?: boolean;
};

export function setUp(command: Command, host: Host): void {
  command
    .argument("<question>", "what is to be decided, in one line")
    .option("--option <verb=label>", "an answer to choose from, its verb two letters; repeatable", collect)
    .option("--input", "ask for words: the answer is a reply to the question")
    .option("--deadline <when>", "no answer by then means no: 4h, 2026-11-22T18:00Z", "1d")
    .option("--risk <level>", "high asks once more before the answer counts")
    .option("--wait", "wait for the answer: exit with 0 for yes, 10 for no, 11 when nobody answered");
  addEnvelopeOptions(command)
    .addHelpText(
      "after",
      `\nWithout --option the answers are Approve and Reject.\n${examples(
        'pawl ask "Send 14 invoices?" --body - --risk high --deadline 4h --wait < invoices.md',
        'pawl ask "Which offer?" --option o1=Acme --option o2=Birch --wait',
        'pawl ask "What is the new address?" --input --wait',
      )}`,
    )
    .action((question: string, options: Options) => host.run(command, (cli) => ask(cli, question, options)));
}

async function ask(cli: Cli, question: string, given: Options): Promise<number> {
  const { option, input, deadline, risk, wait, ...about } = given;
  const { world } = cli;
  const now = world.clock.now();
  const body = about.body === "-" ? await world.input.text() : about.body;
  const action = questionAction(newActionId(now, world.chance), {
    question,
    details: [about.summary, body].filter(Boolean).join("\n\n") || undefined,
    options: option,
    wantsWords: input ?? false,
    deadline: moment(deadline, now),
    risk: risk ?? "low",
  });
  const envelope = await readEnvelope(
    world,
    question,
    {
      severity: "notice",
      ...about,
      ...(body === undefined ? {} : { body }),
      category: `action.${action.kind}`,
    },
    { action },
  );
  const config = await cli.config();
  const desk = await world.routing(config);
  await desk.ask({ kind: "event", envelope });
  if (!wait) {
    cli.answer({ action: action.id, event: envelope.id }, () => action.id);
    return 0;
  }
  if (!cli.json) cli.tell(`${action.id} asked; waiting for an answer.`);
  const answer = await awaitAnswer(world, desk, action.id, Date.parse(envelope.action?.deadline ?? ""));
  cli.answer({ action: action.id, event: envelope.id, ...answer }, () => said(answer, action.options));
  return exitCode(answer);
}

function said(answer: Awaited, options: Action["options"]): string {
  if (answer.kind !== "answered") return answer.kind === "expired" ? "nobody answered in time" : answer.why;
  const label = options.find(({ verb }) => verb === answer.verb)?.label ?? answer.verb;
  return answer.text ?? label;
}

function exitCode(answer: Awaited): number {
  if (answer.kind !== "answered") return 11;
  return answer.verb === verbs.reject ? 10 : 0;
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}
