import { inspect } from "node:util";

import { describe, expect, test } from "vitest";

import type { Channel, Parcel, Place, Sending } from "../../src/ports/channel.ts";

/** The troubles that every network has. The numbers are those of its HTTP answers. */
export type Trouble =
  | "cut before it is applied"
  | "cut after it is applied"
  | "no answer, applied"
  | "502, applied"
  | "500"
  | "401"
  | "403"
  | "no such channel"
  | "429";

/** A network with one channel, of which the tests see what people see. */
export type Network = AsyncDisposable & {
  channel: Channel;
  /**
   * The same channel, which soon gives up waiting: for calls that nobody answers. The others have all the time that a busy
   * machine takes.
   */
  impatient?: Channel;
  /** The same channel, on an address where nobody listens. */
  unreachable: Channel;
  /** What must not be read anywhere: whole tokens, addresses that hold them. */
  secrets: readonly string[];
  parcel(text: string, more?: Partial<Omit<Parcel, "message">>): Parcel;
  /** The texts in the channel, the oldest first. */
  texts(): string[];
  /** Somebody removes a message. */
  lose(place: Place): void;
  /** Meets the next call that matters with trouble; a 429 asks for two seconds. */
  trouble(kind: Trouble): void;
  /** What was wrong with the calls by the network's documentation. */
  complaints(): readonly string[];
};

/** How each trouble ends a send. A network that has no such trouble leaves it out. */
const endings: Partial<Record<Trouble, Partial<Sending>>> = {
  "cut before it is applied": { kind: "unknown" },
  "cut after it is applied": { kind: "unknown" },
  "no answer, applied": { kind: "unknown" },
  "502, applied": { kind: "unknown" },
  "500": { kind: "unknown" },
  "401": { kind: "dead", scope: "destination" },
  "403": { kind: "dead", scope: "destination" },
  "no such channel": { kind: "dead", scope: "destination" },
  "429": { kind: "later", afterSeconds: 2 },
};

/** What every Channel to a network promises. */
export function describeChannel(
  name: string,
  make: () => Promise<Network>,
  { memory, without = [] }: { memory: Channel["memory"]; without?: readonly Trouble[] },
): void {
  const troubles = (Object.keys(endings) as Trouble[]).filter((trouble) => !without.includes(trouble));

  describe(`${name} as a channel`, () => {
    test("says what it remembers", async () => {
      await using network = await make();
      expect(network.channel.memory).toBe(memory);
    });

    test("shows what was sent, in order and once", async () => {
      await using network = await make();
      for (const text of ["one", "two"]) await sent(network.channel.send(network.parcel(text)));
      expect(network.texts()).toEqual(["one", "two"]);
      expect(network.complaints()).toEqual([]);
    });

    test("puts other words into a message, as often as it likes", async () => {
      await using network = await make();
      const place = await sent(network.channel.send(network.parcel("before")));
      for (let times = 0; times < 2; times++) {
        await sent(network.channel.edit(place, network.parcel("after")));
        expect(network.texts()).toEqual(["after"]);
      }
    });

    test("says that a message to edit is gone", async () => {
      await using network = await make();
      const place = await sent(network.channel.send(network.parcel("before")));
      network.lose(place);
      expect(await network.channel.edit(place, network.parcel("after"))).toMatchObject({ kind: "gone" });
      expect(network.texts()).toEqual([]);
    });

    test("removes a message, and calls it removed when somebody else was first", async () => {
      await using network = await make();
      const place = await sent(network.channel.send(network.parcel("short-lived")));
      await sent(network.channel.remove(place));
      expect(network.texts()).toEqual([]);
      await sent(network.channel.remove(place));
    });

    test.runIf(memory === "findable")("finds a message whose receipt was lost, and no other", async () => {
      await using network = await make();
      const [lost, never] = [
        network.parcel("lost", { marker: ids[0]! }),
        network.parcel("never", { marker: ids[1]! }),
      ];
      const place = await sent(network.channel.send(lost));
      expect(await network.channel.find(lost)).toMatchObject({ kind: "found", place });
      expect(await network.channel.find(never)).toEqual({ kind: "absent" });
    });

    test.each(troubles)("tells what %s means for a send, and shows nothing twice", async (trouble) => {
      await using network = await make();
      network.trouble(trouble);
      expect(await channelFor(network, trouble).send(network.parcel("hello"))).toMatchObject(
        endings[trouble]!,
      );
      const wasApplied = trouble.includes("after it is applied") || trouble.endsWith(", applied");
      expect(network.texts()).toEqual(wasApplied ? ["hello"] : []);
    });

    test.each(troubles.filter((trouble) => trouble !== "401"))("works again after %s", async (trouble) => {
      await using network = await make();
      network.trouble(trouble);
      await channelFor(network, trouble).send(network.parcel("first"));
      await sent(network.channel.send(network.parcel("second")));
      expect(network.texts().at(-1)).toBe("second");
    });

    test("is sure that nothing arrived where nobody listens", async () => {
      await using network = await make();
      expect(await network.unreachable.send(network.parcel("hello"))).toMatchObject({ kind: "refused" });
      expect(await network.unreachable.edit({ message: "1" }, network.parcel("hello"))).toMatchObject({
        kind: "refused",
      });
      expect((await network.unreachable.check()).every(({ ok }) => ok)).toBe(false);
    });

    test("finds nothing to say about itself when all is well", async () => {
      await using network = await make();
      expect((await network.channel.check()).filter(({ ok }) => !ok)).toEqual([]);
      expect(network.texts()).toEqual([]);
    });

    test("shows no secret, whatever happens", { timeout: 60_000 }, async () => {
      await using network = await make();
      const { unreachable } = network;
      const parcel = network.parcel("hello");
      const outcomes: unknown[] = [await unreachable.send(parcel), await unreachable.check()];
      for (const trouble of troubles) {
        const channel = channelFor(network, trouble);
        for (const call of [
          () => channel.send(parcel),
          () => channel.edit({ message: "1" }, parcel),
          () => channel.remove({ message: "1" }),
          () => channel.check(),
        ]) {
          network.trouble(trouble);
          outcomes.push(await call().catch((error: unknown) => error));
        }
      }
      const said = inspect(outcomes, {
        depth: 12,
        showHidden: true,
        maxStringLength: null,
        maxArrayLength: null,
      });
      for (const secret of network.secrets) {
        expect(said).not.toContain(secret);
        expect(said).not.toContain(encodeURIComponent(secret));
      }
    });
  });
}

function channelFor({ channel, impatient = channel }: Network, trouble: Trouble): Channel {
  return trouble.startsWith("no answer") ? impatient : channel;
}

const ids = ["ev_01KA9Z8Q5Y0V2T6W3R4X7B8N9C", "ev_01KA9Z8Q5Y0V2T6W3R4X7B8N9D"];

async function sent(sending: Promise<Sending>): Promise<Place> {
  const ended = await sending;
  if (ended.kind !== "sent") throw new Error(`not sent: ${JSON.stringify(ended)}`);
  return ended.place;
}
