import { categories, severities } from "../../core/envelope.ts";
import { didYouMean } from "../../format/nearest.ts";
import { defaultDigests, builtInDestinations } from "./defaults.ts";
import { globMatches } from "./match.ts";
import type { Match, Routing, Rule } from "./settings.ts";

/** Something that is allowed and probably not meant. */
export type Finding = { rule?: string; text: string };

/**
 * @param seen categories of events that have come, for those that no rule can know
 */
export function lint(routing: Routing, seen: Iterable<string> = []): Finding[] {
  return [
    ...routing.rules.flatMap((rule, n) => unreachable(rule, routing.rules.slice(0, n))),
    ...routing.rules.flatMap(withoutEffect),
    ...unusedDestinations(routing),
    ...unusedDigests(routing),
    ...unknownCategories(seen),
    ...silentNeeds(routing),
  ];
}

/**
 * Each category that a rule waits for has to get past the rules before it. A rule of the default table that does not is
 * one that the file has replaced.
 */
function unreachable(rule: Rule, before: readonly Rule[]): Finding[] {
  if (rule.standard) return [];
  const stopping = before.filter(({ also }) => !also);
  const takers = (rule.when.category ?? ["*"]).map((category) =>
    stopping.find(({ when }) => covers(when, { ...rule.when, category: [category] })),
  );
  const names = new Set(takers.map((taker) => taker?.name));
  if (names.has(undefined)) return [];
  return [
    {
      rule: rule.name,
      text: `never looked at: ${[...names].join(" and ")} before it takes all it could match`,
    },
  ];
}

/** Does whatever matches `narrow` match `wide` too? Says no where it cannot tell. */
function covers(wide: Match, narrow: Match): boolean {
  return (
    coversTexts(wide.category, narrow.category) &&
    severities.indexOf(wide.minSeverity ?? "info") <= severities.indexOf(narrow.minSeverity ?? "info") &&
    coversTexts(wide.status, narrow.status) &&
    coversTexts(wide.source, narrow.source) &&
    coversTexts(wide.subject, narrow.subject) &&
    Object.entries(wide.label ?? {}).every(
      ([name, patterns]) => narrow.label?.[name] !== undefined && coversTexts(patterns, narrow.label[name]),
    ) &&
    (wide.needsAction === undefined || wide.needsAction === narrow.needsAction) &&
    (wide.empty === undefined || wide.empty === narrow.empty)
  );
}

/** A pattern that matches another one letter by letter matches all that the other does. */
function coversTexts(wide: readonly string[] | undefined, narrow: readonly string[] | undefined): boolean {
  if (wide === undefined) return true;
  return narrow?.every((text) => wide.some((pattern) => globMatches(pattern, text))) ?? false;
}

function withoutEffect({ name, digest, group, holdSeconds, statusCard, remindAfter }: Rule): Finding[] {
  const ways = [
    ...(digest === undefined ? [] : ["digest"]),
    ...(holdSeconds > 0 ? ["hold"] : []),
    ...(group === undefined ? [] : ["group"]),
  ];
  const findings: Finding[] = [];
  if (digest !== undefined && ways.length > 1) {
    findings.push({ rule: name, text: `${ways.slice(1).join(" and ")} has no effect beside digest` });
  }
  if (statusCard && remindAfter.length > 0) {
    findings.push({ rule: name, text: "remind has no effect beside statusCard" });
  }
  return findings;
}

function unusedDestinations({ rules, destinations }: Routing): Finding[] {
  const used = new Set([
    ...rules.flatMap(({ to }) => to),
    ...Object.values(destinations).map(({ fallback }) => fallback),
    ...Object.keys(builtInDestinations),
  ]);
  return Object.keys(destinations)
    .filter((name) => !used.has(name))
    .map((name) => ({ text: `no rule sends anything to ${name}` }));
}

function unusedDigests({ rules, digests }: Routing): Finding[] {
  return Object.keys(digests)
    .filter((name) => !Object.hasOwn(defaultDigests, name) && !rules.some(({ digest }) => digest === name))
    .map((name) => ({ text: `no rule fills the digest ${name}` }));
}

function unknownCategories(seen: Iterable<string>): Finding[] {
  return [...new Set(seen)]
    .filter((category) => !category.startsWith("x.") && !categories.some((known) => known === category))
    .map((category) => ({
      text: `events of category ${category} come, which is none of ours${didYouMean(category, categories)}`,
    }));
}

/** A question that no rule takes to a chat can be answered on the command line only. */
function silentNeeds({ rules, destinations, telegram }: Routing): Finding[] {
  if (telegram === undefined) return [];
  const asking = { category: ["action.approve"], needsAction: true };
  const reached = rules.some(
    ({ when, to }) =>
      to.some((name) => destinations[name]?.kind === "telegram") &&
      (when.category ?? ["*"]).some((pattern) => asking.category.some((one) => globMatches(pattern, one))) &&
      when.needsAction !== false,
  );
  return reached ? [] : [{ text: "no rule takes questions (action.*) to Telegram, where they have buttons" }];
}
