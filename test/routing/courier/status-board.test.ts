import { beforeEach, describe, expect, test } from "vitest";

import type { Envelope } from "../../../src/core/envelope.ts";
import { StatusBoard } from "../../../src/routing/courier/status-board.ts";
import { HandClock } from "../../support/hand-clock.ts";

const w1 = {
  name: "w1",
  role: "worker",
  state: "alive",
  well: true,
  running: 0,
  slots: 2,
  beat: "2026-11-21T10:00:00Z",
} as const;
const standing = { at: "2026-11-21T10:00:00Z", nodes: [w1], tasks: { queued: 2 } };

describe("the card that says how all stands", () => {
  let clock: HandClock;
  let told: Envelope[];
  let decisions = 0;
  let board: StatusBoard;

  beforeEach(() => {
    clock = new HandClock();
    told = [];
    decisions = 0;
    board = new StatusBoard({
      clock,
      tell: (envelope) => void told.push(envelope),
      openDecisions: () => decisions,
    });
  });

  test("is told when it is first known, and then not while nothing but times changes", async () => {
    for (let hours = 0; hours < 24; hours++) {
      board.take({ ...standing, nodes: [{ ...w1, beat: clock.now().toISOString() }] });
      await clock.advance(3_600_000);
    }
    expect(told.map(({ category, title }) => [category, title])).toEqual([["heartbeat.ok", "All is well"]]);
  });

  test("is told of changes each quarter of an hour at most, with how it stands then", async () => {
    for (let minutes = 0; minutes < 60; minutes++) {
      const at = clock.now().toISOString();
      board.take({ ...standing, at, tasks: { queued: minutes } });
      await clock.advance(60_000);
    }
    expect(told.map(({ summary }) => summary)).toEqual(
      [0, 15, 30, 45].map((queued) => `0 workers; tasks: ${queued} queued`),
    );
  });

  test("names who needs a look, and counts what waits for the owner", async () => {
    decisions = 1;
    board.take({ ...standing, nodes: [{ ...w1, state: "silent", well: false }] });
    expect(told[0]?.title).toBe("Needs a look: w1 (silent)");
    expect(board.status()).toMatchObject({ openDecisions: 1, tasks: { queued: 2 } });
  });

  test("is not there before main has looked", () => {
    expect(board.status()).toBeUndefined();
  });
});
