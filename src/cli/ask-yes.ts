import type { Cli } from "./cli.ts";

/** Waits for one key on the terminal: `y` means yes, any other no. */
export async function askYes(cli: Cli, question: string): Promise<boolean> {
  cli.world.err.write(`\n${question} [y/N] `);
  const { promise, resolve } = Promise.withResolvers<string>();
  using _keys = cli.world.input.keys(resolve);
  const key = await promise;
  cli.world.err.write(`${key === "y" ? "yes" : "no"}\n`);
  return key === "y";
}
