import type { Fault } from "../fault.ts";
import type { Job } from "./job.ts";

/** What an OpenClaw can do, and what is there of ours. */
export type Facts = {
  /** The program `pawl` on PATH, and the configuration that its commands are to name; both absolute. */
  pawl: string;
  config: string;
  version: string;
  /** How the agent can hear of results. */
  hears: "stream" | "heartbeat-file";
  workspace: string;
  /** Texts by path: the two files that are ours or have a part of ours, and what was kept beside them before. */
  files: ReadonlyMap<string, string>;
  automation: AutomationSeen;
};

export type AutomationSeen =
  | { kind: "none" }
  | { kind: "found"; job: Job }
  /** Only a running Gateway knows its automations. */
  | { kind: "gateway-down"; fault: Fault };
