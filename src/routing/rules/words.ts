import { durationText } from "../../core/duration.ts";
import type { PlannedDelivery, Suppression, Timing, TraceLine } from "../plan-types.ts";
import { localText } from "./local-time.ts";
import type { Match, Routing, Rule } from "./settings.ts";

/** Why an event went nowhere, as the end of the sentence "not sent: …". */
export function suppressionText(suppression: Suppression): string {
  switch (suppression.why) {
    case "duplicate":
      return `${suppression.of} told the same`;
    case "inhibited":
      return `${suppression.by} goes on and explains it`;
    case "silenced":
      return `silence ${suppression.by} covers it`;
    case "budget":
      return "today's budget of messages is spent";
    case "expired":
      return "it was too old to be news";
    case "flood":
      return "its source told too much in a minute";
    case "nothing-open":
      return "it is the end of something whose beginning nobody told";
    case "never-shown":
      return `it ended before ${suppression.of} was shown`;
    case "recorded-only":
      return `rule ${suppression.rule} only records it`;
    default:
      return suppression satisfies never;
  }
}

function timingText(timing: Timing, timezone: string, now: Date): string {
  switch (timing.kind) {
    case "now":
      return "now";
    case "held":
      return `held until ${at(timing, timezone, now)} (${heldBecause[timing.because]}, local ${localText(timezone, now, now)})`;
    case "grouped":
      return `with others of ${timing.key} at ${at(timing, timezone, now)}`;
    case "digest":
      return `in digest ${timing.digest} at ${at(timing, timezone, now)}`;
    default:
      return timing satisfies never;
  }
}

const heldBecause = {
  hold: "in case it is over by then",
  quiet: "quiet hours",
  budget: "today's budget is spent",
} as const;

/** `now, silent, in a thread, asked again after 1h, 4h`. */
export function deliveryText(delivery: PlannedDelivery, timezone: string, now: Date): string {
  const { timing, silent, inPlace, statusCard, thread, mentionsOwner, remindAfter } = delivery;
  return [
    timingText(timing, timezone, now),
    ...(statusCard ? ["on the status card"] : []),
    ...(inPlace ? ["changes the first message"] : []),
    ...(thread ? ["in a thread"] : []),
    ...(silent ? ["silent"] : []),
    ...(mentionsOwner ? ["mentions the owner"] : []),
    ...(remindAfter.length > 0
      ? [`asked again after ${remindAfter.map((s) => durationText(s)).join(", ")}`]
      : []),
  ].join(", ");
}

export function traceText(line: TraceLine): string {
  switch (line.verdict) {
    case "matched":
      return `YES ${line.rule} -> ${line.to.join(", ")}${line.goesOn ? " (and on)" : ""}`;
    case "no":
      return `no  ${line.rule}: ${line.because}`;
    case "not-looked-at":
      return `-   ${line.rule}: not looked at`;
    default:
      return line satisfies never;
  }
}

/** A rule in one line: what it asks for, where it sends, and what is special about it. */
export function ruleText(rule: Rule): string {
  const { name, when, to, also, holdSeconds, group, digest, quiet, remindAfter, expiresSeconds } = rule;
  return [
    `${name}: ${matchText(when)} -> ${to.join(", ")}`,
    ...(also ? ["and on"] : []),
    ...(holdSeconds > 0 ? [`hold ${durationText(holdSeconds)}`] : []),
    ...(group ? [`group ${durationText(group.seconds)} by ${group.by.join("+")}`] : []),
    ...(digest === undefined ? [] : [`digest ${digest}`]),
    ...(quiet === undefined ? [] : [`quiet ${quiet}`]),
    ...(remindAfter.length > 0 ? [`remind ${remindAfter.map((s) => durationText(s)).join(" ")}`] : []),
    ...(["editInPlace", "thread", "silent", "statusCard"] as const).filter((key) => rule[key]),
    ...(expiresSeconds === undefined ? [] : [`expires ${durationText(expiresSeconds)}`]),
  ].join(", ");
}

/** `telegram:owner`: where something goes, and by what. */
export function destinationText(name: string, { destinations }: Pick<Routing, "destinations">): string {
  return `${destinations[name]?.kind ?? "unknown"}:${name}`;
}

function matchText(match: Match): string {
  const parts = [
    match.category?.join("|"),
    match.minSeverity && `at least ${match.minSeverity}`,
    match.status?.join("|"),
    match.source && `from ${match.source.join("|")}`,
    match.subject && `about ${match.subject.join("|")}`,
    ...Object.entries(match.label ?? {}).map(([name, patterns]) => `${name}=${patterns.join("|")}`),
    match.needsAction === undefined ? undefined : match.needsAction ? "asks something" : "asks nothing",
    match.empty === undefined ? undefined : match.empty ? "empty" : "not empty",
  ].filter((part) => part !== undefined);
  return parts.join(", ") || "everything";
}

function at({ until }: { until: string }, timezone: string, now: Date): string {
  return localText(timezone, new Date(until), now);
}
