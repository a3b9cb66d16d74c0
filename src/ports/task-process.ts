export type Launch = {
  argv: readonly [string, ...string[]];
  cwd: string;
  /** The whole environment; nothing is inherited. */
  env: Readonly<Record<string, string>>;
  /** Written to standard input, which is then closed. */
  input?: string;
  onStdout(chunk: Buffer): void;
  onStderr(chunk: Buffer): void;
};

export type Exit =
  | { kind: "exited"; code: number }
  | { kind: "signalled"; signal: string }
  | { kind: "not-started"; why: string };

export interface Running {
  /** Settles when the program and everything it started are gone and all output was handed over. */
  readonly exit: Promise<Exit>;

  /** SIGTERM to all of it, SIGKILL after `graceMs`; resolves when nothing is left. May be called more than once. */
  stop(graceMs: number): Promise<void>;
}

/** Runs one program apart from us, and leaves nothing of it behind. */
export interface TaskProcess {
  /** What keeps the program's descendants together, as `doctor` and results name it. */
  readonly driver: string;

  /** @param marker names this attempt; a later life finds leftovers by it */
  start(marker: string, launch: Launch): Running;

  /** Ends what a former life of this node left running. Returns how many processes that were. */
  sweep(): Promise<number>;
}
