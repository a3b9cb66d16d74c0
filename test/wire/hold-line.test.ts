import { once } from "node:events";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import type { Envelope } from "../../src/core/envelope.ts";
import type { Heard, Listening } from "../../src/ports/owner-line.ts";
import { holdLine } from "../../src/wire/hold-line.ts";
import { HandClock } from "../support/hand-clock.ts";

type Settings = { people: string[] };

const heard: Heard = {
  key: "k",
  person: "ben",
  user: "2",
  at: "",
  kind: "text",
  text: "hello",
  chat: "c",
  message: "m",
};

describe("an owner's line", () => {
  let clock: HandClock;
  let settings: Settings | undefined;
  let stop: AbortController;
  let holding: Promise<void>;
  const opened: { people: string[]; listening: Listening; isOver: boolean }[] = [];
  const said: Heard[] = [];
  const told: Envelope[] = [];

  const open = async () => {
    if (!settings) return undefined;
    const { people } = settings;
    if (people.length === 0) throw new Error("nobody may speak");
    return {
      async listen(listening: Listening, end: AbortSignal) {
        const line = { people, listening, isOver: false };
        opened.push(line);
        if (!end.aborted) await once(end, "abort");
        line.isOver = true;
      },
    };
  };
  const courier = {
    hear: async (one: Heard) => {
      said.push(one);
      return {};
    },
    tell: (envelope: Envelope) => void told.push(envelope),
  };

  beforeEach(() => {
    for (const list of [opened, said, told]) list.splice(0);
    clock = new HandClock();
    stop = new AbortController();
    settings = { people: ["aaron", "ben"] };
    holding = holdLine({ network: "telegram", open, settings: () => settings, courier, clock }, stop.signal);
  });

  afterEach(async () => {
    stop.abort();
    await holding;
  });

  test("hears nobody by a list that was replaced, and is opened with the new one", async () => {
    await clock.advance(10_000);
    await opened[0]!.listening.hear(heard);
    expect(said).toEqual([heard]);
    settings = { people: ["aaron"] };
    await expect(opened[0]!.listening.hear(heard)).rejects.toThrow("read again");
    expect(said).toEqual([heard]);
    await clock.advance(1000);
    expect(opened.map(({ people, isOver }) => ({ people, isOver }))).toEqual([
      { people: ["aaron", "ben"], isOver: true },
      { people: ["aaron"], isOver: false },
    ]);
  });

  test("is closed when the configuration has none any more, and opened when it has one again", async () => {
    await clock.advance(1000);
    settings = undefined;
    await clock.advance(1000);
    expect(opened.map(({ isOver }) => isOver)).toEqual([true]);
    settings = { people: ["cleo"] };
    await clock.advance(1000);
    expect(opened.map(({ people }) => people)).toEqual([["aaron", "ben"], ["cleo"]]);
    expect(told).toEqual([]);
  });

  test("that cannot be opened says so, and is tried at once with what somebody mended", async () => {
    settings = { people: [] };
    await clock.advance(1000);
    expect(told.map(({ summary }) => summary)).toEqual([expect.stringContaining("nobody may speak")]);
    settings = { people: ["aaron"] };
    await clock.advance(1000);
    expect(opened.at(-1)).toMatchObject({ people: ["aaron"], isOver: false });
  });
});
