import { ActionId } from "../../core/envelope.ts";
import { Fault } from "../../fault.ts";
import { openActions } from "../../routing/deliveries/select.ts";
import { fold } from "../../routing/deliveries/fold.ts";
import type { Cli } from "../cli.ts";
import { entriesHere } from "./explain.ts";
import { answerTo } from "./await-answer.ts";

/** The id of a question that `pawl ask` has printed; undefined for what names a task. */
export function actionId(given: string): ActionId | undefined {
  return given.startsWith("ac_") ? ActionId.safeParse(given).data : undefined;
}

/** The question what is to become of a task that failed, where main is here and asks it. */
export async function openQuestion(cli: Cli, task: string): Promise<ActionId | undefined> {
  const open = openActions(fold(await entriesHere(cli)));
  return open.find(({ question: { action } }) => {
    const { target } = action;
    return target?.kind === "failed-task" && target.task === task;
  })?.question.action.id;
}

/** Main answers within its next round, if it runs. */
const patienceMs = 5000;

/**
 * Answers a question as a button would. The first answer wins, whoever gives it.
 *
 * @throws ACTION_NOT_FOUND, or MOVE_REFUSED where this is no answer to it
 */
export async function answerAction(
  cli: Cli,
  action: ActionId,
  { verb, text, by }: { verb: string; text?: string; by?: string | undefined },
): Promise<number> {
  const { world } = cli;
  const desk = await world.routing(await cli.config());
  const question = fold(await desk.entries()).questions.get(action);
  if (!question) {
    throw new Fault("ACTION_NOT_FOUND", `Nobody asks ${action}`, {
      hint: "`pawl inbox` lists what is open.",
    });
  }
  const { options, kind } = question.action;
  const fits = kind === "input" ? text !== undefined : options.some((option) => option.verb === verb);
  if (!fits) {
    const known = options.map((option) => `${option.verb} (${option.label})`).join(", ");
    throw new Fault("MOVE_REFUSED", `${verb} is no answer to ${action}`, {
      hint: kind === "input" ? "It asks for words: say them with --text." : `Possible are ${known}: --verb.`,
    });
  }
  const person = by ?? world.user;
  await desk.ask({ kind: "answer", action, verb, person, ...(text === undefined ? {} : { text }) });
  const until = world.clock.monotonicMs() + patienceMs;
  for (;;) {
    const answer = await answerTo(desk, action);
    if (answer) {
      const mine = answer.kind === "answered" && answer.verb === verb && answer.by === person;
      cli.answer({ action, ...answer }, () =>
        mine
          ? `${action} is answered: ${verb}.`
          : answer.kind === "answered"
            ? `${action} was answered before: ${answer.verb}, by ${answer.by}.`
            : `${action} is closed: ${answer.kind}.`,
      );
      return mine ? 0 : 1;
    }
    if (world.clock.monotonicMs() >= until) break;
    await world.clock.sleep(200);
  }
  cli.answer(
    { action, kind: "waiting" },
    () => `${action}: main is not running; it will read this when it is.`,
  );
  return 0;
}
