import { daysAfter, localDay } from "./local-day.ts";
import type { Facts, Result } from "./outcome.ts";

export const costKeys = ["day", "model", "category", "worker"] as const;
export type CostKey = (typeof costKeys)[number];

export type Costs = {
  tasks: number;
  /** Of them those that say nothing about a cost: commands, and programs that do not tell. */
  unpriced: number;
  costUsd: number;
  tokensIn: number;
  tokensOut: number;
  tokensCached: number;
};

export type CostRow = Costs & { key: string };

/** Stands for whatever a result does not say. */
const notSaid = "-";

type Question = {
  by: CostKey;
  /** What a day is. */
  timezone: string;
  /** The first day that counts; it and all that follow. */
  since: string;
  today: string;
};

/**
 * What the results of these days cost, by day in their order and otherwise the dearest first. From the first day on that
 * has a result, each has a row: a gap in time is to be seen as one.
 */
export function costsOf(
  results: Iterable<Pick<Result, "ended" | "request" | "lease" | "facts">>,
  { by, timezone, since, today }: Question,
): { rows: CostRow[]; total: Costs } {
  const sums = new Map<string, Costs>();
  const total = nothing();
  for (const result of results) {
    const day = dayOf(result.ended, timezone);
    if (day === undefined || day < since) continue;
    const key = by === "day" ? day : keyOf(result, by);
    const sum = sums.get(key) ?? nothing();
    sums.set(key, sum);
    for (const one of [sum, total]) add(one, result.facts);
  }
  if (by === "day") fillGaps(sums, today);
  const rows = Array.from(sums, ([key, sum]) => ({ key, ...rounded(sum) }));
  return { rows: rows.toSorted(by === "day" ? byKey : dearestFirst), total: rounded(total) };
}

function keyOf(
  { request, lease, facts }: Pick<Result, "request" | "lease" | "facts">,
  by: Exclude<CostKey, "day">,
): string {
  switch (by) {
    case "model":
      return modelIn(facts);
    case "category":
      return request.category ?? notSaid;
    case "worker":
      return lease?.by ?? notSaid;
    default:
      return by satisfies never;
  }
}

/** The model that answered, or, where the program does not tell, the one that was asked. */
function modelIn({ provider, model, "model-asked": asked }: Facts): string {
  const named = typeof model === "string" && typeof provider === "string" ? `${provider}/${model}` : model;
  const said = named ?? asked;
  if (typeof said !== "string") return notSaid;
  return said.replace(/\p{C}/gu, "").slice(0, 80) || notSaid;
}

/** Undefined when a person has written there what is no time. */
function dayOf(ended: string, timezone: string): string | undefined {
  const at = new Date(ended);
  return Number.isNaN(at.getTime()) ? undefined : localDay(timezone, at);
}

function nothing(): Costs {
  return { tasks: 0, unpriced: 0, costUsd: 0, tokensIn: 0, tokensOut: 0, tokensCached: 0 };
}

function add(sum: Costs, facts: Facts): void {
  const cost = amountIn(facts, "cost-usd");
  sum.tasks += 1;
  sum.unpriced += cost === undefined ? 1 : 0;
  sum.costUsd += cost ?? 0;
  sum.tokensIn += amountIn(facts, "tokens-in") ?? 0;
  sum.tokensOut += amountIn(facts, "tokens-out") ?? 0;
  sum.tokensCached += amountIn(facts, "tokens-cached") ?? 0;
}

/** Undefined for whatever is no amount: anybody who may push can write facts. */
export function amountIn(facts: Facts, name: string): number | undefined {
  const fact = facts[name];
  return typeof fact === "number" && Number.isFinite(fact) && fact >= 0 ? fact : undefined;
}

/** Sums of fractions end in noise; a millionth of a dollar is less than a token costs. */
function rounded(sum: Costs): Costs {
  return { ...sum, costUsd: Math.round(sum.costUsd * 1e6) / 1e6 };
}

function fillGaps(sums: Map<string, Costs>, today: string): void {
  const [first] = [...sums.keys()].toSorted();
  if (first === undefined) return;
  for (let day = first; day <= today; day = daysAfter(day, 1)) {
    if (!sums.has(day)) sums.set(day, nothing());
  }
}

function byKey(a: CostRow, b: CostRow): number {
  return a.key < b.key ? -1 : 1;
}

function dearestFirst(a: CostRow, b: CostRow): number {
  return b.costUsd - a.costUsd || b.tokensOut - a.tokensOut || byKey(a, b);
}
