import { globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { Envelope } from "../../../src/core/envelope.ts";
import { Random } from "../../support/random.ts";
import { anAction, anEvent } from "../../support/routing.ts";
import { troubles } from "../../support/telegram-server/faults.ts";
import { PostMain } from "./post-main.ts";

export type MailReport = {
  seed: number;
  kills: number;
  /** Of those, while a network had main's request in its hands. */
  killsInFlight: number;
  seconds: number;
  events: number;
  shownOnDiscord: number;
  shownOnTelegram: number;
  /** Second copies of questions and of what is critical, each saying that it may be one. */
  repeatedOnTelegram: number;
  /** From here on each of them breaks a promise. */
  lost: string[];
  doubledOnDiscord: string[];
  unmarkedOnTelegram: string[];
  malformed: string[];
  leaks: string[];
};

/** The promises that were broken. */
export function brokenByMail(report: MailReport): string[] {
  const { lost, doubledOnDiscord, unmarkedOnTelegram, malformed, leaks } = report;
  return Object.entries({ lost, doubledOnDiscord, unmarkedOnTelegram, malformed, leaks }).flatMap(
    ([promise, cases]) => cases.map((one) => `${promise}: ${one}`),
  );
}

type Mailing = { kills: number; events: number; seed: number; tell?: (line: string) => void };

/** Main is killed again and again while it brings events to a Telegram and a Discord; then people's screens are read. */
export async function mail({ kills, events, seed, tell = () => undefined }: Mailing): Promise<MailReport> {
  await using main = await PostMain.make();
  const random = new Random(seed + 1);
  const began = performance.now();
  let killsInFlight = 0;
  const mayKill = () => {
    if (main.kills >= kills || !main.isUp || random.next() > 0.3) return;
    killsInFlight++;
    void main.kill();
  };
  main.discord.trouble = ({ method }) => {
    if (method === "POST") mayKill();
    return random.next() < 0.05 ? { kind: "cut-after" } : undefined;
  };
  main.telegram.faults.weather({
    chance: () => {
      mayKill();
      return random.next();
    },
    probability: 0.05,
    faults: [troubles.cutAfter],
    methods: ["sendMessage"],
  });
  const told: Envelope[] = [];
  while (told.length < events || main.kills < kills) {
    if (!main.isUp) main.start();
    // Some die while they start.
    if (random.next() > 0.1) await untilAtWork(main);
    for (let left = random.below(2 + (2 * events) / kills); left > 0 || told.length === 0; left--) {
      const envelope = anything(told.length + 1, random);
      await main.ask({ kind: "event", envelope });
      told.push(envelope);
    }
    await sleep(random.below(700));
    if (main.kills < kills) await main.kill();
    tell(`${main.kills} kills, ${killsInFlight} of them in flight, ${told.length} events`);
  }
  main.discord.trouble = () => undefined;
  main.telegram.faults.weather(undefined);
  if (!main.isUp) main.start();
  tell("waiting for the rest");
  await untilCalm(main, told);
  const report = {
    seed,
    kills: main.kills,
    killsInFlight,
    seconds: Math.round((performance.now() - began) / 1000),
    ...judge(main, told),
  };
  await main.kill("SIGTERM");
  return { ...report, leaks: leaksOf(main) };
}

async function untilAtWork(main: PostMain): Promise<void> {
  while (main.isUp && !main.isAtWork) await sleep(20);
}

function anything(n: number, random: Random): Envelope {
  const kinds = [
    { category: "briefing.morning" },
    {
      category: "action.approve",
      action: anAction({ id: `ac_${String(n).padStart(22, "0")}` }),
    },
    { category: "incident", severity: "critical" },
    { category: "chat" },
  ];
  const at = new Date().toISOString();
  return anEvent(
    { at, title: `News ${n}.`, subject: `s:${n}`, body: "What there is to say.", ...random.pick(kinds) },
    n,
  );
}

const homes: Record<string, string> = {
  "briefing.morning": "briefings",
  "action.approve": "sub-agent-results",
  incident: "alerts",
  chat: "chat",
};

function onDiscord({ discord }: PostMain, { category, title }: Envelope): string[] {
  const rooms = [...discord.world.rooms.values()];
  const home = rooms.find(({ name }) => name === homes[category]);
  const threads = rooms.filter(({ parent }) => parent !== undefined && parent === home?.id);
  const texts = [home, ...threads]
    .flatMap((room) => room?.messages ?? [])
    .map((one) => JSON.stringify(one.embeds) + one.content);
  return texts.filter((text) => text.includes(title));
}

function onTelegram(main: PostMain, { title }: Envelope): string[] {
  const texts = main.telegram.people.sees(main.owner).map(({ text }) => text);
  return texts.filter((text) => text.includes(title) && !text.includes("Still open"));
}

function goesToTelegram({ category }: Envelope): boolean {
  return category === "action.approve" || category === "incident";
}

async function untilCalm(main: PostMain, told: readonly Envelope[]): Promise<void> {
  const missing = () =>
    told.filter(
      (one) =>
        onDiscord(main, one).length === 0 || (goesToTelegram(one) && onTelegram(main, one).length === 0),
    );
  for (let seconds = 0; missing().length > 0 && seconds < 240; seconds++) await sleep(1000);
  // What would come twice has its time.
  await sleep(10_000);
}

function judge(main: PostMain, told: readonly Envelope[]) {
  const discord = told.map((one) => onDiscord(main, one));
  const telegram = told.filter(goesToTelegram).map((one) => onTelegram(main, one));
  const name = (n: number) => `${told[n]?.title} ${told[n]?.category}`;
  const lostOnTelegram = told.filter((one) => goesToTelegram(one) && onTelegram(main, one).length === 0);
  return {
    events: told.length,
    shownOnDiscord: discord.filter((copies) => copies.length > 0).length,
    shownOnTelegram: telegram.filter((copies) => copies.length > 0).length,
    repeatedOnTelegram: telegram.reduce((sum, copies) => sum + Math.max(0, copies.length - 1), 0),
    lost: [
      ...discord.flatMap((copies, n) => (copies.length === 0 ? `${name(n)} on Discord` : [])),
      ...lostOnTelegram.map(({ title }) => `${title} on Telegram`),
    ],
    doubledOnDiscord: discord.flatMap((copies, n) =>
      copies.length > 1 ? `${name(n)}: ${copies.length}` : [],
    ),
    unmarkedOnTelegram: telegram.flatMap((copies) =>
      copies.slice(1).filter((text) => !text.includes("sent again")),
    ),
    malformed: [...main.telegram.complaints, ...main.discord.complaints],
  };
}

/** Where a token of ours has got to in what main has written, to the disk or to the terminal. */
function leaksOf(main: PostMain): string[] {
  const tokens = [main.telegram.token, main.discord.world.token];
  const files = globSync("**/*", { cwd: main.folder })
    .map((path) => join(main.folder, path))
    .filter((path) => statSync(path).isFile());
  const texts = [["the terminal", main.words], ...files.map((path) => [path, readFileSync(path, "latin1")])];
  return texts.flatMap(([where = "", text = ""]) =>
    tokens.some((token) => text.includes(token)) ? where : [],
  );
}
