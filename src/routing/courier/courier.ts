import type { Envelope } from "../../core/envelope.ts";
import { every, type Nudge } from "../../every.ts";
import { Fault } from "../../fault.ts";
import type { CarryOut } from "../../ports/carry-out.ts";
import type { Chance } from "../../ports/chance.ts";
import type { Clock } from "../../ports/clock.ts";
import type { DropBox } from "../../ports/drop-box.ts";
import type { Journal } from "../../ports/journal.ts";
import type { OwnerCommands } from "../../ports/owner-commands.ts";
import type { Heard, Reaction } from "../../ports/owner-line.ts";
import { partOf } from "../deliveries/delivery-id.ts";
import type { Pacing } from "../deliveries/pacing.ts";
import { nextInstant, ripen } from "../deliveries/ripen.ts";
import { isAsked, openDeliveries } from "../deliveries/select.ts";
import type { State } from "../deliveries/state.ts";
import { supersede } from "../deliveries/supersede.ts";
import type { Entry } from "../entry.ts";
import type { RoutingRequest } from "../request.ts";
import { askingForAck } from "../rules/ask-ack.ts";
import { Errands } from "./errands.ts";
import { listenTo } from "./hear.ts";
import { type Claim, Lanes, type LaneDeps } from "./lanes.ts";
import { Logbook } from "./logbook.ts";
import type { Planner } from "./planner.ts";
import { grant } from "./requests.ts";
import { troubleIn } from "./trouble.ts";

export type CourierDeps = LaneDeps & {
  journal: Journal<Entry>;
  planner: Planner;
  pacing: Pacing;
  clock: Clock;
  chance: Chance;
  /** Ends the pause before the next round. */
  nudge: Nudge;
  requests?: DropBox<RoutingRequest>;
  carryOut?: CarryOut;
  commands?: OwnerCommands;
  /** How an instant is written for the owner. */
  clockText: (instant: string) => string;
  /** Takes out of what is told what must not be written down or sent. */
  clean?: <Told>(told: Told) => Told;
  /** What went wrong with the disk, once until it goes well again: for the node's own log. */
  trouble?: (error: unknown) => void;
};

/** With nothing due, the box is looked into this often: not every disk tells of what is laid there. */
const longestPauseMs = 60_000;

/** After the disk refused something. */
const diskPauseSeconds = 5;

/** Of why a thing in the box cannot be read, in characters: it may repeat all that is wrong with it. */
const longestWhy = 600;

/**
 * Brings events to people. What is to be done is written down before it is done, and what became of it after; each
 * destination has one message under way at a time, and none waits for another.
 */
export class Courier {
  readonly #deps: CourierDeps;
  readonly #logbook: Logbook;
  readonly #errands: Errands | undefined;
  readonly #lanes: Lanes;
  readonly #unplanned: Envelope[] = [];
  #isTroubled = false;
  /** Things in the box that nobody could read, since people were told of some. */
  #refused = 0;

  private constructor(deps: CourierDeps, logbook: Logbook) {
    this.#deps = deps;
    this.#logbook = logbook;
    this.#errands = deps.carryOut && new Errands(deps.carryOut, deps);
    this.#lanes = new Lanes(deps, {
      get state() {
        return logbook.state;
      },
      write: (entries) => this.#write(entries),
      nudge: () => deps.nudge.poke(),
    });
  }

  /** Reads the journal. What was under way when the last courier died is taken for unknown. */
  static async open(deps: CourierDeps): Promise<Courier> {
    const logbook = await Logbook.open(deps.journal, (entry) => deps.planner.take(entry), deps.clock.now());
    const courier = new Courier(deps, logbook);
    const { state } = logbook;
    courier.#unplanned.push(
      ...[...state.events.values()].filter(({ plan }) => !plan).map(({ envelope }) => envelope),
    );
    const at = deps.clock.now().toISOString();
    const why = "main ended before it heard what became of it";
    courier.#write(
      openDeliveries(state)
        .filter(({ progress }) => progress.kind === "claimed")
        .map((one) => ({ at, t: "unknown", delivery: partOf(one.id, one.part), code: "INTERRUPTED", why })),
    );
    return courier;
  }

  get state(): State {
    return this.#logbook.state;
  }

  /** Takes an event in. The same one may be told again and again; it is safe on disk after the next `flush`. */
  tell(envelope: Envelope): void {
    if (this.state.events.has(envelope.id) || isAsked(this.state, envelope)) return;
    const clean = this.#deps.clean?.(envelope) ?? envelope;
    this.#write([{ at: this.#now(), t: "event", envelope: askingForAck(clean) }]);
    this.#deps.nudge.poke();
  }

  flush(): Promise<void> {
    return this.#logbook.flush();
  }

  /** Grants a wish that did not come through the box. It is on disk when this resolves. */
  async ask(request: RoutingRequest): Promise<void> {
    this.#write(grant(this.state, request, this.#deps.clock.now()));
    await this.flush();
    this.#deps.nudge.poke();
  }

  /** Resolves when what was said is on disk. Heard again, it changes nothing. */
  hear(heard: Heard, via: "telegram" | "discord"): Promise<Reaction> {
    return this.#logbook.lend(() => this.#hear(heard, via));
  }

  async #hear(heard: Heard, via: "telegram" | "discord"): Promise<Reaction> {
    if (this.state.heard.has(heard.key)) {
      await this.flush();
      return {};
    }
    const { clock, clockText, commands } = this.#deps;
    const hearing = { state: this.state, now: clock.now(), via, clock: clockText, commands };
    const { entries, reaction } = await listenTo(heard, hearing);
    this.#write([...entries, { at: this.#now(), t: "heard", key: heard.key }]);
    await this.flush();
    this.#deps.nudge.poke();
    return reaction;
  }

  /** Hands over what was written since the last time, if anything was; done when `copy` has resolved. */
  mirror(copy: (entries: readonly Entry[]) => Promise<void>): Promise<void> {
    return this.#logbook.lend(() => this.#mirror(copy));
  }

  async #mirror(copy: (entries: readonly Entry[]) => Promise<void>): Promise<void> {
    const { mirrored } = this.state;
    const entries = await this.#logbook.uncopied();
    if (entries.every(({ t }) => t === "mirrored")) return;
    await copy(entries);
    this.#write([{ at: this.#now(), t: "mirrored", upTo: mirrored + entries.length }]);
    await this.flush();
  }

  async run(stop: AbortSignal): Promise<void> {
    const { clock, nudge } = this.#deps;
    let pauseMs = 0;
    try {
      for await (const _ of every(() => pauseMs, { clock, nudge, stop })) pauseMs = await this.once();
    } finally {
      await this.settle();
    }
  }

  /** Waits for what is under way, which has deadlines of its own, and writes down what became of it. */
  async settle(): Promise<void> {
    await Promise.all([this.#lanes.settled(), this.#errands?.settled()]);
    await this.flush();
  }

  /**
   * One round: takes in, plans, decides, writes it all down with one sync, and begins to send.
   * @returns milliseconds after which the next round has something to do
   */
  async once(): Promise<number> {
    let claims: Claim[] = [];
    try {
      const granted = await this.#takeRequests();
      this.#plan();
      this.#ripen();
      claims = this.#lanes.claim();
      await this.flush();
      for (const key of granted) await this.#deps.requests?.remove(key);
      this.#isTroubled = false;
    } catch (error) {
      if (!isOfDisk(error)) throw error;
      if (!this.#isTroubled) this.#deps.trouble?.(error);
      this.#isTroubled = true;
      this.#lanes.release(claims, diskPauseSeconds);
      return diskPauseSeconds * 1000;
    }
    for (const claim of claims) this.#lanes.begin(claim);
    this.#errands?.begin(this.state, (entries) => this.#conclude(entries));
    await this.#renew();
    return this.#pauseMs();
  }

  async #renew(): Promise<void> {
    const now = this.#deps.clock.now();
    if (this.#lanes.busy.size > 0 || !this.#logbook.isLong(now)) return;
    await this.#logbook.renew(now).catch((error: unknown) => {
      if (!isOfDisk(error)) throw error;
      this.#deps.trouble?.(error);
    });
  }

  async #takeRequests(): Promise<string[]> {
    const { requests, clock, clean } = this.#deps;
    if (!requests) return [];
    const { things, bad } = await requests.waiting();
    this.#refuse(bad);
    for (const { thing } of things) {
      const isDirty = thing.kind === "event" && clean !== undefined;
      const request = isDirty ? { ...thing, envelope: clean(thing.envelope) } : thing;
      this.#write(grant(this.state, request, clock.now()));
    }
    return things.map(({ key }) => key);
  }

  /** Whoever lays nonsense there lays much of it: one entry for all of a round. */
  #refuse(bad: readonly { key: string; why: string }[]): void {
    const last = bad.at(-1);
    if (!last) return;
    this.#refused += bad.length;
    const { key, why } = this.#deps.clean?.(last) ?? last;
    const said = { from: key, why: why.slice(0, longestWhy), count: this.#refused };
    const { size } = this.state.events;
    this.#write([{ at: this.#now(), t: "rejected", ...said }]);
    if (this.state.events.size > size) this.#refused = 0;
  }

  #plan(): void {
    const { planner, clock } = this.#deps;
    for (let envelope = this.#unplanned.shift(); envelope; envelope = this.#unplanned.shift()) {
      const now = clock.now();
      const { plan, config } = planner.plan(envelope, now);
      this.#write([{ at: now.toISOString(), t: "planned", event: envelope.id, config, plan }]);
      this.#write(supersede(this.state, envelope.id, now));
    }
  }

  /** What time brings may bring more, as when one message is to go where nothing can be sent. */
  #ripen(): void {
    const { clock, pacing } = this.#deps;
    for (let rounds = 0; rounds < 10; rounds++) {
      const entries = ripen(this.state, clock.now(), pacing);
      if (entries.length === 0) return;
      this.#write(entries);
      this.#plan();
    }
  }

  #conclude(entries: readonly Entry[]): void {
    this.#write(entries);
    this.#deps.nudge.poke();
  }

  /** Adds entries, and tells of what they say about trouble. */
  #write(entries: readonly Entry[]): void {
    this.#logbook.write(entries);
    for (const entry of entries) {
      if (entry.t === "event") this.#unplanned.push(entry.envelope);
      const trouble = troubleIn(this.state, entry);
      if (trouble && !this.state.events.has(trouble.id)) {
        this.#write([{ at: entry.at, t: "event", envelope: trouble }]);
      }
    }
  }

  #pauseMs(): number {
    const { pacing, clock } = this.#deps;
    if (this.#unplanned.length > 0) return 0;
    const now = clock.now();
    const next = nextInstant(this.state, { now, busy: this.#lanes.busy, pacing });
    const leftMs = next === undefined ? Infinity : Date.parse(next) - now.getTime();
    // What is due and was not done just now cannot be done yet.
    const dueMs = leftMs <= 0 ? 1000 : leftMs;
    return Math.min(longestPauseMs, dueMs, this.#errands?.waitMs(this.state) ?? Infinity);
  }

  #now(): string {
    return this.#deps.clock.now().toISOString();
  }
}

/** What the disk has to say comes as a Fault or as the system says it; anything else is a defect of ours. */
function isOfDisk(error: unknown): boolean {
  return error instanceof Fault || (error instanceof Error && "code" in error);
}
