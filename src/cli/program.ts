import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";

import { Command } from "commander";
import * as z from "zod";

export async function main(args: string[]): Promise<number> {
  const program = new Command("pawl")
    .description("Gives an AI agent a second machine; a git repository is the queue.")
    .version(version());
  await program.parseAsync(args, { from: "user" });
  return 0;
}

/** Found by looking upwards, because the checkout and the built package have it at different heights. */
function version(): string {
  const path = findPackageJSON("..", import.meta.url);
  if (path === undefined) throw new Error("pawl has lost its package.json");
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(path, "utf8"))).version;
}
