import { Fault } from "../../src/fault.ts";
import { machineFacts, type MachineFacts } from "../facts.ts";

/** What the probe script printed, as facts. */
export function readProbe(text: string): MachineFacts {
  const read = machineFacts.safeParse(jsonOf(text));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw notUnderstood(`${issue?.path.join(".") || "the whole"}: ${issue?.message ?? ""}`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const begin = text.replace(/\p{C}+/gu, " ").slice(0, 200);
    throw notUnderstood(begin.trim() === "" ? "it said nothing" : `no JSON: ${begin}`);
  }
}

function notUnderstood(what: string): Fault {
  return new Fault("STEP_FAILED", `The probe of the machine answered what we do not understand (${what})`, {
    hint: "That is a defect of ours, or something odd about the machine: please report it with these words.",
  });
}
