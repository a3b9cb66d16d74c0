import { stamp } from "../../core/stamp.ts";
import { nextLocal } from "./local-time.ts";
import type { DigestTimes } from "./settings.ts";

/** Names one issue of a digest, the same on whatever machine and after whatever restart. */
export type DigestWindow = { window: string; until: Date };

/** The issue that something which happens now will stand in; at the very instant of an issue it is the next one. */
export function digestWindow(times: DigestTimes, timezone: string, now: Date): DigestWindow {
  const until =
    times.kind === "every" ? nextMultiple(times.seconds, now) : nextOf(times.times, timezone, now);
  return { window: stamp(until), until };
}

function nextMultiple(seconds: number, now: Date): Date {
  const stepMs = seconds * 1000;
  return new Date((Math.floor(now.getTime() / stepMs) + 1) * stepMs);
}

function nextOf(times: readonly string[], timezone: string, now: Date): Date {
  return new Date(Math.min(...times.map((time) => nextLocal(time, timezone, now).getTime())));
}
