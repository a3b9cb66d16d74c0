import type { TaskId } from "../core/ids.ts";
import type { Request } from "../core/request.ts";

/** One thing that a running attempt asks to have done by another task. */
export type Drop = {
  /** Of its file; the answer goes by it. */
  name: string;
  asked: { title: string; prompt: string; request: Request } | { problem: string };
};

export type DropAnswer =
  /** `existing`: an earlier drop, of this attempt or of one before it, had the same key. */
  { kind: "queued"; id: TaskId; existing: boolean } | { kind: "refused"; why: string };

/** Where an attempt leaves what it wants others to do, and hears what became of it. */
export interface TaskInbox {
  /** Is there something in it that may not be complete yet? As of the last look. */
  readonly isFilling: boolean;

  /** What was not answered yet, and did not change since the last look. */
  read(): readonly Drop[];

  /** What cannot be written is dropped: the attempt may have ended, or spoilt its inbox. */
  answer(name: string, answer: DropAnswer): void;
}
