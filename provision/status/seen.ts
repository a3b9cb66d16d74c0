import type { Beat } from "../../src/core/beat.ts";
import type { MachineReport } from "../../src/core/machine-report.ts";
import type { Result } from "../../src/core/outcome.ts";
import type { OpenState } from "../../src/core/task.ts";
import type { Server } from "../../src/ports/server-provider.ts";
import type { MachineFacts } from "../facts.ts";
import type { Versions } from "../wanted.ts";
import type { Age } from "./freshness.ts";
import type { Look } from "./look.ts";
import type { ServiceLines } from "./service-lines.ts";

/** What the machine told over ssh. */
export type MachineSeen = {
  facts: MachineFacts;
  lines: ServiceLines;
  /** Fingerprint of the key that it showed, and that we expected: `SHA256:...`. */
  hostKey: string;
};

/** What the hub tells about one worker. */
export type HubSeen = {
  /** Nothing: it has never given a sign of life. `beat` is missing in one of a version that we cannot read. */
  sign: { beat: Beat | undefined; commit: string } | undefined;
  age: Age | undefined;
  /** Open tasks of everybody, by state. */
  queue: Partial<Record<OpenState["kind"], number>>;
  /** The tasks that it holds, by the queue; what its beat says of each as far as it does. */
  running: RunningSeen[];
  /** The last ten that it has ended, the newest first. */
  results: Pick<Result, "id" | "title" | "outcome" | "why" | "ended" | "attempt">[];
  /** How many of its tasks ended on each of the last days, today last. */
  perDay: number[];
};

export type RunningSeen = {
  task: string;
  title: string;
  attempt: number;
  /** Seconds since the attempt began, by the worker's own stopwatch at its last beat. */
  seconds?: number;
  progress?: string;
};

/** All that one look at a worker has brought together. */
export type Seen = {
  name: string;
  /** All servers of that name, ours or not. */
  servers: Look<readonly Server[]>;
  machine: Look<MachineSeen>;
  hub: Look<HubSeen>;
  /** What the machine last told the hub of itself; looked for only where it cannot be asked. */
  report?: MachineReport | undefined;
  /** Sentences of the steps that have work or are impossible, where that can be told. */
  drift: readonly string[];
  pinned: { node: Versions["node"]["version"]; openclaw: string | undefined; pawl: string };
  /** ISO 8601, by the clock of whoever looks. */
  at: string;
};
