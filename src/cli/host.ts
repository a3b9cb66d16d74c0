import type { Command } from "commander";

import type { Cli } from "./cli.ts";

/** What a command file is given to hang its action on. */
export type Host = {
  /** Runs what a person asked for; the number it answers is the exit code, nothing means 0. */
  run(command: Command, action: (cli: Cli) => Promise<number | void>): Promise<void>;
};

/** Examples at the end of a command's help. */
export function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join("\n")}`;
}
