import type { Timer } from "../../ports/timetable.ts";

/** Of a unit, what `systemctl show` was asked for. */
type Unit = Readonly<Record<string, string>>;

export const timerProperties = "Id,ActiveState,FragmentPath,TimersCalendar,TimersMonotonic,Unit";

/** Blocks of `Name=value` with an empty line between two units. A property that has several values stands several times. */
export function readUnits(text: string): Unit[] {
  return text.split(/\n{2,}/).flatMap((block) => {
    const unit: Record<string, string> = {};
    for (const line of block.split("\n")) {
      const at = line.indexOf("=");
      if (at <= 0) continue;
      const [name, value] = [line.slice(0, at), line.slice(at + 1)];
      unit[name] = unit[name] ? `${unit[name]}\n${value}` : value;
    }
    return unit["Id"] === undefined ? [] : [unit];
  });
}

export function activeTimers(scope: Timer["scope"], units: readonly Unit[]): Omit<Timer, "command">[] {
  return units
    .filter((unit) => unit["ActiveState"] === "active")
    .map((unit) => ({
      scope,
      unit: unit["Id"] ?? "",
      file: unit["FragmentPath"] ?? "",
      when: [unit["TimersCalendar"], unit["TimersMonotonic"]].flatMap(whenOf).join(", "),
      starts: unit["Unit"] ?? "",
    }));
}

/** `{ OnCalendar=daily ; next_elapse=Sun 2026-11-22 00:00:00 UTC }` */
function whenOf(values: string | undefined): string[] {
  return (values ?? "").split("\n").flatMap((value) => {
    const [, base = "", when] = /^\{ (\w+)=(.*?) ; next_elapse=/.exec(value) ?? [];
    if (when === undefined) return [];
    return [base === "OnCalendar" ? when : `${base.replace("USec", "")} ${when}`];
  });
}

/** `{ path=/bin/a ; argv[]=/bin/a -b ; ignore_errors=no ; … }` */
export function commandOf(unit: Unit): string {
  return (unit["ExecStart"] ?? "")
    .split("\n")
    .flatMap((value) => /^\{ path=.*? ; argv\[\]=(.*?) ; ignore_errors=/.exec(value)?.[1] ?? [])
    .join("; ");
}
