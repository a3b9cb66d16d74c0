import type { Channel, Parcel, Sending } from "../../ports/channel.ts";
import type { Clock } from "../../ports/clock.ts";
import { partOf } from "../deliveries/delivery-id.ts";
import { canLook, outcome, reconcile } from "../deliveries/outcome.ts";
import { later, type Pacing } from "../deliveries/pacing.ts";
import { pick, type Step } from "../deliveries/pick.ts";
import type { Delivery, State } from "../deliveries/state.ts";
import type { Entry } from "../entry.ts";
import { lookedFor, prepare, type Prepared, type Renderers } from "./prepare.ts";
import type { Looks } from "./present.ts";

export type LaneDeps = {
  /** Undefined: there is no destination of that name any more. */
  channelOf: (destination: string) => Channel | undefined;
  renderers: Renderers;
  looks: () => Looks;
  clock: Clock;
  pacing: Pacing;
};

type Book = { state: State; write(entries: readonly Entry[]): void; nudge(): void };

/** A step that was chosen and, if it changes something outside, written down as claimed. */
export type Claim = { step: Step; channel: Channel; prepared?: Exclude<Prepared, { act: "nothing" }> };

/** The ways to the destinations: on each there is one message at a time. */
export class Lanes {
  readonly #deps: LaneDeps;
  readonly #book: Book;
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(deps: LaneDeps, book: Book) {
    this.#deps = deps;
    this.#book = book;
  }

  get busy(): ReadonlySet<string> {
    return new Set(this.#underWay.keys());
  }

  async settled(): Promise<void> {
    await Promise.all(this.#underWay.values());
  }

  /** What goes out next, one for each free lane. Nothing has been sent; the claims have to be on disk first. */
  claim(): Claim[] {
    const { clock, pacing } = this.#deps;
    const steps = pick(this.#book.state, { now: clock.now(), busy: this.busy, pacing });
    return steps.flatMap((step) => this.#claimOf(step) ?? []);
  }

  /** Takes claims back that could not be written to disk. */
  release(claims: readonly Claim[], pauseSeconds: number): void {
    const now = this.#deps.clock.now();
    const why = "the journal could not be written";
    for (const { step, prepared } of claims) {
      if (!prepared) continue;
      const delivery = partOf(step.delivery.id, step.delivery.part);
      const retryAt = later(now, pauseSeconds);
      const at = now.toISOString();
      this.#book.write([{ at, t: "not-sent", delivery, kind: "later", code: "JOURNAL", why, retryAt }]);
    }
  }

  begin(claim: Claim): void {
    const { destination } = claim.step.delivery;
    const way = this.#goThrough(claim).then((entries) => {
      this.#underWay.delete(destination);
      this.#conclude(entries);
    });
    this.#underWay.set(destination, way);
  }

  #claimOf(step: Step): Claim | undefined {
    const { delivery } = step;
    const channel = this.#deps.channelOf(delivery.destination);
    if (!channel) return this.#conclude(this.#withoutChannel(delivery));
    if (step.do === "look") {
      if (canLook(delivery, this.#deps.pacing)) return { step, channel };
      return this.#conclude([
        reconcile(this.#book.state, delivery, this.#deps.clock.now(), this.#deps.pacing),
      ]);
    }
    const prepared = this.#prepare(delivery, channel);
    const at = this.#now();
    if (prepared.act === "nothing") {
      const { why } = prepared;
      return this.#conclude([{ at, t: "given-up", delivery: delivery.id, why, by: "main" }]);
    }
    const { act, of, hash } = prepared;
    const nonce = act === "remove" ? "" : prepared.parcel.nonce;
    const attempt = delivery.attempts + 1;
    const part = partOf(delivery.id, delivery.part);
    this.#book.write([{ at, t: "claimed", delivery: part, attempt, nonce, hash, act, of }]);
    return { step, channel, prepared };
  }

  #withoutChannel(delivery: Delivery): Entry[] {
    const { clock, pacing } = this.#deps;
    const why = `the configuration has no ${delivery.destination} any more`;
    const sending = { kind: "dead", code: "NO_CHANNEL", why, scope: "message" } as const;
    return outcome(this.#book.state, delivery, sending, { act: "send", hash: "", now: clock.now(), pacing });
  }

  #prepare(delivery: Delivery, channel: Channel): Prepared {
    const { clock, looks, renderers } = this.#deps;
    const press = { takes: channel.takes, now: clock.now(), looks: looks(), renderers };
    return prepare(this.#book.state, delivery, press);
  }

  async #goThrough({ step: { delivery }, channel, prepared }: Claim): Promise<Entry[]> {
    const { clock, pacing } = this.#deps;
    if (!prepared) return this.#look(delivery, channel);
    const sending = await attempt(channel, prepared);
    const { act, hash } = prepared;
    return outcome(this.#book.state, delivery, sending, { act, hash, now: clock.now(), pacing });
  }

  async #look(delivery: Delivery, channel: Channel): Promise<Entry[]> {
    const found = await find(channel, lookedFor(this.#book.state, delivery));
    const at = this.#now();
    const id = partOf(delivery.id, delivery.part);
    switch (found.kind) {
      case "found": {
        const { place, thread } = found;
        return [{ at, t: "sent", delivery: id, place, ...(thread ? { thread } : {}), hash: "" }];
      }
      case "absent":
        return [{ at, t: "reconciled", delivery: id, finding: "absent", retryAt: at }];
      case "unknown":
        return [{ at, t: "unknown", delivery: id, code: "NOT_SEEN", why: found.why }];
      default:
        return found satisfies never;
    }
  }

  /** Whatever ended may make room for something else. */
  #conclude(entries: readonly Entry[]): undefined {
    this.#book.write(entries);
    this.#book.nudge();
  }

  #now(): string {
    return this.#deps.clock.now().toISOString();
  }
}

async function attempt(channel: Channel, prepared: Exclude<Prepared, { act: "nothing" }>): Promise<Sending> {
  try {
    switch (prepared.act) {
      case "send":
        return await channel.send(prepared.parcel);
      case "edit":
        return await channel.edit(prepared.place, prepared.parcel);
      case "remove":
        return await channel.remove(prepared.place);
      default:
        return prepared satisfies never;
    }
  } catch (error) {
    // The error itself is not kept: what a library throws may hold its token.
    return { kind: "unknown", code: "DEFECT", why: `the channel broke (${nameOf(error)})` };
  }
}

async function find(channel: Channel, parcel: Parcel): ReturnType<Channel["find"]> {
  try {
    return await channel.find(parcel);
  } catch (error) {
    return { kind: "unknown", why: `the channel broke (${nameOf(error)})` };
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.constructor.name : typeof error;
}
