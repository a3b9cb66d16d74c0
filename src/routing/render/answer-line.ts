import type { Card } from "../../core/card.ts";
import { verbs } from "../verbs.ts";
import { readPlain } from "./rich-text/read-markdown.ts";
import { joined, marked, nothing, type RichText } from "./rich-text/rich-text.ts";

/** How a question is answered where there are no buttons: a command for each of them. */
export function answerLine({ ask }: Card): RichText {
  if (!ask) return nothing;
  const buttons = ask.rows.flat();
  const answers = buttons.filter(({ verb }) => !isNoAnswer(verb));
  const commands = answers.map(({ label, verb }) => [label, commandFor(ask.action, verb)] as const);
  const asksForWords = answers.length === 0 && buttons.some(({ verb }) => verb === verbs.snooze);
  if (asksForWords) commands.push(["Answer", `pawl approve ${ask.action} --text "…"`]);
  const parts = commands.map(([label, command]) =>
    joined([readPlain(`${label}:`), marked(command, "code")], " "),
  );
  return joined(parts, " · ");
}

/** What asks once more stands in a message that has buttons. */
function isNoAnswer(verb: string): boolean {
  return [verbs.snooze, verbs.showAll, verbs.back].some((other) => other === verb) || /^y\d$/.test(verb);
}

function commandFor(action: string, verb: string): string {
  if (verb === verbs.approve) return `pawl approve ${action}`;
  return verb === verbs.reject ? `pawl reject ${action}` : `pawl approve ${action} --verb ${verb}`;
}
