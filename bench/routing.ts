import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { JournalFile } from "../src/adapters/files/journal-file.ts";
import type { Envelope } from "../src/core/envelope.ts";
import { Planner } from "../src/routing/courier/planner.ts";
import { fold } from "../src/routing/deliveries/fold.ts";
import type { Entry } from "../src/routing/entry.ts";
import { PostMain } from "../test/soak/mail/post-main.ts";
import { anAction, anEvent, routingOf } from "../test/support/routing.ts";
import { both, median, round } from "./support/figures.ts";
import type { Report, Row } from "./support/report.ts";

/**
 * What it costs to decide where events go, and to bring them there: a Telegram and a Discord on loopback, main in a
 * process of its own.
 *
 * @param settlingMs until main has started and given back what that took
 */
export async function routing(events: number, posts: number, settlingMs: number): Promise<Report> {
  return {
    bench: "routing",
    tables: [
      { title: `${events} events`, rows: await planned(events) },
      {
        title: `From a command's request to the accepted post, ${posts} each, ms`,
        rows: await posted(posts),
      },
      { title: "Main, connected to both networks and idle", rows: await residents(settlingMs) },
    ],
    notes: [
      "events of five categories and a hundred subjects, each planned with all that was told before in mind",
      "a request is a file in main's box; between it and the post are two syncs to disk: the claim's, and the request's own",
    ],
  };
}

async function planned(count: number): Promise<Row[]> {
  const routes = routingOf();
  const planner = new Planner(() => routes);
  const entries: Entry[] = [];
  const began = performance.now();
  for (let n = 0; n < count; n++) {
    const now = new Date(Date.parse("2026-11-21T10:00:00Z") + n * 1000);
    const envelope = anything(n, now);
    const at = now.toISOString();
    const told: Entry = { at, t: "event", envelope };
    planner.take(told);
    const planned: Entry = { at, t: "planned", event: envelope.id, ...planner.plan(envelope, now) };
    planner.take(planned);
    entries.push(told, planned);
  }
  const planMs = performance.now() - began;
  const folder = await mkdtemp(join(tmpdir(), "pawl-bench-"));
  try {
    await using journal = new JournalFile<Entry>(join(folder, "routing.ndjson"));
    const writeMs = await timed(() => journal.append(entries));
    let read: Entry[] = [];
    const readMs = await timed(async () => void (read = await journal.read()));
    const foldMs = await timed(async () => void fold(read));
    return [
      { what: "planned by the default rules", "a second": perSecond(count, planMs) },
      { what: "written to the journal at once, synced", "a second": perSecond(count, writeMs) },
      {
        what: "read from it and folded, as main does when it starts",
        "a second": perSecond(count, readMs + foldMs),
      },
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function posted(count: number): Promise<Row[]> {
  await using main = await PostMain.make();
  main.start();
  while (!main.isAtWork) await sleep(50);
  await sleep(500);
  const discord: number[] = [];
  const telegram: number[] = [];
  for (let n = 1; n <= count; n++) {
    const [title, at] = [`News ${n}.`, new Date().toISOString()];
    const onDiscord = () => main.discord.messages("briefings").length >= n;
    const news = anEvent({ at, title, category: "briefing.morning", subject: `a:${n}` }, n);
    discord.push(await untilThere(main, news, onDiscord));
    const action = anAction({ id: `ac_${String(n).padStart(22, "0")}` });
    const onTelegram = () => main.telegram.people.sees(main.owner).length >= n;
    const question = anEvent({ at, title, category: "action.approve", subject: `b:${n}`, action }, count + n);
    telegram.push(await untilThere(main, question, onTelegram));
  }
  return [
    { network: "Discord", "median (minimum)": both(discord), most: round(Math.max(...discord)) },
    { network: "Telegram", "median (minimum)": both(telegram), most: round(Math.max(...telegram)) },
  ];
}

async function untilThere(main: PostMain, envelope: Envelope, isThere: () => boolean): Promise<number> {
  const began = performance.now();
  await main.ask({ kind: "event", envelope });
  while (!isThere()) await sleep(1);
  return performance.now() - began;
}

async function residents(settlingMs: number): Promise<Row[]> {
  const built = resolve(import.meta.dirname, "../dist/bin/pawl.js");
  const checkout = resolve(import.meta.dirname, "../bin/pawl.ts");
  const rows: Row[] = [];
  if (existsSync(built)) rows.push({ program: "built package", ...(await resident(built, settlingMs)) });
  return [...rows, { program: "checkout", ...(await resident(checkout, settlingMs)) }];
}

async function resident(program: string, settlingMs: number): Promise<Row> {
  await using main = await PostMain.make(program);
  main.start();
  while (!main.isAtWork) await sleep(50);
  const at = new Date().toISOString();
  // Both have been posted to once: what is loaded when it is first needed is loaded.
  await main.ask({ kind: "event", envelope: anEvent({ at, category: "incident", severity: "critical" }) });
  await sleep(settlingMs);
  const figures: number[] = [];
  for (let n = 0; n < 5; n++) {
    figures.push(await rssOf(main.pid));
    await sleep(200);
  }
  const isShown =
    main.telegram.people.sees(main.owner).length > 0 && main.discord.messages("alerts").length > 0;
  return { "RSS MiB": round(median(figures)), "posted to both": isShown ? "yes" : "no" };
}

async function rssOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1]) / 1024;
}

function anything(n: number, now: Date): Envelope {
  const kinds = [
    { category: "result.subagent" },
    { category: "memory.update" },
    { category: "briefing.morning" },
    { category: "outage", status: n % 2 === 0 ? "firing" : "resolved" },
    { category: "incident", severity: "critical" },
  ];
  return anEvent({ at: now.toISOString(), subject: `s:${n % 100}`, title: `News ${n}`, ...kinds[n % 5] }, n);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function perSecond(count: number, ms: number): number {
  return Math.round((count / ms) * 1000);
}
