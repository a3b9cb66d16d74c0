import { Command, CommanderError } from "commander";

import { realWorld } from "../wire.ts";
import type { World } from "../wire/world.ts";
import { Cli } from "./cli.ts";
import { commands } from "./commands.ts";
import type { Host } from "./host.ts";
import { faultCodes } from "../fault.ts";
import { report } from "./report.ts";

/** Runs one command line. Resolves to the exit code. */
export async function main(typed: string[], world: World = realWorld()): Promise<number> {
  const args = withoutHelpCommand(typed);
  let exitCode = 0;
  const program = root(world);
  const host: Host = {
    async run(command, action) {
      exitCode = (await action(new Cli(world, command.optsWithGlobals()))) ?? 0;
    },
  };
  // Only a command that is asked for is loaded; of the others the name is enough, for help and for misspelt ones.
  for (const { name, summary, load } of commands) {
    const command = program
      .command(name)
      .summary(summary)
      .description(`${capital(summary)}.`);
    if (!args.includes(name)) continue;
    const { setUp } = await load();
    setUp(command, host);
  }
  try {
    if (args.length === 0) program.outputHelp({ error: true });
    else await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    // A command without its subcommand: its help, which is on the screen already, says all there is to say.
    if (error instanceof CommanderError && error.code === "commander.help") return faultCodes.USAGE;
    return report(error, world, args.includes("--json"));
  }
  return args.length === 0 ? 2 : exitCode;
}

/** `help hub init` as `hub init --help`, since Commander helps neither with subcommands nor with misspelt commands. */
function withoutHelpCommand(args: string[]): string[] {
  const [first, ...words] = args.filter((arg) => !arg.startsWith("-"));
  const [name] = words;
  if (first !== "help" || name === undefined || name === "help") return args;
  return commands.some((command) => command.name === name) ? [...words, "--help"] : [name];
}

function root(world: World): Command {
  return new Command("pawl")
    .description("Gives an AI agent a second machine; a git repository is the queue.")
    .version(world.version(), "-V, --version", "print the version")
    .option("--config <file>", "configuration to use instead of the one that is found")
    .option("--json", "print the answer as JSON, for programs")
    .helpOption("-h, --help", "print help")
    .helpCommand("help [command]", "print help on a command")
    .configureHelp({ showGlobalOptions: true, helpWidth: Math.min(world.out.columns, 100) })
    .configureOutput({
      writeOut: (text) => world.out.write(text),
      writeErr: (text) => world.err.write(text),
      // It is told once, at the boundary.
      outputError: () => undefined,
    })
    .addHelpText("after", "\nBegin with `pawl init <folder>`; `pawl doctor` says what is missing.")
    .exitOverride();
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
