import { Fault } from "../../src/fault.ts";
import { Openclaw } from "../../src/openclaw/openclaw.ts";
import type { AgentProgram } from "../../src/ports/agent-program.ts";
import type { Automations } from "./checklist.ts";

/** A machine without OpenClaw has none; one whose Gateway is down has some that nobody can tell of. */
export async function readAutomations(program: AgentProgram): Promise<Automations> {
  try {
    return { jobs: await new Openclaw(program).jobs() };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return error.code === "OPENCLAW_MISSING" ? undefined : { unread: error.message };
  }
}
