import { NodeName } from "../../core/ids.ts";
import type { Sight } from "../../ports/shared-repo.ts";

export function beatRef(worker: NodeName): string {
  return `refs/worker/${worker}/heartbeat`;
}

/** Reads what `git ls-remote` prints; refs that are no beat of ours are not our business. */
export function parseSight(lines: string, branch: string): Sight {
  let head: string | undefined;
  const beats = new Map<NodeName, string>();
  for (const line of lines.split("\n")) {
    const [oid = "", ref = ""] = line.split("\t");
    if (ref === `refs/heads/${branch}`) head = oid;
    const worker = NodeName.safeParse(/^refs\/worker\/([^/]+)\/heartbeat$/.exec(ref)?.[1]);
    if (worker.success) beats.set(worker.data, oid);
  }
  return { head, beats };
}
