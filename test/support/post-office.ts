import type { Envelope } from "../../src/core/envelope.ts";
import { Nudge } from "../../src/every.ts";
import type { CarriedOut, Errand } from "../../src/ports/carry-out.ts";
import type { Channel, Parcel, Place, Sending } from "../../src/ports/channel.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { Journal } from "../../src/ports/journal.ts";
import type { Typed } from "../../src/ports/owner-commands.ts";
import { Courier } from "../../src/routing/courier/courier.ts";
import { pacingOf, Planner } from "../../src/routing/courier/planner.ts";
import type { Entry } from "../../src/routing/entry.ts";
import { renderers } from "../../src/routing/render/renderers.ts";
import type { Routing } from "../../src/routing/rules/settings.ts";
import { HandClock } from "./hand-clock.ts";

/** Of one process: what it does after its end has no effect. */
type Life = { isOver: boolean };

/** A journal in memory that outlives whoever writes it. */
class MemoryJournal implements Journal<Entry> {
  entries: Entry[] = [];
  syncs = 0;
  /** Set: the disk refuses. */
  failure: Error | undefined;

  async read(): Promise<Entry[]> {
    return [...this.entries];
  }

  async append(entries: readonly Entry[], life: Life = { isOver: false }): Promise<void> {
    await Promise.resolve();
    if (life.isOver) throw new Error("the process is dead");
    if (this.failure) throw this.failure;
    this.syncs++;
    this.entries.push(...(JSON.parse(JSON.stringify(entries)) as Entry[]));
  }

  async compact(entries: readonly Entry[]): Promise<void> {
    this.entries = [...entries];
  }
}

export type Shown = { parcel: Parcel; text: string; id: string; edits: number };

/** What people see at one destination, and how its network behaves. */
export class MemoryChannel implements Channel {
  readonly takes: Channel["takes"];
  readonly memory: Channel["memory"];
  shown: Shown[] = [];
  removed: string[] = [];
  calls = 0;
  /** Decides how the next call ends; undefined lets it through. `after` says that it arrived nevertheless. */
  trouble: ((act: "send" | "edit" | "remove") => (Sending & { arrives?: boolean }) | undefined) | undefined;
  readonly #nonces = new Map<string, string>();
  #count = 0;

  constructor({ takes, memory }: Pick<Channel, "takes" | "memory">) {
    this.takes = takes;
    this.memory = memory;
  }

  /** The texts that stand there. */
  get texts(): string[] {
    return this.shown.map(({ text }) => text);
  }

  async send(parcel: Parcel): Promise<Sending> {
    return this.#call("send", () => {
      const known = this.memory === "findable" ? this.#nonces.get(parcel.nonce) : undefined;
      const id = known ?? `m${++this.#count}`;
      if (known === undefined) {
        this.#nonces.set(parcel.nonce, id);
        this.shown.push({ parcel, text: textOf(parcel), id, edits: 0 });
      }
      return { kind: "sent", place: { chat: "c", message: id } };
    });
  }

  async edit(place: Place, parcel: Parcel): Promise<Sending> {
    return this.#call("edit", () => {
      const message = this.shown.find(({ id }) => id === place["message"]);
      if (!message) return { kind: "gone", why: "it is not there" };
      Object.assign(message, { parcel, text: textOf(parcel), edits: message.edits + 1 });
      return { kind: "sent", place };
    });
  }

  async remove(place: Place): Promise<Sending> {
    return this.#call("remove", () => {
      this.shown = this.shown.filter(({ id }) => id !== place["message"]);
      this.removed.push(place["message"] ?? "");
      return { kind: "sent", place };
    });
  }

  async find({ marker }: Parcel): ReturnType<Channel["find"]> {
    await Promise.resolve();
    const found = this.shown.find(({ parcel }) => parcel.marker === marker);
    return found ? { kind: "found", place: { chat: "c", message: found.id } } : { kind: "absent" };
  }

  async check() {
    return [];
  }

  /** As one process sees it. */
  during(life: Life): Channel {
    const gone: Sending = { kind: "unknown", code: "DEAD", why: "the process is dead" };
    const alive = async (work: () => Promise<Sending>) => {
      await Promise.resolve();
      return life.isOver ? gone : work();
    };
    return {
      takes: this.takes,
      memory: this.memory,
      send: (parcel) => alive(() => this.send(parcel)),
      edit: (place, parcel) => alive(() => this.edit(place, parcel)),
      remove: (place) => alive(() => this.remove(place)),
      find: (parcel) => this.find(parcel),
      check: () => this.check(),
    };
  }

  /** Discord knows a nonce for some minutes only. */
  forgetNonces(): void {
    this.#nonces.clear();
  }

  async #call(act: "send" | "edit" | "remove", work: () => Sending): Promise<Sending> {
    this.calls++;
    await Promise.resolve();
    const trouble = this.trouble?.(act);
    if (!trouble) return work();
    const { arrives, ...sending } = trouble;
    if (arrives) work();
    return sending;
  }
}

/** The words of a message, of whatever kind. */
function textOf({ message }: Parcel): string {
  switch (message.kind) {
    case "telegram":
      return message.text;
    case "discord":
      return [message.content, ...message.embeds.flatMap(({ title, description }) => [title, description])]
        .filter(Boolean)
        .join("\n");
    case "page":
      return message.markdown;
    case "card":
      return message.card.title;
    default:
      return message satisfies never;
  }
}

export function verbsOf({ parcel: { message } }: Shown): string[] {
  if (message.kind !== "telegram") return [];
  return message.keyboard?.rows.flat().map(({ verb }) => verb) ?? [];
}

/** Main's courier with everything around it in memory; it can be ended at any moment and opened again. */
export class PostOffice {
  readonly clock: Clock & Partial<Pick<HandClock, "advance">>;
  readonly journal = new MemoryJournal();
  readonly channels = new Map<string, MemoryChannel>();
  readonly errands: Errand[] = [];
  errandEnds: CarriedOut | Error = { kind: "done", how: "as asked" };
  /** What was typed, as often as it was asked for. */
  readonly typed: Typed[] = [];
  /** What lies in main's box and cannot be read. */
  unreadable: { key: string; why: string }[] = [];
  /** Must not be written down. */
  readonly secret = "123456:planted";
  readonly routing: Routing;
  courier!: Courier;
  nudge = new Nudge();
  #life: Life = { isOver: false };

  constructor(routing: Routing, clock: Clock = new HandClock()) {
    this.routing = routing;
    this.clock = clock;
    for (const [name, { kind }] of Object.entries(routing.destinations)) {
      if (kind === "ledger") continue;
      this.channels.set(
        name,
        kind === "telegram"
          ? new MemoryChannel({ takes: "telegram", memory: "repeatable" })
          : kind === "discord"
            ? new MemoryChannel({ takes: "discord", memory: "findable" })
            : new MemoryChannel({ takes: "page", memory: "findable" }),
      );
    }
  }

  channel(name: string): MemoryChannel {
    const channel = this.channels.get(name);
    if (!channel) throw new Error(`there is no ${name}`);
    return channel;
  }

  /** As when main starts. Whatever the last courier had under way goes nowhere any more. */
  async open(): Promise<void> {
    this.#life.isOver = true;
    const life = { isOver: false };
    this.#life = life;
    this.nudge = new Nudge();
    const channels = new Map([...this.channels].map(([name, channel]) => [name, channel.during(life)]));
    this.courier = await Courier.open({
      journal: {
        read: () => this.journal.read(),
        append: (entries) => this.journal.append(entries, life),
        compact: (entries) => this.journal.compact(entries),
      },
      planner: new Planner(() => this.routing),
      pacing: pacingOf(
        () => this.routing,
        (name) => channels.get(name),
      ),
      channelOf: (name) => channels.get(name),
      renderers,
      looks: () => ({ timeZone: this.routing.timezone }),
      clock: this.clock,
      chance: () => 0.5,
      nudge: this.nudge,
      carryOut: {
        carryOut: async (errand) => {
          this.errands.push(errand);
          if (this.errandEnds instanceof Error) throw this.errandEnds;
          return this.errandEnds;
        },
      },
      commands: {
        answer: async (typed) => {
          this.typed.push(typed);
          return { markdown: "as asked" };
        },
      },
      requests: {
        drop: async () => "",
        waiting: async () => ({ things: [], bad: this.unreadable.splice(0) }),
        remove: async () => undefined,
      },
      clean: (told) => JSON.parse(JSON.stringify(told).replaceAll(this.secret, "[secret]")) as typeof told,
      clockText: (instant) => instant.slice(11, 16),
    });
  }

  /** Rounds until nothing is left to do at this moment. */
  async rest(): Promise<void> {
    for (let quiet = 0, before = -1; quiet < 2;) {
      await this.courier.once();
      await this.courier.settle();
      quiet = this.journal.entries.length === before ? quiet + 1 : 0;
      before = this.journal.entries.length;
    }
  }

  async tell(envelope: Envelope): Promise<void> {
    this.courier.tell(envelope);
    await this.rest();
  }

  /** Lets time pass, in steps of the next thing that is due or of `stepSeconds`. */
  async pass(seconds: number, stepSeconds = seconds): Promise<void> {
    for (let left = seconds; left > 0; left -= stepSeconds) {
      await this.clock.advance?.(Math.min(left, stepSeconds) * 1000);
      await this.rest();
    }
  }

  kinds(t: Entry["t"]): Entry[] {
    return this.journal.entries.filter((entry) => entry.t === t);
  }
}
