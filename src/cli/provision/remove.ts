import { destroy } from "../../../provision/destroy.ts";
import { gatherLeft } from "../../../provision/gather-left.ts";
import type { Left } from "../../../provision/hands.ts";
import { hasMachine, planRemoval, type RemovalPlan } from "../../../provision/plan-removal.ts";
import { confirmDestroy } from "./confirm.ts";
import type { Session } from "./session.ts";

/** Removes the worker for good, after saying what goes and what stays. Exit code 2: `--plan`, and something would go. */
export async function remove(session: Session): Promise<number> {
  const { wanted, hands, tell, cli, asked } = session;
  const left = await gatherLeft({ ...session.parts, isKeyOurs: session.ownKey.isOurs }, tell);
  const plan = planRemoval(left, wanted);
  show(session, plan);
  if (plan.goes.length === 0 || asked.onlyPlan) return plan.goes.length === 0 ? 0 : 2;
  await confirmDestroy(cli, asked);
  await destroy({ left, removals: plan.goes, hands, clock: cli.world.clock, tell });
  if (!cli.json) session.teller.line(`\n${goneText(left, wanted.name)}`);
  return 0;
}

function goneText(left: Left, name: string): string {
  if (hasMachine(left)) return `${name} is gone.`;
  return `What was left of ${name} is gone; no machine of its was found.`;
}

function show({ tell, teller, cli, wanted }: Session, { goes, stays }: RemovalPlan): void {
  for (const { id, sentence } of goes) tell({ event: "planned", step: id, sentence, because: "it goes" });
  if (goes.length > 0) for (const text of stays) tell({ event: "advice", text: `stays: ${text}` });
  else if (!cli.json) teller.line(`Nothing of ${wanted.name} is left to destroy.`);
}
