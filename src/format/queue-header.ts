import * as z from "zod";

import { NodeName, TaskId, Token } from "../core/ids.ts";
import { leaseOf } from "../core/move.ts";
import { Request, requestKeys } from "../core/request.ts";
import { endedAttempts, openStates, type OpenState, type PastAttempt, type Task } from "../core/task.ts";
import { approvalLine, readApproval, type WrittenApproval } from "./approval.ts";
import { didYouMean, nearest } from "./nearest.ts";

/** Lines that nodes write and replace. */
export const machineKeys = ["state", "lease", "attempt", "why", "tried", "approved", "children"] as const;
/** Lines that nodes keep as they are. */
const reservedKeys = ["signed"] as const;
export const headerKeys: readonly string[] = [...machineKeys, ...reservedKeys, ...requestKeys];

/** A `- key: value` line under a section's heading. */
export type HeaderLine = { key: string; value: string; number: number; start: number; next: number };

/** The key and value of a header line, or undefined for a line that belongs to the prompt. */
export function headerLine(line: string): { key: string; value: string } | undefined {
  const [, key, value] = /^ {0,3}[-*][ \t]+([A-Za-z][A-Za-z-]*)[ \t]*:(.*)$/s.exec(line) ?? [];
  return key === undefined || value === undefined
    ? undefined
    : { key: key.toLowerCase(), value: value.trim() };
}

/**
 * Does an unknown key look like a misspelt one? Otherwise the line is the beginning of the prompt. A word as short as
 * `who` is near to something too often.
 */
export function isMisspelt(key: string): boolean {
  return key.length > 3 && !headerKeys.includes(key) && nearest(key, headerKeys) !== undefined;
}

export type Header = {
  state: OpenState;
  attempt: number;
  tried: PastAttempt[];
  approved: WrittenApproval | undefined;
  children: TaskId[] | undefined;
  request: Request;
};
export type HeaderProblem = { line: number | undefined; reason: string };

export function readHeader(lines: readonly HeaderLine[]): Header | HeaderProblem {
  const values = new Map<string, HeaderLine>();
  const tried: PastAttempt[] = [];
  for (const line of lines) {
    if (!headerKeys.includes(line.key)) {
      return { line: line.number, reason: `unknown key ${line.key}${didYouMean(line.key, headerKeys)}` };
    }
    if (line.key === "tried") {
      const past = readPastAttempt(line.value);
      if (!past) return { line: line.number, reason: `cannot read this past attempt: ${shown(line.value)}` };
      tried.push(past);
      continue;
    }
    if (values.has(line.key)) return { line: line.number, reason: `the key ${line.key} stands here twice` };
    values.set(line.key, line);
  }

  const attempt = values.get("attempt");
  if (attempt && !/^\d{1,6}$/.test(attempt.value)) {
    return { line: attempt.number, reason: `attempt must be a number, not ${shown(attempt.value)}` };
  }
  const approval = values.get("approved");
  const approved = readApproval(approval?.value);
  if (approval && !approved) {
    return {
      line: approval.number,
      reason: `cannot read this approval: ${shown(approval.value)}; take the line away, and approve anew with \`pawl approve\``,
    };
  }
  const waitedFor = values.get("children");
  const children = Children.safeParse(waitedFor?.value.split(/[\s,]+/)).data;
  if (waitedFor && !children) {
    return { line: waitedFor.number, reason: `children must be ids of tasks, not ${shown(waitedFor.value)}` };
  }
  const state = readState(values);
  if ("reason" in state) return state;

  const asked: Record<string, string> = {};
  for (const key of requestKeys) {
    const line = values.get(key);
    if (line) asked[key] = line.value;
  }
  const request = Request.safeParse(asked);
  if (!request.success) {
    const issue = request.error.issues[0];
    const key = String(issue?.path[0] ?? "");
    return {
      line: values.get(key)?.number,
      reason: `${key}: ${issue?.message ?? "not valid"}, not ${shown(asked[key] ?? "")}`,
    };
  }
  return { state, attempt: Number(attempt?.value ?? 0), tried, approved, children, request: request.data };
}

const spelt: Record<string, string | undefined> = { canceled: "cancelled", cancel: "cancelled" };

const Children = z.array(TaskId).min(1).max(100);

const Lease = z.tuple([NodeName, Token]);

function readState(values: ReadonlyMap<string, HeaderLine>): OpenState | HeaderProblem {
  const line = values.get("state");
  const word = line?.value.toLowerCase() || "queued";
  const kind = openStates.find((state) => state === (spelt[word] ?? word));
  if (!kind) {
    return {
      line: line?.number,
      reason: `unknown state ${shown(word)}${didYouMean(word, openStates)} (known: ${openStates.join(", ")})`,
    };
  }
  if (kind === "blocked" || kind === "needs-human") return { kind, why: values.get("why")?.value ?? "" };
  const lease = values.get("lease");
  if (kind === "cancelled") {
    const held = Lease.safeParse(lease?.value.split(/\s+/)).data;
    return held ? { kind, lease: { by: held[0], token: held[1] } } : { kind };
  }
  if (kind !== "running") return { kind };
  // Running under nobody's lease: a merge lost the line, or a person took it away. Nobody can end that attempt.
  if (!lease || lease.value === "-" || lease.value === "") return { kind: "queued" };
  const read = Lease.safeParse(lease.value.split(/\s+/));
  if (!read.success) {
    return {
      line: lease.number,
      reason: `a lease is written like "w3 9f3c21aa0b1d2e3f", not ${shown(lease.value)}`,
    };
  }
  return { kind, by: read.data[0], token: read.data[1] };
}

/** `1 w3 lost 2026-11-21T10:00:00Z no sign of life for 6m` */
function readPastAttempt(text: string): PastAttempt | undefined {
  const [, attempt, by, end, ended, why] = /^(\d{1,6}) (\S+) (\S+) (\S+) ?(.*)$/.exec(text) ?? [];
  const kind = endedAttempts.find((known) => known === end);
  const name = NodeName.safeParse(by);
  if (!kind || !name.success || ended === undefined || why === undefined) return undefined;
  return { attempt: Number(attempt), by: name.data, end: kind, ended, why };
}

/** The machine's lines for a task, without line breaks. */
export function machineLines(
  state: OpenState,
  attempt: number,
  tried: readonly PastAttempt[],
  { approved, children }: Pick<Task, "approved" | "children"> = {},
): string[] {
  const lease = leaseOf(state);
  return [
    `- state: ${state.kind}`,
    ...(lease ? [`- lease: ${lease.by} ${lease.token}`] : []),
    ...(attempt > 0 ? [`- attempt: ${attempt}`] : []),
    ...("why" in state && state.why !== "" ? [`- why: ${oneLine(state.why)}`] : []),
    ...tried.map(
      (past) =>
        `- tried: ${past.attempt} ${past.by} ${past.end} ${past.ended.replace(/\s+/g, "") || "-"} ${oneLine(past.why)}`,
    ),
    ...(approved ? [approvalLine(approved)] : []),
    ...(children ? [`- children: ${children.join(", ")}`] : []),
  ];
}

/** Text from outside as one short line that cannot be mistaken for structure. */
export function oneLine(text: string, atMost = 200): string {
  const flat = text
    // eslint-disable-next-line no-control-regex -- control characters are what it takes out
    .replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, " ")
    .replace(/ {2,}/g, " ")
    .trim();
  if (flat.length <= atMost) return flat;
  const letters = Array.from(flat);
  return letters.length <= atMost
    ? flat
    : `${letters
        .slice(0, atMost - 1)
        .join("")
        .trimEnd()}…`;
}

function shown(value: string): string {
  return JSON.stringify(oneLine(value, 60));
}
