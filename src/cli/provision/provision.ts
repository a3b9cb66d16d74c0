import type { Command } from "commander";

import type { Cli } from "../cli.ts";
import type { Host } from "../host.ts";
import { type Asked, askedOf } from "./asked.ts";
import { converge, showPlan } from "./converge.ts";
import { addOptions, type Options } from "./options.ts";
import { Session } from "./session.ts";

export function setUp(command: Command, host: Host): void {
  addOptions(command).action((name: string, options: Options) =>
    host.run(command, (cli) => provision(cli, askedOf(name, options))),
  );
}

async function provision(cli: Cli, asked: Asked): Promise<number> {
  await using session = await Session.open(cli, asked);
  return asked.onlyPlan ? await showPlan(session) : await converge(session);
}
