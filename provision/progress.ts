import type { Price } from "../src/ports/server-provider.ts";

/** What a run tells while it goes: one line each with `--json`, lines and a spinner on a terminal. */
export type Progress =
  | { event: "facts"; source: "cloud" | "machine" | "repository"; ms: number }
  | { event: "right"; step: string; sentence: string; note?: string }
  | { event: "planned"; step: string; sentence: string; because: string; price?: Price }
  | { event: "begun"; step: string; sentence: string }
  /** What is awaited, and the last concrete obstacle: `ssh answers (connection refused)`. */
  | { event: "waiting"; step: string; what: string; obstacle?: string; seconds: number }
  /** A line that a long step printed. */
  | { event: "output"; step: string; line: string }
  | { event: "done"; step: string; sentence: string; ms: number }
  /** `report`: with NOT_CONVERGED, the facts without addresses, keys and secrets: what a report of the defect needs. */
  | { event: "failed"; step: string; code: string; message: string; hint: string; report?: string }
  /** After a failure: what this run did, what exists now and may cost, and the one command that removes it. */
  | { event: "left"; done: readonly string[]; exists: string; price?: Price; remove: string }
  | { event: "advice"; text: string }
  | { event: "ended"; changed: number; right: number; ms: number };
