/**
 * Draws docs/telegram-action.png, docs/discord-result.png and docs/discord-digest.png from the payloads that a network
 * would be sent of the events below.
 * Usage: node docs/pictures.ts (needs chromium, fonts with emoji such as Debian's fonts-noto-color-emoji, and pngquant)
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Card } from "../src/core/card.ts";
import { Envelope } from "../src/core/envelope.ts";
import { eventCard } from "../src/routing/render/cards/event-card.ts";
import { listCard } from "../src/routing/render/cards/list-card.ts";
import { asks, decidedCard } from "../src/routing/render/cards/question-cards.ts";
import { previewPage, type Sheet } from "../src/routing/render/html/preview-page.ts";
import { renderers } from "../src/routing/render/renderers.ts";

const showing = { timeZone: "America/New_York" };
const deadline = "2026-11-22T09:00:00Z";

function event(n: number, parts: object): Envelope {
  return Envelope.parse({
    v: 1,
    id: `ev_01KA9Z8Q5Y0V2T6W3R4X7B8N${String(n).padStart(2, "0")}`,
    at: "2026-11-21T14:10:00Z",
    source: "worker:w1",
    category: "result.subagent",
    subject: `task:T-20261121-7k3q${n}`,
    title: "Research: hosting prices",
    ...parts,
  });
}

const invoices = event(1, {
  source: "worker:w2",
  category: "action.approve",
  title: "Send 14 invoices?",
  summary: "Total 8,420 USD, 2 new customers",
  body: "**Acme Ltd** 1,200 · **Birch & Co** 640 · **Cedar GmbH** 2,150\n11 more, all to customers of last month.\n\n- the two new ones: *Dune*, *Elm*\n- due on 21 December",
  labels: { "asked-by": "worker w2", job: "invoices-2026-11" },
  action: {
    id: "ac_01KA9Z8Q5Y0V2T6W3R4X7B",
    kind: "approve",
    options: [
      { verb: "ok", label: "Approve", style: "success" },
      { verb: "no", label: "Reject", style: "danger" },
    ],
    deadline,
    payloadHash: `sha256:${"0".repeat(64)}`,
  },
});

const backup = event(2, {
  source: "main",
  category: "action.approve",
  title: "Delete the backups of 2024?",
  summary: "38 GB, all of them copied to the archive",
  labels: { "asked-by": "worker w1" },
  action: { ...invoices.action, id: "ac_01KA9YT3M5C8H0Q2P6D4F9", deadline: undefined },
});

const research = event(3, {
  body: `## Cheapest that do the job

| machine | per month | memory |
|---|---|---|
| fra1, 2 vCPU | 18.00 USD | 4 GB |
| ams3, 2 vCPU | 21.50 USD | 4 GB |
| ours today | 34.00 USD | 4 GB |

**fra1** costs *half* of ours and is 9 ms further away. [Price list](https://prices.example.com/2026-11).

\`\`\`sh
provision-worker --region fra1 --size s-2vcpu-4gb
\`\`\``,
  labels: { task: "T-20261121-7k3qx", worker: "w1", duration: "4m12s", cost: "$0.31" },
});

const digest = [
  { title: "Backup done, 412 MB in 38 s", category: "result.cron", source: "cron:backup" },
  { title: "Mail check: nothing that waits for you", category: "result.cron", source: "cron:mail" },
  { title: "Renewed the certificate of example.org", category: "result.cron", source: "cron:certificates" },
  { title: "Wrote 3 pages of the handbook anew", category: "result.cron", source: "cron:handbook" },
  { title: "Moved 12 notes of last week to the archive", category: "result.cron", source: "cron:notes" },
  {
    title: "Could not read 1 of 214 feeds",
    category: "result.cron",
    source: "cron:feeds",
    severity: "warning",
  },
].map((parts, n) => event(10 + n, { at: `2026-11-21T14:${String(10 + 7 * n)}:00Z`, ...parts }));

const decided = asks(backup)
  ? decidedCard(
      backup,
      {
        action: backup.action.id,
        event: backup.id,
        verb: "ok",
        payloadHash: backup.action.payloadHash,
        by: { person: "Aaron", via: "telegram" },
        at: "2026-11-21T13:52:00Z",
      },
      showing,
    )
  : undefined;

const listing = listCard(
  {
    kind: "list",
    because: "digest",
    name: "hourly",
    events: digest,
    open: new Set(),
    now: "2026-11-21T15:00:00Z",
    marker: "digest:hourly:2026-11-21T15:00:00Z",
  },
  showing,
);

type Picture = { width: number; height: number; sheets: Sheet[] };

const pictures: Record<string, Picture> = {
  "telegram-action": {
    width: 520,
    height: 632,
    sheets: [
      sheet("telegram", "Pawl", "09:10", [...(decided ? [decided] : []), eventCard(invoices, showing)]),
    ],
  },
  "discord-result": {
    width: 680,
    height: 445,
    sheets: [sheet("discord", "sub-agent-results", "Today at 09:10", [eventCard(research, showing)])],
  },
  "discord-digest": {
    width: 680,
    height: 425,
    sheets: [sheet("discord", "system", "Today at 10:00", [listing])],
  },
};

for (const [name, picture] of Object.entries(pictures)) draw(name, picture);

function sheet(network: "telegram" | "discord", name: string, time: string, cards: Card[]): Sheet {
  return { name, time, messages: cards.flatMap((card) => renderers[network](card)) };
}

function draw(name: string, { width, height, sheets }: Picture): void {
  const folder = mkdtempSync(join(tmpdir(), "pawl-picture-"));
  const page = join(folder, "page.html");
  const shot = join(folder, "shot.png");
  writeFileSync(page, previewPage(name, sheets));
  const flags = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--force-device-scale-factor=2",
    // On a busy machine the picture would be taken of a page half drawn.
    "--run-all-compositor-stages-before-draw",
    "--virtual-time-budget=5000",
  ];
  execFileSync(
    "chromium",
    [
      ...flags,
      `--user-data-dir=${folder}`,
      `--window-size=${width},${height}`,
      `--screenshot=${shot}`,
      `file://${page}`,
    ],
    { stdio: "ignore", timeout: 60_000 },
  );
  const to = join(import.meta.dirname, `${name}.png`);
  execFileSync("pngquant", ["--force", "--strip", "--speed", "1", "--output", to, "128", shot]);
  rmSync(folder, { recursive: true });
}
