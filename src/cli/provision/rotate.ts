import { Fault } from "../../fault.ts";
import { look } from "../../../provision/look.ts";
import { afterRotation, rotationSteps } from "../../../provision/identity/rotate.ts";
import { converge, showPlan } from "./converge.ts";
import type { Session } from "./session.ts";

/** Gives the worker new keys; it has ones that work at every moment. */
export async function rotate(session: Session): Promise<number> {
  const { wanted, hands, tell, cli } = session;
  const { machine, contact } = await look({ wanted, hands, clock: cli.world.clock, tell });
  const retired = machine?.deployKey?.publicKey;
  if (retired === undefined || !contact) {
    throw new Fault("STEP_FAILED", `${wanted.name} has no deploy key that could be replaced`, {
      hint: `provision-worker ${wanted.name} makes one.`,
    });
  }
  const steps = rotationSteps({ deployKey: retired, hostKey: contact.hostKey });
  if (session.asked.onlyPlan) return showPlan(session, steps);
  const code = await converge(session, steps);
  const left = session.facts.machine && afterRotation(wanted, retired, session.facts.machine);
  if (left !== undefined) tell({ event: "advice", text: left });
  return code;
}
