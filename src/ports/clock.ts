/** Time, as far as we trust it. */
export interface Clock {
  /** The wall clock: for people and for deadlines that people wrote, never for leases. */
  now(): Date;

  /** A stopwatch in milliseconds that never jumps; its zero means nothing. */
  monotonicMs(): number;

  /** Resolves after `ms`, or at once when `signal` is aborted. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
