/**
 * How old a worker's last beat is. No two machines' clocks are compared: either both ends of the span are the worker's
 * own clock (its beat says when, and the machine says what time it is there now), or both are the clock of whoever looks.
 */
export type Age =
  | { by: "worker"; seconds: number }
  /** We first saw it so long ago; and so long ago, if we looked, there was still another one. */
  | { by: "looker"; atLeastSeconds: number; atMostSeconds: number | undefined };

export type Freshness = "ok" | "late" | "dead" | "unknown";

/** Beats come each five minutes where pushes are scarce; who beats more often is not judged more strictly. */
const usualBeatSeconds = 300;

/** `ok` below 1.4 pauses between beats, `late` below 3 of them: 7 and 15 minutes as a rule. */
export function freshnessOf(age: Age | undefined, everySeconds: number = usualBeatSeconds): Freshness {
  if (age === undefined) return "unknown";
  const every = Math.max(usualBeatSeconds, everySeconds);
  const [okBelow, lateBelow] = [1.4 * every, 3 * every];
  const least = age.by === "worker" ? age.seconds : age.atLeastSeconds;
  const most = age.by === "worker" ? age.seconds : (age.atMostSeconds ?? Infinity);
  if (least >= lateBelow) return "dead";
  if (least >= okBelow) return "late";
  return most < okBelow ? "ok" : "unknown";
}

/** What one who looks remembers of a beat, in milliseconds since 1970 by his own clock. */
export type Sighting = {
  commit: string;
  firstSeenMs: number;
  lastSeenMs: number;
  /** When he last saw another one in its place. */
  notBeforeMs?: number;
};

/** Takes note of the beat that is there now. After a clock was set back nothing that is remembered counts. */
export function sightingOf(before: Sighting | undefined, commit: string, nowMs: number): Sighting {
  const remembered = before !== undefined && before.lastSeenMs <= nowMs ? before : undefined;
  if (remembered?.commit === commit) return { ...remembered, lastSeenMs: nowMs };
  return {
    commit,
    firstSeenMs: nowMs,
    lastSeenMs: nowMs,
    ...(remembered ? { notBeforeMs: remembered.lastSeenMs } : {}),
  };
}

/**
 * @param writtenAt what the beat says about when it was made, ISO 8601
 * @param workerNowMs the clock of the worker's machine, as far as it was asked
 */
export function ageOf({
  writtenAt,
  workerNowMs,
  sighting,
}: {
  writtenAt: string | undefined;
  workerNowMs: number | undefined;
  sighting: Sighting;
}): Age {
  const writtenMs = writtenAt === undefined ? NaN : Date.parse(writtenAt);
  if (workerNowMs !== undefined && !Number.isNaN(writtenMs)) {
    return { by: "worker", seconds: Math.max(0, (workerNowMs - writtenMs) / 1000) };
  }
  const { firstSeenMs, lastSeenMs, notBeforeMs } = sighting;
  return {
    by: "looker",
    atLeastSeconds: (lastSeenMs - firstSeenMs) / 1000,
    atMostSeconds: notBeforeMs === undefined ? undefined : (lastSeenMs - notBeforeMs) / 1000,
  };
}
