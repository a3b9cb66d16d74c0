import { Fault, faultCodes } from "../src/fault.ts";
import { didYouMean } from "../src/format/nearest.ts";
import type { Price } from "../src/ports/server-provider.ts";
import type { Facts } from "./facts.ts";
import type { Step, Verdict } from "./step.ts";
import type { Wanted } from "./wanted.ts";

export type PlannedStep = { step: Step; verdict: Verdict };

export type Plan = {
  /** In the order in which they are carried out. */
  steps: readonly PlannedStep[];
  /** What a month of all that would be ordered costs; nothing where nothing paid is. */
  monthly?: Pick<Price, "monthly" | "currency">;
};

/**
 * What each step finds in the facts; `only` leaves out all others. What is work or impossible is so whatever the steps
 * before it still have to do; where that could change it, the facts are missing and it is unknown.
 */
export function plan(
  steps: readonly Step[],
  facts: Facts,
  wanted: Wanted,
  { only }: { only?: string | undefined } = {},
): Plan {
  const asked = steps.filter((step) => step.isAsked?.(wanted) ?? true);
  const shown = only === undefined ? asked : [stepNamed(only, asked)];
  const planned = shown.map((step) => ({ step, verdict: step.check(facts, wanted) }));
  const monthly = priceOf(planned);
  return { steps: planned, ...(monthly && { monthly }) };
}

/** The steps that have to be right before this one and are not. One that nobody asked for is not waited for. */
function waitsFor(step: Step, planned: readonly PlannedStep[]): string[] {
  const open = planned.filter(({ verdict }) => verdict.is !== "right").map((one) => one.step.id);
  return step.after.filter((id) => open.includes(id));
}

function stepNamed(id: string, steps: readonly Step[]): Step {
  const found = steps.find((step) => step.id === id);
  if (found) return found;
  const ids = steps.map((step) => step.id);
  throw new Fault("USAGE", `There is no step ${JSON.stringify(id)}${didYouMean(id, ids)}`, {
    hint: `Steps of this worker: ${ids.join(", ")}.`,
  });
}

/** Asked for alone, a step does not bring along what it waits for: that is for whoever asks to decide. */
export function requireReady(id: string, steps: readonly Step[], facts: Facts, wanted: Wanted): void {
  const all = plan(steps, facts, wanted).steps;
  const asked = all.map(({ step }) => step);
  const missing = waitsFor(stepNamed(id, asked), all);
  if (missing.length === 0) return;
  throw new Fault(
    "USAGE",
    `${id} waits for ${missing.join(", ")}, which ${missing.length === 1 ? "is" : "are"} not done`,
    {
      hint: `Leave out --only, or begin with --only ${missing[0]}.`,
    },
  );
}

/** 0: all is right; 2: there is work; else the exit code of the first fault that a person has to mend. */
export function exitCodeOf({ steps }: Plan): number {
  const trouble = steps.find(({ verdict }) => verdict.is === "impossible");
  if (trouble?.verdict.is === "impossible") return faultCodes[trouble.verdict.fault.code];
  return steps.every(({ verdict }) => verdict.is === "right") ? 0 : 2;
}

function priceOf(steps: readonly PlannedStep[]): Plan["monthly"] {
  const prices = steps.flatMap(({ verdict }) =>
    verdict.is === "work" && verdict.price ? [verdict.price] : [],
  );
  const [first] = prices;
  if (!first) return undefined;
  return { monthly: prices.reduce((sum, { monthly }) => sum + monthly, 0), currency: first.currency };
}
