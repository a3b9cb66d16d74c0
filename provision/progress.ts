import type { Price } from "../src/ports/server-provider.ts";

/** What a run tells while it goes: one line each with `--json`, lines and a spinner on a terminal. */
export type Progress =
  | { event: "facts"; source: "cloud" | "machine" | "repository"; ms: number }
  | { event: "right"; step: string; sentence: string }
  | { event: "planned"; step: string; sentence: string; because: string; price?: Price }
  | { event: "begun"; step: string; sentence: string }
  /** What is awaited, and the last concrete obstacle: `ssh answers (connection refused)`. */
  | { event: "waiting"; step: string; what: string; obstacle?: string; seconds: number }
  /** A line that a long step printed. */
  | { event: "output"; step: string; line: string }
  | { event: "done"; step: string; sentence: string; ms: number }
  | { event: "failed"; step: string; code: string; message: string; hint: string }
  | { event: "advice"; text: string }
  | { event: "ended"; changed: number; right: number; ms: number };
