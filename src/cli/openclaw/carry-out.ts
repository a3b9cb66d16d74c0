import { constants, copyFile, mkdir, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { diskFault, Fault } from "../../fault.ts";
import type { Openclaw } from "../../openclaw/openclaw.ts";
import type { Step } from "../../openclaw/plan.ts";

/** Answers what became of the steps: one that OpenClaw refuses is stuck, and the others are done all the same. */
export async function carryOut(steps: readonly Step[], openclaw: Openclaw): Promise<Step[]> {
  const done: Step[] = [];
  for (const step of steps) done.push(await carriedOut(step, openclaw));
  return done;
}

async function carriedOut(step: Step, openclaw: Openclaw): Promise<Step> {
  try {
    if (step.kind === "file") await changeFile(step);
    else if (step.kind === "tell") await openclaw.tell(step.args);
    return step;
  } catch (error) {
    if (step.kind !== "tell" || !(error instanceof Fault)) throw error;
    return { kind: "stuck", what: step.what, fault: error };
  }
}

async function changeFile({ path, after, copy }: Step & { kind: "file" }): Promise<void> {
  try {
    if (copy !== undefined) await copyFile(path, copy, constants.COPYFILE_EXCL);
    if (after !== undefined) {
      await mkdir(dirname(path), { recursive: true });
      return await writeFile(path, after);
    }
    await rm(path);
  } catch (error) {
    throw diskFault(path, error);
  }
  // Of a folder that holds something else nothing is removed.
  await rmdir(dirname(path)).catch(() => undefined);
}
