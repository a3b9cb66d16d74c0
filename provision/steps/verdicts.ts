import { Fault, type FaultCode } from "../../src/fault.ts";
import type { Price } from "../../src/ports/server-provider.ts";
import type { CloudFacts, Facts, MachineFacts } from "../facts.ts";
import type { ScriptCall, Step, Verdict } from "../step.ts";
import type { Wanted } from "../wanted.ts";

export const right: Verdict = { is: "right" };
export const unknown: Verdict = { is: "unknown" };

export function rightBut(note: string): Verdict {
  return { is: "right", note };
}

export function work(because: string, price?: Price): Verdict {
  return { is: "work", because, ...(price && { price }) };
}

export function impossible(code: FaultCode, message: string, hint: string): Verdict {
  return { is: "impossible", fault: new Fault(code, message, { hint }) };
}

/** A check that waits until the account was asked. */
export function inCloud(check: (cloud: CloudFacts, wanted: Wanted) => Verdict): Step["check"] {
  return ({ cloud }, wanted) => (cloud ? check(cloud, wanted) : unknown);
}

/** A check that waits until the machine was asked. */
export function onMachine(
  check: (machine: MachineFacts, wanted: Wanted, facts: Facts) => Verdict,
): Step["check"] {
  return (facts, wanted) => (facts.machine ? check(facts.machine, wanted, facts) : unknown);
}

/** A script that ends soon, or the connection is given up after a minute. */
export function shortScript(call: ScriptCall, input?: string) {
  return { do: "script", call, seconds: 60, ...(input !== undefined && { input }) } as const;
}

export function longScript(call: ScriptCall, seconds: number) {
  return { do: "script", call, seconds, long: true } as const;
}
