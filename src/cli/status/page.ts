import { durationText } from "../../core/duration.ts";
import type { MachineReport } from "../../core/machine-report.ts";
import { oneLine } from "../../format/queue-header.ts";
import type { Server } from "../../ports/server-provider.ts";
import { ageText } from "../../../provision/status/about-hub.ts";
import { freshnessOf } from "../../../provision/status/freshness.ts";
import type { Health, Judgement } from "../../../provision/status/judge.ts";
import { type Look, seenIn } from "../../../provision/status/look.ts";
import type { Reason } from "../../../provision/status/reason.ts";
import type { HubSeen, MachineSeen, Seen } from "../../../provision/status/seen.ts";
import { places } from "../../../provision/places.ts";
import { priceText } from "../../../provision/price-text.ts";
import type { Cli } from "../cli.ts";
import { table } from "../table.ts";
import { stateText } from "../task-view.ts";
import { when } from "../when.ts";
import { sparkline } from "./sparkline.ts";

const colours: Record<Health, Parameters<Cli["paint"]>[0]> = {
  healthy: "green",
  degraded: "yellow",
  dead: ["bold", "red"],
};

/** All that is known of one worker, what is wrong with it first. */
export function page(cli: Cli, seen: Seen, { health, reasons }: Judgement): string {
  const machine = seenIn(seen.machine);
  const hub = seenIn(seen.hub);
  const rows: [string, string][] = [
    ["server", serverText(cli, seen.servers)],
    ["ssh", sshText(cli, seen.machine)],
    ...(machine ? machineRows(cli, machine, seen) : []),
    ...(seen.report ? [["report", reportText(seen.report)] satisfies [string, string]] : []),
    ...(hub ? hubRows(cli, hub) : [["hub", missing(cli, seen.hub)] satisfies [string, string]]),
  ];
  return [
    `${cli.paint("bold", seen.name)}  ${healthText(cli, health)}`,
    ...reasons.flatMap((reason) => reasonLines(cli, reason)),
    "",
    ...rows.map(([what, text]) => cut(cli, `  ${cli.paint("dim", what.padEnd(9))} ${text}`)),
    ...(hub ? resultLines(cli, hub) : []),
  ].join("\n");
}

/** One line for each worker, for `--all`. */
export function overview(cli: Cli, all: readonly { seen: Seen; judgement: Judgement }[]): string {
  const rows = all.map(({ seen, judgement: judged }) => {
    const hub = seenIn(seen.hub);
    const server = seenIn(seen.servers)?.[0];
    const why = judged.reasons.find(({ weight }) => weight === judgedAs(judged.health));
    return [
      seen.name,
      healthText(cli, judged.health),
      server ? server.state : "-",
      hub?.sign ? beatText(hub) : "-",
      hub ? String(hub.running.length) : "-",
      hub ? sparkline(hub.perDay) : "-",
      why?.says ?? "",
    ];
  });
  return table(cli, ["NAME", "HEALTH", "SERVER", "BEAT", "RUNS", "TASKS A DAY", "WHY"], rows);
}

function beatText({ sign, age }: HubSeen): string {
  const freshness = freshnessOf(age, sign?.beat?.every);
  return freshness === "unknown" ? freshness : `${freshness} ${ageText(age)}`;
}

function judgedAs(health: Health): Reason["weight"] {
  return health === "healthy" ? "note" : health;
}

function healthText(cli: Cli, health: Health): string {
  return cli.paint(colours[health], health);
}

function reasonLines(cli: Cli, { weight, says, next }: Reason): string[] {
  const mark = weight === "note" ? cli.paint("dim", "·") : cli.paint(colours[weight], "!");
  return [
    `  ${mark} ${oneLine(says, 300)}`,
    ...(next === undefined ? [] : [cli.paint("dim", `      ${next}`)]),
  ];
}

function missing(cli: Cli, look: Look<unknown>): string {
  if (look.is === "seen") return "";
  return cli.paint(look.is === "unreachable" ? "red" : "dim", oneLine(look.why, 300));
}

function serverText(cli: Cli, look: Look<readonly Server[]>): string {
  const servers = seenIn(look);
  if (servers === undefined) return missing(cli, look);
  const [server] = servers;
  if (server === undefined) return cli.paint("dim", "none of this name");
  const { state, region, size, address, createdAt, price } = server;
  return [
    state,
    `${region} ${size}`,
    ...(address === undefined ? [] : [address]),
    ...(price ? [priceText(price)] : []),
    `made ${when(createdAt)}`,
  ].join("  ");
}

function sshText(cli: Cli, look: Look<MachineSeen>): string {
  if (look.is !== "seen") return missing(cli, look);
  const { os, upSeconds } = look.value.facts;
  const up = `${oneLine(os.id, 20)} ${oneLine(os.version, 20)}, up ${durationText(upSeconds)}`;
  return `${look.ms} ms  ${look.value.hostKey} as pinned  ${up}`;
}

function machineRows(cli: Cli, { facts, lines }: MachineSeen, { pinned }: Seen): [string, string][] {
  const versions = (["node", "openclaw", "pawl"] as const).map((what) => {
    const [is, wanted] = [facts[what].current, pinned[what]];
    const said = `${what} ${is === undefined ? "absent" : oneLine(is, 40)}`;
    return is === wanted ? said : cli.paint("yellow", `${said} (pinned: ${wanted ?? "none"})`);
  });
  const { [places.worker]: worker, [places.reportTimer]: timer } = facts.units;
  const keys = [
    ["host key", facts.hostKeyMadeAt],
    ["deploy key", facts.deployKey?.madeAt],
  ] as const;
  const ages = keys.map(([key, at]) => `${key} ${at === undefined ? "-" : ageOfKey(lines.nowMs, at)}`);
  return [
    ["versions", versions.join("  ")],
    ["service", worker ? unitText(worker) : "not installed"],
    // Of one that runs, what it says goes to the hub.
    ...(worker?.active === "active"
      ? []
      : lines.journal.map((line): [string, string] => ["", oneLine(line)])),
    [
      "timer",
      timer
        ? `${oneLine(timer.active, 20)}, next ${oneLine(lines.nextHeartbeat ?? "-", 60)}`
        : "not installed",
    ],
    [
      "crontab",
      lines.crontab.length === 0 ? "empty" : lines.crontab.map((line) => oneLine(line, 100)).join(" | "),
    ],
    [
      "room",
      `${gigabytes(facts.diskFreeMb)} of disk free, ${gigabytes(facts.memoryFreeMb)} of ${gigabytes(facts.memoryMb)} memory, ${gigabytes(facts.swapMb)} swap`,
    ],
    ["keys", ages.join("  ")],
  ];
}

function reportText({ at, service, upSeconds, memoryFreeMb, diskFreeMb }: MachineReport): string {
  const state = service ? `service ${oneLine(`${service.active} (${service.sub})`, 60)}` : "no service";
  const room = `${gigabytes(diskFreeMb)} of disk free, ${gigabytes(memoryFreeMb)} of memory free`;
  return `${oneLine(at, 40)} by its own clock  ${state}, up ${durationText(upSeconds)}, ${room}`;
}

type Unit = MachineSeen["facts"]["units"][string];

function unitText({ active, sub, enabled, restarts, sinceSeconds }: Unit): string {
  const since = sinceSeconds === undefined ? "" : ` for ${durationText(sinceSeconds)}`;
  const state = oneLine(`${active} (${sub})${since}, ${enabled || "not enabled"}`, 100);
  return `${state}, ${restarts === 1 ? "1 restart" : `${restarts} restarts`}`;
}

function ageOfKey(nowMs: number, madeAtSeconds: number): string {
  return durationText(Math.max(0, nowMs / 1000 - madeAtSeconds), 1);
}

function hubRows(cli: Cli, { sign, age, queue, running, perDay }: HubSeen): [string, string][] {
  const beat = sign?.beat;
  const freshness = freshnessOf(age, beat?.every);
  const colour = { ok: "green", late: "yellow", dead: "red", unknown: "dim" } as const;
  const counts = Object.entries(queue).map(([state, count]) => `${count} ${state}`);
  const ended = perDay.reduce((sum, count) => sum + count, 0);
  return [
    [
      "beat",
      sign === undefined
        ? cli.paint("dim", "none yet")
        : [
            cli.paint(colour[freshness], freshness),
            `${ageText(age)}${age?.by === "worker" ? " by the worker's own clock" : ""}`,
            ...(beat
              ? [
                  `${beat.state}, ${beat.slots === 1 ? "1 slot" : `${beat.slots} slots`}, pawl ${oneLine(beat.version, 20)}`,
                ]
              : []),
          ].join("  "),
    ],
    ["queue", counts.length === 0 ? "empty" : counts.join("  ")],
    ...running.map(({ task, title, attempt, seconds, progress }): [string, string] => [
      "runs",
      [
        task,
        `attempt ${attempt}`,
        ...(seconds === undefined ? [] : [durationText(seconds)]),
        oneLine(title, 80),
        ...(progress === undefined ? [] : [cli.paint("dim", oneLine(progress, 80))]),
      ].join("  "),
    ]),
    ["tasks", `${sparkline(perDay)}  ${ended} in ${perDay.length} days`],
  ];
}

function resultLines(cli: Cli, { results }: HubSeen): string[] {
  if (results.length === 0) return [];
  const rows = results.map(({ id, outcome, ended, title, why }) => [
    `  ${id}`,
    stateText(cli, outcome),
    when(ended),
    oneLine(why === undefined ? title : `${title} (${why})`),
  ]);
  return ["", table(cli, ["  ID", "OUTCOME", "ENDED", "TITLE"], rows)];
}

function gigabytes(mb: number): string {
  return mb < 1000 ? `${Math.round(mb)} MB` : `${(mb / 1024).toFixed(1)} GB`;
}

/** On a terminal a line has the width of the screen; its colours count for nothing there. */
function cut(cli: Cli, line: string): string {
  const { out } = cli.world;
  if (!out.isTerminal) return line;
  // eslint-disable-next-line no-control-regex -- the colours that we painted ourselves
  const plain = line.replace(/\u001b\[[0-9;]*m/g, "");
  return plain.length < out.columns ? line : `${plain.slice(0, out.columns - 2)}…`;
}
