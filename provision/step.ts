import type { Fault, FaultCode } from "../src/fault.ts";
import type { Price } from "../src/ports/server-provider.ts";
import type { Facts } from "./facts.ts";
import type { ScriptName, Scripts } from "./scripts.ts";
import type { Wanted } from "./wanted.ts";

export type Phase =
  | "cloud"
  | "contact"
  | "system"
  | "runtime"
  | "identity"
  | "service"
  | "hardening"
  | "upgrade";

/** What a step finds in the facts. */
export type Verdict =
  /** `note`: what a person might want to know although nothing has to be done, a newer version for one. */
  | { is: "right"; note?: string }
  /** `consent`: what somebody has to agree to first, since it changes more than this worker; as in `remove the rest`. */
  | { is: "work"; because: string; price?: Price; consent?: string }
  /** The facts that it needs are there only after another step. */
  | { is: "unknown" }
  /** No apply can make it right: a person has to do something first. */
  | { is: "impossible"; fault: Fault };

/** One of the scripts in files/steps and what it is told; `script(call.name, call.values)` is its text. */
export type ScriptCall = { [Name in ScriptName]: { name: Name; values: Scripts[Name] } }[ScriptName];

/** What carrying out a step does, as data: the plan can show it, and one place does it. */
export type Action =
  /** A script as root on the worker. Long ones run as a unit of their own that a later run attaches to. */
  | { do: "script"; call: ScriptCall; input?: string; seconds: number; long?: true }
  | { do: "add-account-key" }
  /** Throws NAME_TAKEN while another worker lives under this name, as far as the hub can be asked. */
  | { do: "refuse-namesake" }
  | { do: "create-server" }
  | { do: "limit-ssh"; from: readonly string[] }
  /** Makes a new key on the machine, pins it, and only then has the machine show it and forget the other. */
  | { do: "rotate-host-key" }
  | { do: "register-deploy-key"; publicKey: string }
  | { do: "remove-deploy-key"; id: number }
  /** Installs our own package beside what is there; the tarball goes over standard input. */
  | { do: "upload-pawl" }
  /** Writes the files of these credentials; their values are no part of any plan. */
  | { do: "store-credentials"; names: readonly string[] }
  | { do: "destroy-server"; id: string }
  | { do: "remove-ssh-limit" }
  | { do: "remove-account-key"; id: string }
  /** Forgets what we keep of the worker on this machine: the pinned host key. */
  | { do: "forget-pin" }
  | Await;

/** Looks again and again until the step has no work any more; `late` is thrown when that takes longer. */
export type Await = {
  do: "await";
  source: "cloud" | "machine";
  /** For people: `the server starts`. */
  what: string;
  seconds: number;
  everySeconds: number;
  late: { code: FaultCode; hint: string };
};

/** What hands do; waiting is the loop's own. */
export type Deed = Exclude<Action, Await>;

/** Something that is to be true of the worker. Pure: facts in, actions out. */
export type Step = {
  /** `phase.what`, as in `system.swap`: public, `--only` takes it. */
  id: string;
  phase: Phase;
  /** What is true once it is done, for people: `2 GB of swap`. */
  sentence: (wanted: Wanted) => string;
  /** Whether this run is about it at all; without it, it always is. */
  isAsked?: (wanted: Wanted) => boolean;
  /** Steps that come before it, where the order of the list is not enough to say it. */
  after: readonly string[];
  risk: "free" | "paid" | "destructive";
  /** The faults that it is known for. */
  codes: readonly FaultCode[];
  check: (facts: Facts, wanted: Wanted) => Verdict;
  /** At most one long action: its unit on the worker has the name of the step. */
  apply: (facts: Facts, wanted: Wanted) => Action[];
};
