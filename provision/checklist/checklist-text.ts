import { oneLine } from "../../src/format/queue-header.ts";
import type { Checklist, Chore, Origin } from "./chore.ts";

/** For a terminal, and readable as Markdown. Whatever stands in a crontab, it cannot draw anything there. */
export function checklistText({ chores, unread }: Checklist): string {
  const groups = (["worker", "main", "both"] as const).map((where) =>
    chores.filter((chore) => chore.where === where),
  );
  const [toWorker = [], onMain = [], onBoth = []] = groups;
  return [
    "# What this machine does by itself, and where it belongs\n",
    section("Better off on the worker", toWorker),
    section("On this machine only", onMain),
    section("On both", onBoth),
    ...(unread.length === 0 ? [] : [gaps(unread)]),
    chores.length === 0 ? "Nothing was found that happens at set times.\n" : next(toWorker),
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function section(title: string, chores: readonly Chore[]): string {
  if (chores.length === 0) return "";
  return `## ${title} (${chores.length})\n\n${chores.flatMap(linesOf).join("\n")}\n`;
}

function linesOf({ name, when, origin, why, notes }: Chore): string[] {
  return [
    `- ${visible(name) || "(nothing)"}  [${visible(when)}] ${visible(placeText(origin))}`,
    ...[why, ...notes].map((text) => `    ${visible(text)}`),
  ];
}

function placeText(origin: Origin): string {
  switch (origin.kind) {
    case "crontab": {
      const { file, line, user, whose } = origin;
      return whose === "system" ? `${file}:${line} as ${user}` : `crontab of ${user}, line ${line}`;
    }
    case "program":
      return origin.file;
    case "timer":
      return `${origin.unit}${origin.scope === "user" ? " (yours)" : ""}`;
    case "automation":
      return `automation ${origin.id}`;
    default:
      return origin satisfies never;
  }
}

function gaps(unread: Checklist["unread"]): string {
  const lines = unread.map(({ what, why }) => `- ${visible(what)}: ${visible(why)}`);
  return `## Not looked at\n\n${lines.join("\n")}\n`;
}

function next(toWorker: readonly Chore[]): string {
  const importable = toWorker.filter(({ isImportable }) => isImportable);
  const commands = [...new Set(importable.map(({ origin }) => importOf(origin)))];
  if (commands.length === 0) return "Nothing is moved, and there is nothing that a command could move.\n";
  return `Nothing is moved yet. This moves ${importable.length} of them:\n\n${commands.map((line) => `    ${line}\n`).join("")}`;
}

function importOf(origin: Origin): string {
  if (origin.kind !== "crontab") return "pawl cron import --write";
  const whose = origin.whose === "own" ? "" : ` -u ${visible(origin.user)}`;
  return `crontab${whose} -l | pawl cron import --crontab - --write`;
}

/** Signs that turn the direction of text, or take no room, could make a line look like another one. */
function visible(text: string): string {
  return oneLine(text.replaceAll(/\p{C}/gu, " "), 160);
}
