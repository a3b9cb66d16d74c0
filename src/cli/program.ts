import { Command, CommanderError } from "commander";

import { realWorld } from "../wire.ts";
import type { World } from "../wire/world.ts";
import { Cli } from "./cli.ts";
import { commands, programs } from "./commands.ts";
import type { Host } from "./host.ts";
import { faultCodes } from "../fault.ts";
import { report } from "./report.ts";

/** Runs one command line of `pawl`. Resolves to the exit code. */
export async function main(typed: string[], world: World = realWorld()): Promise<number> {
  const args = withoutHelpCommand(typed);
  const program = root("pawl", world)
    .description("Gives an AI agent a second machine; a git repository is the queue.")
    .helpCommand("help [command]", "print help on a command")
    .addHelpText(
      "after",
      `\nBegin with \`pawl init <folder>\`; \`pawl doctor\` says what is missing. \`${programs.map(({ name }) => name).join("` and `")}\`\nmake a worker of another machine and say how it is.`,
    );
  const host = new ExitingHost(world);
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
  if (args.length > 0) return run(program, args, host, "pawl help <command>");
  program.outputHelp({ error: true });
  return faultCodes.USAGE;
}

/** The same for a program that is one command. */
export async function mainOf(
  name: (typeof programs)[number]["name"],
  args: string[],
  world: World = realWorld(),
): Promise<number> {
  const program = root(name, world);
  const host = new ExitingHost(world);
  for (const { name: known, summary, load } of programs) {
    if (known !== name) continue;
    program.description(`${capital(summary)}.`);
    (await load()).setUp(program, host);
  }
  return run(program, args, host, `${name} --help`);
}

class ExitingHost implements Host {
  readonly world: World;
  exitCode = 0;

  constructor(world: World) {
    this.world = world;
  }

  async run(command: Command, action: (cli: Cli) => Promise<number | void>): Promise<void> {
    this.exitCode = (await action(new Cli(this.world, command.optsWithGlobals()))) ?? 0;
  }
}

async function run(program: Command, args: string[], host: ExitingHost, help: string): Promise<number> {
  try {
    await program.parseAsync(args, { from: "user" });
    return host.exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    // A command without its subcommand: its help, which is on the screen already, says all there is to say.
    if (error instanceof CommanderError && error.code === "commander.help") return faultCodes.USAGE;
    return report(error, host.world, { json: args.includes("--json"), help });
  }
}

/** `help hub init` as `hub init --help`, since Commander helps neither with subcommands nor with misspelt commands. */
function withoutHelpCommand(args: string[]): string[] {
  const [first, ...words] = args.filter((arg) => !arg.startsWith("-"));
  const [name] = words;
  if (first !== "help" || name === undefined || name === "help") return args;
  return commands.some((command) => command.name === name) ? [...words, "--help"] : [name];
}

function root(name: string, world: World): Command {
  return new Command(name)
    .version(world.version(), "-V, --version", "print the version")
    .option("--config <file>", "configuration to use instead of the one that is found")
    .option("--json", "print the answer as JSON, for programs")
    .helpOption("-h, --help", "print help")
    .configureHelp({ showGlobalOptions: true, helpWidth: Math.min(world.out.columns, 100) })
    .configureOutput({
      writeOut: (text) => world.out.write(text),
      writeErr: (text) => world.err.write(text),
      // It is told once, at the boundary.
      outputError: () => undefined,
    })
    .exitOverride();
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
