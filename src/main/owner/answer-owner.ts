import { Fault } from "../../fault.ts";
import { nearest } from "../../format/nearest.ts";
import type { OwnerCommands } from "../../ports/owner-commands.ts";
import type { OwnerCommand } from "./ledger-commands.ts";

/** Answers what the owner types; what goes wrong is an answer too, with what to do about it. */
export function answerOwner(commands: Readonly<Record<string, OwnerCommand>>): OwnerCommands {
  return {
    async answer(name, args, person) {
      const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
      if (!command)
        return { markdown: name === "help" || name === "start" ? helpOf(commands) : unknown(name) };
      try {
        return { markdown: await command.run(args.trim(), person) };
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        return { markdown: `${error.message}.\n${error.hint}` };
      }
    },
  };

  function unknown(name: string): string {
    const meant = nearest(name, Object.keys(commands));
    const guess = meant === undefined ? "" : ` Did you mean /${meant}?`;
    return `There is no command /${name}.${guess}\n\n${helpOf(commands)}`;
  }
}

function helpOf(commands: Readonly<Record<string, OwnerCommand>>): string {
  return Object.entries(commands)
    .map(([name, { usage, summary }]) => `/${name}${usage === "" ? "" : ` ${usage}`}: ${summary}`)
    .join("\n");
}
