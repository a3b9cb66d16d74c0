import * as z from "zod";

const secondsIn = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Text such as `90s`, `15m`, `2h`, `1d` or `1h30m`, as seconds. */
export const Duration = z
  .string()
  .regex(/^(?:\d{1,6}[smhd])+$/, "a duration is written like 90s, 15m, 2h or 1d")
  .transform((text) =>
    Array.from(text.matchAll(/(\d+)([smhd])/g)).reduce(
      (sum, [, count, unit]) => sum + Number(count) * secondsIn[unit as keyof typeof secondsIn],
      0,
    ),
  )
  .refine((seconds) => seconds <= 366 * secondsIn.d, "at most a year");

/** `45s`, `1h30m`, `2d`; of a long time only its `units` largest units, four say all. */
export function durationText(seconds: number, units = 2): string {
  let rest = Math.max(0, Math.round(seconds));
  const parts: string[] = [];
  for (const unit of ["d", "h", "m", "s"] as const) {
    const count = Math.floor(rest / secondsIn[unit]);
    rest -= count * secondsIn[unit];
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return parts.slice(0, units).join("") || "0s";
}
