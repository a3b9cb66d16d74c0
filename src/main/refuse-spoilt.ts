import type { TaskId } from "../core/ids.ts";
import { Fault } from "../fault.ts";
import type { Ledger } from "../ledger/view.ts";

/** Throws when the task may be open, but nobody can read its section. */
export function refuseSpoilt(ledger: Ledger, id: TaskId): void {
  const bad = ledger.queue.bad.find((section) => section.id === id);
  if (!bad) return;
  throw new Fault("MOVE_REFUSED", `QUEUE.md line ${bad.line} cannot be read: ${bad.reason}`, {
    hint: "Mend or remove that section in worker/QUEUE.md by hand.",
  });
}
