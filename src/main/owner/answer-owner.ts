import { broke, Fault } from "../../fault.ts";
import { nearest } from "../../format/nearest.ts";
import type { OwnerCommands } from "../../ports/owner-commands.ts";
import type { OwnerCommand } from "./ledger-commands.ts";

/** Answers what the owner types; what goes wrong is an answer too, with what to do about it. */
export function answerOwner(commands: Readonly<Record<string, OwnerCommand>>): OwnerCommands {
  return {
    async answer(typed) {
      const { name } = typed;
      const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
      if (!command)
        return { markdown: name === "help" || name === "start" ? helpOf(commands) : unknown(name) };
      try {
        return { markdown: await command.run({ ...typed, args: typed.args.trim() }) };
      } catch (error) {
        return { markdown: wentWrong(error) };
      }
    },
  };

  function unknown(name: string): string {
    const meant = nearest(name, Object.keys(commands));
    const guess = meant === undefined ? "" : ` Did you mean /${meant}?`;
    return `There is no command /${name}.${guess}\n\n${helpOf(commands)}`;
  }
}

/** Not thrown even if it is a defect: the line would hear it again and again, and nothing that was said after it. */
function wentWrong(error: unknown): string {
  return error instanceof Fault
    ? `${error.message}.\n${error.hint}`
    : `That may not have been done: ${broke(error)}.\n/queue tells how things stand.`;
}

function helpOf(commands: Readonly<Record<string, OwnerCommand>>): string {
  return Object.entries(commands)
    .map(([name, { usage, summary }]) => `/${name}${usage === "" ? "" : ` ${usage}`}: ${summary}`)
    .join("\n");
}
