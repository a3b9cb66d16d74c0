import type { NodeName, TaskId } from "../core/ids.ts";
import type { HistoryEntry, SharedRepo } from "../ports/shared-repo.ts";
import { Auditor, replay } from "./replay.ts";
import { authorOf } from "./step.ts";

export type Audit = {
  /** How many commits were looked at, the illegal one included. */
  commits: number;
  claims: number;
  /** The first commit that broke a rule; undefined when all were legal. */
  illegal: { commit: string; author: NodeName | undefined; reason: string; task?: TaskId } | undefined;
};

/** Checks each commit after `since`, or from the beginning, against its parents, oldest first. */
export async function auditHistory(repo: SharedRepo, since?: string): Promise<Audit> {
  const entries: HistoryEntry[] = [];
  for await (const entry of repo.history(since)) entries.push(entry);
  const auditor = new Auditor();
  let commits = 0;
  for await (const { entry, verdict } of replay(repo, entries.toReversed(), auditor)) {
    commits++;
    if (verdict.kind === "illegal") {
      const { kind: _kind, ...breach } = verdict;
      const illegal = { commit: entry.commit, author: authorOf(entry.message), ...breach };
      return { commits, claims: auditor.claims, illegal };
    }
  }
  return { commits, claims: auditor.claims, illegal: undefined };
}
