import type { Envelope, EventId, Severity } from "../../core/envelope.ts";
import type { Entry, Silence } from "../entry.ts";
import type { Plan, PlannedDelivery } from "../plan-types.ts";
import { dedupKeys } from "./dedup.ts";
import { localDay } from "../../core/local-day.ts";
import { isAtLeast } from "./match.ts";
import { wishOf, type QuietWish } from "./quiet.ts";
import type { Routing } from "./settings.ts";

/** Something that goes on: it was told as firing and nobody has told its end. */
export type Episode = {
  event: EventId;
  envelope: Envelope;
  /** Where it was shown or is about to be, and until when it may still be taken back there. */
  goes: ReadonlyMap<string, Date | undefined>;
};

/** What a plan has to know of what was before. */
export type History = {
  /** An earlier event that told the same. */
  duplicateOf: EventId | undefined;
  /** What is going on with the event's own subject. */
  open: Episode | undefined;
  /** All that goes on. */
  firing: readonly Episode[];
  silences: readonly Silence[];
  quiet: QuietWish | undefined;
  /** Messages that were planned for Telegram since local midnight. */
  telegramToday: number;
  /** Other events of the same source in the minute before. */
  fromSource: number;
};

/** More things than this do not go on at once; whoever tells so many never tells their end. */
const mostEpisodes = 2000;

type Told = { event: EventId; untilMs: number };

/**
 * What routing remembers of what it wrote down. Fed with each entry once, in order, be it read from the journal at the
 * start or appended since; the same entries make the same memory.
 */
export class RecentPast {
  readonly #routing: () => Routing;
  readonly #told = new Map<string, Told>();
  readonly #unplanned = new Map<EventId, Envelope>();
  readonly #episodes = new Map<string, Episode>();
  readonly #silences = new Map<string, Silence>();
  readonly #sources = new Map<string, number[]>();
  readonly #telegram = { day: "", count: 0 };
  #quiet: QuietWish | undefined;
  #sweepAt = 1000;

  constructor(routing: () => Routing) {
    this.#routing = routing;
  }

  take(entry: Entry): void {
    switch (entry.t) {
      case "event":
        this.#unplanned.set(entry.envelope.id, entry.envelope);
        this.#count(entry.envelope.source, Date.parse(entry.at));
        return;
      case "planned": {
        const envelope = this.#unplanned.get(entry.event);
        this.#unplanned.delete(entry.event);
        if (envelope) this.#planned(envelope, entry.plan, new Date(entry.at));
        return;
      }
      case "silenced":
        this.#silences.set(entry.silence.id, entry.silence);
        return;
      case "silence-ended":
        this.#silences.delete(entry.id);
        return;
      case "quiet":
        this.#quiet = wishOf(entry);
        return;
      default:
    }
  }

  /** @param envelope may have been taken already, as long as its plan has not */
  about(envelope: Envelope, now: Date): History {
    const nowMs = now.getTime();
    const told = dedupKeys(envelope)
      .map(({ key }) => this.#told.get(key))
      .find((one) => one !== undefined && one.untilMs > nowMs);
    const open = this.#episodes.get(keyOf(envelope));
    const { timezone } = this.#routing();
    return {
      duplicateOf: told?.event ?? (open && tellsNothingNew(envelope, open) ? open.event : undefined),
      open,
      firing: [...this.#episodes.values()],
      silences: this.silences(now),
      quiet: this.#quiet,
      telegramToday: this.#telegram.day === localDay(timezone, now) ? this.#telegram.count : 0,
      fromSource: this.#fromSource(envelope, nowMs),
    };
  }

  silences(now: Date): Silence[] {
    return [...this.#silences.values()].filter(({ until }) => Date.parse(until) > now.getTime());
  }

  /** What somebody has said by hand about quiet hours. */
  get quiet(): QuietWish | undefined {
    return this.#quiet;
  }

  /** What goes on, for status cards and for reminders of what is not over. */
  episodes(): Episode[] {
    return [...this.#episodes.values()];
  }

  #planned(envelope: Envelope, plan: Plan, at: Date): void {
    if (plan.suppressed.some(({ why, destination }) => why === "duplicate" && destination === undefined))
      return;
    for (const { key, seconds } of dedupKeys(envelope)) {
      this.#told.set(key, { event: envelope.id, untilMs: at.getTime() + seconds * 1000 });
    }
    this.#follow(envelope, plan);
    this.#spend(plan.deliveries, at);
    if (this.#told.size > this.#sweepAt) this.#sweep(at.getTime());
  }

  #follow(envelope: Envelope, { deliveries }: Plan): void {
    const key = keyOf(envelope);
    if (envelope.status === "resolved") this.#episodes.delete(key);
    if (envelope.status !== "firing" && envelope.status !== "update") return;
    const old = this.#episodes.get(key);
    const goes = new Map(old?.goes);
    for (const { destination, timing } of deliveries) {
      const until = timing.kind === "held" ? new Date(timing.until) : undefined;
      goes.set(destination, goes.has(destination) ? earlier(goes.get(destination), until) : until);
    }
    this.#episodes.set(key, { event: old?.event ?? envelope.id, envelope, goes });
    const [oldest] = this.#episodes.keys();
    if (this.#episodes.size > mostEpisodes && oldest !== undefined) this.#episodes.delete(oldest);
  }

  #spend(deliveries: readonly PlannedDelivery[], at: Date): void {
    const { destinations, timezone } = this.#routing();
    const count = deliveries.filter(
      (one) => costs(one) && destinations[one.destination]?.kind === "telegram",
    );
    if (count.length === 0) return;
    const day = localDay(timezone, at);
    if (day !== this.#telegram.day) Object.assign(this.#telegram, { day, count: 0 });
    this.#telegram.count += count.length;
  }

  #count(source: string, atMs: number): void {
    const recent = (this.#sources.get(source) ?? []).filter((ms) => ms > atMs - 60_000);
    this.#sources.set(source, [...recent.slice(-1000), atMs]);
  }

  #fromSource({ id, source }: Envelope, nowMs: number): number {
    const recent = (this.#sources.get(source) ?? []).filter((ms) => ms > nowMs - 60_000);
    return recent.length - (this.#unplanned.has(id) ? 1 : 0);
  }

  #sweep(nowMs: number): void {
    for (const [key, { untilMs }] of this.#told) if (untilMs <= nowMs) this.#told.delete(key);
    for (const [source, times] of this.#sources) {
      if ((times.at(-1) ?? 0) <= nowMs - 60_000) this.#sources.delete(source);
    }
    this.#sweepAt = Math.max(1000, 2 * this.#told.size);
  }
}

/** A message of its own: what waits comes along with others, and an edit makes no sound. */
function costs({ timing, inPlace, statusCard }: PlannedDelivery): boolean {
  return !inPlace && !statusCard && (timing.kind === "now" || timing.kind === "grouped");
}

/** What is shown already, or earlier, is not taken back by what comes after. */
function earlier(one: Date | undefined, other: Date | undefined): Date | undefined {
  return one === undefined || other === undefined ? undefined : one < other ? one : other;
}

/** Firing again is news only if it is told better, or has become worse. */
function tellsNothingNew({ status, severity, revision }: Envelope, { envelope: known }: Episode): boolean {
  return status === "firing" && revision <= known.revision && !isWorse(severity, known.severity);
}

function isWorse(severity: Severity, than: Severity): boolean {
  return severity !== than && isAtLeast(severity, than);
}

function keyOf({ category, subject }: Envelope): string {
  return `${category} ${subject}`;
}
