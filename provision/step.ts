import type { Fault, FaultCode } from "../src/fault.ts";
import type { Price } from "../src/ports/server-provider.ts";
import type { Facts } from "./facts.ts";
import type { Wanted } from "./wanted.ts";

export type Phase = "cloud" | "contact" | "system" | "runtime" | "identity" | "service" | "hardening";

/** What a step finds in the facts. */
export type Verdict =
  | { is: "right" }
  | { is: "work"; because: string; price?: Price }
  /** The facts that it needs are there only after another step. */
  | { is: "unknown" }
  /** No apply can make it right: a person has to do something first. */
  | { is: "impossible"; fault: Fault };

/** What carrying out a step does, as data: the plan can show it, and one place does it. */
export type Action =
  /** A shell script as root on the worker. Long ones run as a unit of their own that a later run attaches to. */
  | { do: "script"; script: string; input?: string; seconds: number; long?: true }
  | { do: "add-account-key" }
  | { do: "create-server" }
  | { do: "await-server" }
  | { do: "limit-ssh"; from: readonly string[] }
  | { do: "rotate-host-key" }
  | { do: "register-deploy-key"; publicKey: string }
  | { do: "remove-deploy-key"; id: number; title: string }
  | { do: "upload-pawl" };

/** Something that is to be true of the worker. Pure: facts in, actions out. */
export type Step = {
  /** `phase.what`, as in `system.swap`: public, `--only` takes it. */
  id: string;
  phase: Phase;
  /** What is true once it is done, for people: `2 GB of swap`. */
  sentence: (wanted: Wanted) => string;
  /** Steps that come before it, where the order of the list is not enough to say it. */
  after: readonly string[];
  risk: "free" | "paid" | "destructive";
  /** The faults that it is known for. */
  codes: readonly FaultCode[];
  check: (facts: Facts, wanted: Wanted) => Verdict;
  apply: (facts: Facts, wanted: Wanted) => Action[];
};
