import { weighLine } from "../../src/openclaw/weigh-line.ts";
import type { Timer } from "../../src/ports/timetable.ts";
import type { Chore } from "./chore.ts";
import { habitOf } from "./habit.ts";
import { shortCommand } from "./short-command.ts";

export function weighTimer({ scope, unit, file, when, command }: Timer): Chore {
  const about = {
    origin: { kind: "timer", unit, scope } as const,
    name: command === "" ? shortCommand(unit) : shortCommand(command),
    when: when || "at its own times",
    notes: [],
    isImportable: false,
  };
  if (runsAgent(command)) {
    const notes = ["is a timer of systemd: write that schedule by hand, then `systemctl disable` the timer"];
    return { ...about, where: "worker", why: "does nothing but run an agent", notes };
  }
  const habit = habitOf(`${unit.replace(/\.timer$/, "")} ${command}`);
  if (habit) return { ...about, ...habit };
  // What a package brought; people's own units lie in /etc and in their home.
  if (/^(\/usr)?\/lib\/systemd\//.test(file)) {
    return { ...about, where: "both", why: "came with the system, which a worker has too" };
  }
  return { ...about, where: "main", why: "was made for this machine: have a look at what it does" };
}

/** As for a line of a crontab, whatever its times. */
function runsAgent(command: string): boolean {
  const line = { line: 1, expression: "@daily", command, timezone: undefined };
  return weighLine(line, { timezone: "UTC" }).move;
}
