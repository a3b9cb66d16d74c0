import { oneLine } from "../../src/format/queue-header.ts";
import { readCrontab, type CronLine } from "../../src/openclaw/crontab.ts";
import { weighLine } from "../../src/openclaw/weigh-line.ts";
import type { Crontab, CronProgram } from "../../src/ports/timetable.ts";
import type { Chore } from "./chore.ts";
import { habitOf } from "./habit.ts";
import { shortCommand } from "./short-command.ts";

type Place = { timezone: string };

export function weighCrontab(crontab: Crontab, place: Place): Chore[] {
  return readCrontab(crontab.text).flatMap((line) => weighCronLine(crontab, line, place) ?? []);
}

function weighCronLine(crontab: Crontab, raw: CronLine, place: Place): Chore | undefined {
  const isOfSystem = crontab.user === undefined;
  const [user, line] = isOfSystem ? withoutUser(raw) : [crontab.user ?? "", raw];
  // Its programs are listed one by one.
  if (isOfSystem && /\brun-parts\b.*\/etc\/cron\.(hourly|daily|weekly|monthly)\b/.test(line.command)) return;
  const whose = isOfSystem ? "system" : crontab.isOwn ? "own" : "another";
  const origin = { kind: "crontab", file: crontab.file, line: line.line, user, whose } as const;
  const about = {
    origin,
    name: shortCommand(line.command),
    when: oneLine(line.expression, 60),
    notes: [],
    isImportable: false,
  };
  if (line.command.length > longestCommand)
    return { ...about, where: "main", why: "is too long to be read here" };
  const verdict = weighLine(line, place);
  if (verdict.move) {
    const notes = isOfSystem
      ? [...verdict.notes, "stands in a crontab of the system: write that schedule by hand"]
      : verdict.notes;
    const name = `${verdict.draft.executor ?? "openclaw"}: ${shortCommand(verdict.name)}`;
    return { ...about, name, where: "worker", why: verdict.why, notes, isImportable: !isOfSystem };
  }
  const stays = crontab.package === undefined ? undefined : brought(crontab.package);
  const { where, why } = habitOf(line.command) ?? stays ?? { where: "main" as const, why: verdict.why };
  return { ...about, where, why };
}

/** A person writes none that is longer, and some of cron's own readers take no more. */
const longestCommand = 4000;

/** Lines of the system's crontabs name the user before the command. */
function withoutUser(line: CronLine): [user: string, line: CronLine] {
  const [, user = "", command = ""] = /^(\S+)\s*(.*)$/.exec(line.command) ?? [];
  return [user, { ...line, command }];
}

export function weighProgram({ file, rhythm, package: name }: CronProgram): Chore {
  const base = file.slice(file.lastIndexOf("/") + 1);
  const { where, why } = habitOf(base) ??
    (name === undefined ? undefined : brought(name)) ?? {
      where: "main" as const,
      why: "was put there for this machine: have a look at what it does",
    };
  const origin = { kind: "program", file } as const;
  return { origin, name: shortCommand(base), when: rhythm, where, why, notes: [], isImportable: false };
}

function brought(name: string): { where: "both"; why: string } {
  return { where: "both", why: `came with the package ${name}: where that is, this is too` };
}
