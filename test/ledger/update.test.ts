import { describe, expect, test } from "vitest";

import { MemoryHub } from "../../src/adapters/memory/memory-hub.ts";
import { NodeName } from "../../src/core/ids.ts";
import { noChange } from "../../src/ledger/change.ts";
import { PushBudget } from "../../src/ledger/push-budget.ts";
import { orPutOff, update, type Updating } from "../../src/ledger/update.ts";
import type { Proposal, Receipt } from "../../src/ports/shared-repo.ts";
import { HandClock } from "../support/hand-clock.ts";
import { queueText } from "../support/ledgers.ts";

describe("where two pushes a minute are allowed", () => {
  test("a loop puts off the try for which there is no push left", async () => {
    const place = aPlace({ perMinute: 2 });
    place.others(5);
    const told: number[] = [];
    const updating = update(place.updating, () => note(1), {
      mayPutOff: true,
      before: async (answer) => void told.push(answer),
    });
    expect(await orPutOff(updating)).toBeUndefined();
    expect([place.pushes(), told]).toEqual([1, [1]]);
    expect(place.budget.waitMs()).toBe(60_000);
  });

  test("a person's command goes on", async () => {
    const place = aPlace({ perMinute: 2 });
    place.others(5);
    const updating = update(place.updating, () => note(1));
    await place.clock.advance(60_000);
    expect(await updating).toMatchObject({ published: true });
    expect(place.pushes()).toBe(6);
  });
});

test("after five pushes without a clear answer nothing more is pushed, and the trouble is named", async () => {
  const place = aPlace({ perMinute: undefined });
  place.fate = async () => ({ kind: "unknown", why: "RPC failed; HTTP 429" });
  const updating = update(place.updating, () => note(1)).catch((error: unknown) => error);
  await place.clock.advance(60_000);
  expect(await updating).toMatchObject({
    code: "REMOTE_UNAVAILABLE",
    message: expect.stringContaining("HTTP 429"),
  });
  expect(place.pushes()).toBe(5);
});

test("the last push without a clear answer may have landed all the same", async () => {
  const place = aPlace({ perMinute: undefined });
  place.fate = async (proposal, publish) => {
    if (place.pushes() === 5) await publish(proposal);
    return { kind: "unknown", why: "no answer" };
  };
  const landed = update(place.updating, async ({ snapshot }) =>
    (await snapshot.read("1.md")) === undefined ? note(1) : { change: noChange(), answer: 1 },
  );
  await place.clock.advance(60_000);
  expect(await landed).toMatchObject({ published: false, answer: 1 });
});

test.each([
  ["arrived", true],
  ["refused", false],
] as const)("a beat that rides along and is %s counts as that", async (beat, hasBeaten) => {
  const place = aPlace({ perMinute: undefined });
  place.fate = async (proposal, publish) => ({ ...(await publish(proposal)), beat });
  const updated = await update(place.updating, () => note(1), { beat: () => "I live" });
  expect(updated).toMatchObject({ published: true, hasBeaten });
});

function note(n: number) {
  const change = noChange();
  change.files.set(`${n}.md`, "noted\n");
  change.deeds.push(`notes ${n}`);
  return { change, answer: n };
}

type Publish = (proposal: Proposal) => Promise<Receipt>;

function aPlace({ perMinute }: { perMinute: number | undefined }) {
  const hub = new MemoryHub();
  const clock = new HandClock();
  const plant = (name: string, text: string) => {
    const files = new Map(hub.commits.get(hub.head ?? "")?.files).set(name, text);
    hub.swap(hub.head, { files, message: name, author: "x", at: clock.now().toISOString() });
  };
  plant("worker/QUEUE.md", queueText([]));
  const node = NodeName.parse("ada");
  const repo = hub.open(node, clock);
  const budget = new PushBudget(clock, () => perMinute);
  const updating: Updating = { repo, node, clock, chance: () => 0.5, pushes: budget };
  let pushes = 0;
  let faster = 0;
  const publish = repo.publish.bind(repo);
  const place = {
    clock,
    budget,
    updating,
    pushes: () => pushes,
    /** So many times somebody else is first. */
    others: (times: number) => (faster = times),
    fate: (proposal: Proposal, real: Publish): Promise<Receipt> => real(proposal),
  };
  repo.publish = (proposal) => {
    pushes++;
    if (faster-- > 0) plant("other.md", `${pushes}`);
    return place.fate(proposal, publish);
  };
  return place;
}
