import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { ChildResult } from "../../src/ports/attempt-runner.ts";

/** Each result as it stands in RESULTS/, where tools that are confined to the workspace can read it. */
export async function writeChildren(folder: string, children: readonly ChildResult[]): Promise<void> {
  if (children.length === 0) return;
  await mkdir(folder, { mode: 0o700 });
  for (const { id, text } of children) {
    if (text !== undefined) await writeFile(join(folder, childFile(id)), text, { mode: 0o600 });
  }
}

export function childFile(id: string): string {
  return `${id}.md`;
}
