import { constants, copyFile, mkdir, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { diskFault } from "../../fault.ts";
import type { Openclaw } from "../../openclaw/openclaw.ts";
import type { Step } from "../../openclaw/plan.ts";

export async function carryOut(steps: readonly Step[], openclaw: Openclaw): Promise<void> {
  for (const step of steps) {
    if (step.kind === "file") await changeFile(step);
    else if (step.kind === "tell") await openclaw.tell(step.args);
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
