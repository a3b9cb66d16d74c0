import type { Card, Tone } from "../../../core/card.ts";
import { durationText } from "../../../core/duration.ts";
import type { Action, Envelope } from "../../../core/envelope.ts";
import { deadlineLine, rowsOf, wantsAnswer } from "./buttons.ts";
import { moment } from "./moment.ts";

/** What a card depends on beside its event. */
export type Showing = {
  /** The reader's, such as Europe/Berlin. */
  timeZone: string;
  /** An earlier copy may have arrived; nobody knows. */
  again?: boolean;
  note?: string;
  /** It came here because the last rule takes everything. */
  noRule?: boolean;
  /** When the trouble began that this event ends. */
  since?: string;
  mentionsOwner?: boolean;
  /** In the place of the event's own. */
  marker?: string;
};

/** What a network shows small, and what is looked for when nobody knows whether a post arrived. */
export function markerOf({ id, revision }: Pick<Envelope, "id" | "revision">): string {
  return `${id} · r${revision}`;
}

/** The card of one event: a result, a question, an incident, an outage and its end, a briefing, a change of memory … */
export function eventCard(envelope: Envelope, showing: Showing): Card {
  const { action, at, body, category, id, labels, links } = envelope;
  const note = noteOf(showing);
  const url = links[0]?.url;
  return {
    marker: showing.marker ?? markerOf(envelope),
    event: id,
    tone: toneOf(envelope),
    title: titleOf(envelope),
    ...(note === "" ? {} : { note }),
    lines: linesOf(envelope, showing),
    facts: factsOf(labels),
    ...(body === undefined ? {} : { body }),
    ...(category.startsWith("briefing.") ? { sections: true } : {}),
    ...(url === undefined ? {} : { url }),
    at,
    ...(action === undefined ? {} : { ask: askOf(action, body !== undefined) }),
    ...(showing.mentionsOwner === true ? { mentionsOwner: true } : {}),
  };
}

function askOf(action: Action, hasBody: boolean): NonNullable<Card["ask"]> {
  return { action: action.id, payloadHash: action.payloadHash, rows: rowsOf(action, hasBody) };
}

export function toneOf({ action, category, severity, status, labels }: Envelope): Tone {
  if (badEnds.has(labels["outcome"] ?? "")) return "bad";
  if (wantsAnswer(action)) return "ask";
  if (status === "resolved") return "ok";
  if (severity === "critical") return "bad";
  if (severity === "warning") return "warning";
  return category.startsWith("result.") || category === "heartbeat.ok" ? "ok" : "info";
}

const badEnds = new Set(["failed", "timed-out", "lost"]);

export function titleOf({ action, category, labels, status, title }: Envelope): string {
  const question =
    wantsAnswer(action) && action.target?.kind !== "failed-task" ? asked[action.kind] : undefined;
  const kind =
    status === "resolved" ? "Resolved" : (question ?? ends[labels["outcome"] ?? ""] ?? kinds[category]);
  return kind === undefined ? title : `${kind} · ${title}`;
}

const asked = { approve: "Approve", choose: "Choose", input: "Answer" } as const;

const ends: Record<string, string> = { failed: "Failed", "timed-out": "Timed out", lost: "Lost" };

const kinds: Record<string, string> = {
  incident: "Incident",
  outage: "Outage",
  security: "Security",
  budget: "Budget",
  "memory.update": "Memory",
};

function noteOf({ again, note, noRule }: Showing): string {
  return [
    again === true ? "(sent again, the first copy may have got lost)" : undefined,
    noRule === true ? "(no rule is made for this; the last one took it)" : undefined,
    note,
  ]
    .filter((line) => line !== undefined)
    .join("\n");
}

function linesOf(envelope: Envelope, { timeZone, since }: Showing): string[] {
  const { action, at, category, labels, links, source, status, summary } = envelope;
  const seconds = since === undefined ? undefined : (Date.parse(at) - Date.parse(since)) / 1000;
  return [
    ...summary.split("\n").filter((line) => line.trim() !== ""),
    ...(status === "firing" ? [`Since ${moment(timeZone, since ?? at)}`] : []),
    ...(status === "resolved" && seconds !== undefined ? [`It lasted ${durationText(seconds)}`] : []),
    ...(category.startsWith("action.") ? [`Asked by ${labels["asked-by"] ?? source.replace(":", " ")}`] : []),
    ...(action ? deadlineLine(action, timeZone) : []),
    ...links.map(({ text, url }) => `${text}: ${url}`),
  ];
}

/** The facts that people look for first come first; what only rules look at is left out. */
function factsOf(labels: Envelope["labels"]): { name: string; value: string }[] {
  const names = [
    ...order.filter((name) => name in labels),
    ...Object.keys(labels).filter((name) => !order.includes(name) && !unseen.includes(name)),
  ];
  return names.flatMap((name) => {
    const value = labels[name]?.trim() ?? "";
    return value === "" ? [] : [{ name: named(name), value }];
  });
}

const order: readonly string[] = ["worker", "duration", "cost", "task", "job", "attempt", "outcome"];
const unseen: readonly string[] = ["needs", "asked-by"];

function named(label: string): string {
  return label.charAt(0).toUpperCase() + label.slice(1).replaceAll("-", " ");
}
