import { CommanderError } from "commander";

import { Fault, faultCodes } from "../fault.ts";
import type { World } from "../wire/world.ts";

const bugExitCode = 70;

export type Reporting = {
  json: boolean;
  /** What shows how a command is used. */
  help?: string;
};

/** Tells what went wrong: a fault in two lines, a bug with its stack. Answers the exit code. */
export function report(
  error: unknown,
  world: World,
  { json, help = "pawl help <command>" }: Reporting,
): number {
  const fault = error instanceof CommanderError ? usageFault(error, help) : error;
  if (fault instanceof Fault) {
    const { code, message, hint } = fault;
    world.err.write(
      json ? `${JSON.stringify({ error: { code, message, hint } })}\n` : `${message}\n${hint} [${code}]\n`,
    );
    return faultCodes[code];
  }
  const told = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
  const hint = `This is a bug in pawl ${world.version()} (Node ${process.version}). Please report it with the lines above.`;
  world.err.write(
    json ? `${JSON.stringify({ error: { code: "BUG", message: told, hint } })}\n` : `${told}\n\n${hint}\n`,
  );
  return bugExitCode;
}

/** Commander's own suggestions (`Did you mean …?`) come in its message. */
function usageFault({ message }: CommanderError, help: string): Fault {
  const [said = "", ...meant] = message.replace(/^error: /, "").split("\n");
  const hint = meant.join(" ").replace(/^\(|\)$/g, "") || `\`${help}\` shows how it is used.`;
  return new Fault("USAGE", said.charAt(0).toUpperCase() + said.slice(1), { hint });
}
