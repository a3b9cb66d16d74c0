import type { Command } from "commander";

import { allSteps } from "../../../provision/all-steps.ts";
import type { Step } from "../../../provision/step.ts";
import { rollbackSteps, upgradeSteps } from "../../../provision/upgrade.ts";
import type { Cli } from "../cli.ts";
import type { Host } from "../host.ts";
import { type Asked, askedOf } from "./asked.ts";
import { takeBaseline } from "./baseline.ts";
import { converge, showPlan } from "./converge.ts";
import { addOptions, type Options } from "./options.ts";
import { remove } from "./remove.ts";
import { rotate } from "./rotate.ts";
import { showChecklist } from "./show-checklist.ts";
import { Session } from "./session.ts";

export function setUp(command: Command, host: Host): void {
  addOptions(command).action((name: string, options: Options) =>
    host.run(command, (cli) => provision(cli, askedOf(name, options))),
  );
}

async function provision(cli: Cli, asked: Asked): Promise<number> {
  if (asked.verb === "checklist") return showChecklist(cli);
  await using session = await Session.open(cli, asked);
  switch (asked.verb) {
    case "destroy":
      return await remove(session);
    case "rotate":
      return await rotate(session);
    case "upgrade":
      return await bring(session, upgradeSteps);
    case "rollback":
      return await bring(session, rollbackSteps);
    case "provision":
      if (asked.baselineSnapshot !== undefined) await takeBaseline(session, asked.baselineSnapshot);
      return await bring(session, allSteps);
    default:
      return asked.verb satisfies never;
  }
}

function bring(session: Session, steps: readonly Step[]): Promise<number> {
  return session.asked.onlyPlan ? showPlan(session, steps) : converge(session, steps);
}
