import type { Card } from "../../../core/card.ts";
import { durationText } from "../../../core/duration.ts";
import type { ActionId, Envelope } from "../../../core/envelope.ts";
import type { Content } from "../../entry.ts";
import { localText } from "../../rules/local-time.ts";
import { wantsAnswer } from "./buttons.ts";
import { titleOf, toneOf, type Showing } from "./event-card.ts";
import { moment } from "./moment.ts";

/** One message for several events. */
export type Listing = Extract<Content, { kind: "list" }> & {
  events: readonly Envelope[];
  /** Questions among them that still want an answer. */
  open: ReadonlySet<ActionId>;
  now: string;
  marker: string;
};

/** A digest, a group, the morning's message, or what waited while a network was away: decisions on top. */
export function listCard(listing: Listing, showing: Showing): Card {
  const { because, events, marker, name, now } = listing;
  const decisions = events.filter((event) => isOpen(event, listing.open)).toSorted(byDeadline);
  const ambient = events.filter((event) => !decisions.includes(event));
  return {
    marker: showing.marker ?? marker,
    event: undefined,
    tone: decisions.length > 0 ? "ask" : worst(ambient),
    title: headings[because](listing, decisions.length),
    ...(showing.note === undefined ? {} : { note: showing.note }),
    lines: [],
    facts: [],
    items: [...decisions, ...ambient].map((event) =>
      item(event, decisions.includes(event), now, showing.timeZone),
    ),
    more: because === "digest" ? `pawl digest show ${name}` : "pawl deliveries list",
    at: now,
    ...(showing.mentionsOwner === true ? { mentionsOwner: true } : {}),
  };
}

const headings: Record<Listing["because"], (listing: Listing, decisions: number) => string> = {
  digest: ({ name, events }) => `${capital(name)} digest · ${counted(events.length, "event")}`,
  group: ({ name, events }) => `${capital(name)} · ${counted(events.length, "event")} together`,
  morning: ({ events }, decisions) => `Good morning · ${held(events.length, decisions)}`,
  back: ({ since, now, events }, decisions) => {
    const away =
      since === undefined ? "" : ` after ${durationText((Date.parse(now) - Date.parse(since)) / 1000)}`;
    return `Back${away} · ${held(events.length, decisions)}`;
  },
};

function held(events: number, decisions: number): string {
  const ambient = events - decisions;
  if (decisions === 0) return `${events} held`;
  return `${events} held: ${counted(decisions, "decision")}${ambient === 0 ? "" : `, ${ambient} ambient`}`;
}

function item(event: Envelope, open: boolean, now: string, timeZone: string) {
  const { action, at, id, labels, source } = event;
  const where = labels["task"] ?? labels["job"] ?? source.replace(":", " ");
  const deadline = open && action?.deadline ? `answer by ${moment(timeZone, action.deadline)}` : undefined;
  const detail = [deadline ?? localText(timeZone, new Date(at), new Date(now)), where].join(" · ");
  return { title: `${marks[open ? "ask" : toneOf(event)]} ${titleOf(event)}`, detail, event: id };
}

/** So that a line among many can be spotted by its kind. */
const marks = { ok: "✅", info: "▫️", warning: "⚠️", bad: "❌", ask: "❓" } as const;

function isOpen({ action }: Envelope, open: ReadonlySet<ActionId>): boolean {
  return wantsAnswer(action) && open.has(action.id);
}

/** The oldest deadline first; what has none waits longest. */
function byDeadline(a: Envelope, b: Envelope): number {
  const due = ({ action, at }: Envelope) => [
    action?.deadline ? Date.parse(action.deadline) : Infinity,
    Date.parse(at),
  ];
  const [dueA = 0, atA = 0] = due(a);
  const [dueB = 0, atB = 0] = due(b);
  return dueA === dueB ? atA - atB : dueA - dueB;
}

function worst(events: readonly Envelope[]): Card["tone"] {
  const tones = events.map(toneOf);
  return (["bad", "warning"] as const).find((tone) => tones.includes(tone)) ?? "info";
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
