import { editQueue, type QueueEdit } from "../format/queue-edit.ts";
import { paths } from "./paths.ts";
import type { Ledger } from "./view.ts";

/** What a decision wants to be different: one commit's worth. */
export type Change = {
  /** What was done, one short phrase each; the commit's subject is made of them. */
  deeds: string[];
  edits: QueueEdit[];
  /** New text of further files by path; null removes one. */
  files: Map<string, string | null>;
};

export function noChange(): Change {
  return { deeds: [], edits: [], files: new Map() };
}

/** Adds `more` to `into`. */
export function mergeChanges(into: Change, more: Change): void {
  into.deeds.push(...more.deeds);
  into.edits.push(...more.edits);
  for (const [path, text] of more.files) into.files.set(path, text);
}

export function isEmpty(change: Change): boolean {
  return change.edits.length === 0 && change.files.size === 0;
}

export function filesOf(change: Change, ledger: Ledger): Map<string, string | null> {
  const files = new Map(change.files);
  if (change.edits.length > 0) {
    const text = editQueue(ledger.queue, change.edits);
    if (text !== ledger.queue.text) files.set(paths.queue, text);
  }
  return files;
}
