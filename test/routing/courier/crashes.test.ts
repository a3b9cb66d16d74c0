import { describe, expect, test } from "vitest";

import type { Envelope } from "../../../src/core/envelope.ts";
import type { Sending } from "../../../src/ports/channel.ts";
import type { MemoryChannel } from "../../support/post-office.ts";
import { PostOffice } from "../../support/post-office.ts";
import { Random } from "../../support/random.ts";
import { anAction, anEvent, networks, routingOf } from "../../support/routing.ts";

const seeds = Number(process.env["PAWL_SEEDS"] ?? 40);
const events = 24;

/** What a run did to people, and what was done to it. */
type Run = { office: PostOffice; crashes: number; lostAnswers: number };

/**
 * Main announces, networks lose answers, refuse and ask for patience, and main dies at any moment, even between a post
 * and its receipt. What it had announced and not noted as told it tells again, as main does.
 */
async function play(seed: number): Promise<Run> {
  const random = new Random(seed * 7919 + 1);
  const office = new PostOffice(routingOf(`${networks}routing: { quietHours: off }\n`));
  const run = { office, crashes: 0, lostAnswers: 0 };
  for (const channel of office.channels.values()) channel.trouble = () => trouble(random, run);
  await office.open();
  const untold: Envelope[] = Array.from({ length: events }, (_, n) => told(n + 1, random));
  let announced: Envelope[] = [];
  while (untold.length > 0 || announced.length > 0) {
    if (untold.length > 0 && random.next() < 0.5) announced.push(untold.shift()!);
    for (const envelope of announced) office.courier.tell(envelope);
    if (random.next() < 0.3) await office.clock.advance?.(random.below(30_000));
    if (random.next() < 0.4) {
      await dieAtSomePoint(office, random);
      run.crashes++;
    } else {
      await office.courier.once();
      await office.courier.flush();
      announced = [];
      for (let n = random.below(8); n > 0; n--) await Promise.resolve();
    }
    if (random.next() < 0.1) for (const channel of office.channels.values()) channel.forgetNonces();
  }
  for (const channel of office.channels.values()) channel.trouble = undefined;
  await office.pass(2 * 3600, 120);
  return run;
}

/** Begins a round and is gone some steps later; what it has begun at the network may still arrive, or not. */
async function dieAtSomePoint(office: PostOffice, random: Random): Promise<void> {
  office.courier.once().catch(() => undefined);
  for (let steps = random.below(60); steps > 0; steps--) await Promise.resolve();
  await office.open();
}

function trouble(random: Random, run: Run): (Sending & { arrives?: boolean }) | undefined {
  const luck = random.next();
  if (luck < 0.1) {
    run.lostAnswers++;
    return { kind: "unknown", code: "CUT", why: "the line was cut", arrives: true };
  }
  if (luck < 0.15) return { kind: "unknown", code: "CUT", why: "the line was cut", arrives: false };
  if (luck < 0.2) return { kind: "refused", code: "ECONNREFUSED", why: "nobody listens" };
  if (luck < 0.23) return { kind: "later", afterSeconds: 3, why: "slow down" };
  return undefined;
}

function told(n: number, random: Random): Envelope {
  const asks = random.next() < 0.4;
  return anEvent(
    {
      at: "2026-11-21T10:00:00Z",
      category: asks ? "action.approve" : "briefing.morning",
      title: `News ${n}.`,
      subject: `s:${n}`,
      ...(asks ? { action: anAction({ id: `ac_${String(n).padStart(22, "0")}` }) } : {}),
    },
    n,
  );
}

function copies({ shown }: MemoryChannel, n: number): string[] {
  return shown
    .map(({ text }) => text)
    .filter((text) => text.includes(`News ${n}.`) && !text.includes("Still open"));
}

/** What is wrong with how people were told of one event. */
function judge(office: PostOffice, n: number): { complaints: string[]; doubled: number } {
  const told = [...office.courier.state.events.values()].find(
    ({ envelope }) => envelope.subject === `s:${n}`,
  );
  const asks = told?.envelope.action !== undefined;
  const onDiscord = copies(office.channel(asks ? "results" : "briefings"), n);
  const onTelegram = copies(office.channel("owner"), n);
  const complaints = [
    ...(onDiscord.length === 1 ? [] : [`${onDiscord.length} times on Discord`]),
    ...(onTelegram.length > 0 === asks ? [] : [`${onTelegram.length} times on Telegram`]),
    ...onTelegram.slice(1).filter((text) => !text.includes("sent again, the first copy may have got lost")),
  ];
  return { complaints, doubled: Math.max(0, onTelegram.length - 1) };
}

describe("whatever dies and whatever is lost on the way", () => {
  test(
    `${seeds} runs lose nothing, double nothing on Discord, and on Telegram only what is marked`,
    { timeout: 120_000 },
    async () => {
      let doubled = 0;
      let crashes = 0;
      for (let seed = 1; seed <= seeds; seed++) {
        const { office, ...run } = await play(seed);
        crashes += run.crashes;
        for (let n = 1; n <= events; n++) {
          const found = judge(office, n);
          expect(found.complaints, `seed ${seed}, event ${n}`).toEqual([]);
          doubled += found.doubled;
        }
        expect(office.courier.state.open.size, `seed ${seed}`).toBe(0);
      }
      // Otherwise the runs were too quiet to mean anything.
      expect(crashes).toBeGreaterThan(seeds);
      expect(doubled).toBeGreaterThan(0);
    },
  );
});
