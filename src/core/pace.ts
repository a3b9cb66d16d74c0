/** How often nodes speak, and how long silence may last. All in seconds. */
export type Pace = {
  /** Time between two beats of a worker. */
  beat: number;
  /** A lease whose owner showed no sign of life for so long goes to others. */
  lease: number;
  /** A worker that could not renew for so long ends its attempts by itself. */
  renew: number;
  /** A worker whose own loop hangs for so long is ended from outside. */
  watchdog: number;
  /** Between asking a process to end and ending it. */
  grace: number;
  /** How long results may wait for others to go with them in one push. */
  collect: number;
  /** The least time between two commits that only bring the pages for people up to date. */
  render: number;
  /** The least time between two beats that only bring progress; undefined where pushes are scarce. */
  progress: number | undefined;
  /** How much longer each place in the ranking waits before it claims. */
  rank: number;
  /** The most pushes of all nodes together in a minute; undefined on a hub of one's own. */
  pushesPerMinute: number | undefined;
};

export const ownHub: Pace = {
  beat: 60,
  lease: 360,
  renew: 180,
  watchdog: 60,
  grace: 30,
  collect: 0,
  render: 5,
  progress: 5,
  rank: 0.3,
  pushesPerMinute: undefined,
};

/** A host advises six pushes a minute for a repository; one is kept in reserve. */
export const hosted: Pace = {
  beat: 300,
  lease: 900,
  renew: 600,
  watchdog: 60,
  grace: 30,
  collect: 10,
  render: 60,
  progress: undefined,
  rank: 2,
  pushesPerMinute: 5,
};

export type Workers = {
  /** How many have a beat that the remote shows, be they gone for good. All nodes see the same. */
  shown: number;
  /** How many of them this node has seen beat lately. */
  living: number;
};

/**
 * The same pace for so many workers: where pushes are scarce, beats may use a quarter of them, so that more workers beat
 * more slowly and are waited for longer. How long they are waited for goes by what all nodes see: one that takes fewer for
 * living than others do beats more often, which does no harm.
 */
export function paceFor(pace: Pace, { shown, living }: Workers): Pace {
  if (pace.pushesPerMinute === undefined) return pace;
  const slowest = Math.max(pace.beat, 40 * shown);
  const beat = Math.max(pace.beat, 40 * living);
  return { ...pace, beat, lease: Math.max(pace.lease, 3 * slowest), renew: Math.max(pace.renew, 2 * beat) };
}

/** How much faster one machine's stopwatch may run than another's. */
const drift = 0.01;

/**
 * A lease must outlast everything a cut-off worker may still do: work until its renewal limit, hang until its watchdog,
 * and take its grace. Answers by how many seconds it falls short, or undefined when it is long enough.
 */
export function leaseFallsShortBy({ lease, renew, watchdog, grace }: Pace): number | undefined {
  const needed = (renew + watchdog + grace) * (1 + drift);
  return lease > needed ? undefined : needed - lease;
}
