import type { Command } from "commander";

import type { Facts } from "../openclaw/facts.ts";
import { Openclaw } from "../openclaw/openclaw.ts";
import { planInstall, planUninstall, type Step } from "../openclaw/plan.ts";
import type { Cli } from "./cli.ts";
import { examples, type Host } from "./host.ts";
import { carryOut } from "./openclaw/carry-out.ts";
import { gather } from "./openclaw/gather.ts";
import { viewOf, viewText } from "./openclaw/told.ts";

type Options = { workspace?: string; profile?: string; dryRun?: boolean };

export function setUp(command: Command, host: Host): void {
  for (const { verb, description, more, plan } of verbs) {
    const one = command.command(verb);
    one
      .description(description)
      .option("--workspace <folder>", "the agent's workspace; without it the one that OpenClaw uses")
      .option("--profile <name>", "OpenClaw's own --profile")
      .option("--dry-run", "only show what would change")
      .addHelpText(
        "after",
        `\n${more}\n${examples(`pawl openclaw ${verb} --dry-run`, `pawl openclaw ${verb} --profile work`)}`,
      )
      .action((options: Options) => host.run(one, (cli) => change(cli, plan, options)));
  }
}

const verbs: readonly { verb: string; description: string; more: string; plan: (facts: Facts) => Step[] }[] =
  [
    {
      verb: "install",
      description: "Teach OpenClaw's agent to hand out work, and wake it when tasks have ended.",
      more: "May be run again at any time. What you have changed in a file of ours is shown and kept\nbeside it, with .before-pawl at the end of its name.",
      plan: planInstall,
    },
    {
      verb: "uninstall",
      description: "Take back what install did.",
      more: "What you have changed in a file of ours is kept beside it.",
      plan: planUninstall,
    },
  ];

async function change(
  cli: Cli,
  plan: (facts: Facts) => Step[],
  { workspace, profile, dryRun = false }: Options,
): Promise<void> {
  const openclaw = new Openclaw(cli.world.openclaw(profile));
  const facts = await gather(cli, openclaw, { workspace });
  const planned = plan(facts);
  const steps = dryRun ? planned : await carryOut(planned, openclaw);
  const view = viewOf(steps, facts, dryRun);
  cli.answer(view, () => viewText(view));
  const stuck = steps.find((step) => step.kind === "stuck");
  if (stuck && !dryRun) throw stuck.fault;
}
