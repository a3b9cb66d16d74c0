import { severities, type Envelope, type Severity } from "../../core/envelope.ts";
import type { Match } from "./settings.ts";

/** Why the envelope does not match, in words for people; undefined if it does. */
export function mismatch(envelope: Envelope, match: Match): string | undefined {
  const { category, minSeverity, status, source, subject, label, needsAction, empty } = match;
  return (
    notAmong("category", envelope.category, category) ??
    (minSeverity !== undefined && !isAtLeast(envelope.severity, minSeverity)
      ? `severity ${envelope.severity} is below ${minSeverity}`
      : undefined) ??
    notAmong("status", envelope.status, status) ??
    notAmong("source", envelope.source, source) ??
    notAmong("subject", envelope.subject, subject) ??
    wrongLabel(envelope.labels, label) ??
    (needsAction === undefined || needsAction === asksSomething(envelope)
      ? undefined
      : needsAction
        ? "it asks nothing of a person"
        : "it asks something of a person") ??
    (empty === undefined || empty === isEmpty(envelope)
      ? undefined
      : empty
        ? "it has something to say"
        : "it has nothing to say")
  );
}

export function isAtLeast(severity: Severity, least: Severity): boolean {
  return severities.indexOf(severity) >= severities.indexOf(least);
}

export function asksSomething({ action }: Envelope): boolean {
  return action !== undefined;
}

/** A title alone says that something ran, not what came of it. */
function isEmpty({ summary, body }: Envelope): boolean {
  return summary.trim() === "" && (body ?? "").trim() === "";
}

/** `*` stands for any number of any characters, everything else for itself. */
export function globMatches(pattern: string, text: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - at >= last.length && text.endsWith(last);
}

/** Rules name labels as they please, `constructor` among them. */
export function labelOf(labels: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(labels, name) ? labels[name] : undefined;
}

function notAmong(what: string, value: string, patterns: readonly string[] | undefined): string | undefined {
  if (patterns === undefined || patterns.some((pattern) => globMatches(pattern, value))) return undefined;
  return `${what} ${value} is not ${patterns.join("|")}`;
}

function wrongLabel(
  labels: Readonly<Record<string, string>>,
  wanted: Match["label"] = {},
): string | undefined {
  for (const [name, patterns] of Object.entries(wanted)) {
    const value = labelOf(labels, name);
    if (value === undefined) return `it has no label ${name}`;
    const wrong = notAmong(`label ${name}`, value, patterns);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}
