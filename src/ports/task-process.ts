export type Launch = {
  argv: readonly [string, ...string[]];
  cwd: string;
  /** The whole environment; nothing is inherited. */
  env: Readonly<Record<string, string>>;
  /** Written to standard input, which is then closed. */
  input?: string;
  /** Without it a driver that hides this machine's files leaves the working directory only. */
  reach?: Reach;
  onStdout(chunk: Buffer): void;
  onStderr(chunk: Buffer): void;
};

/** What a program needs of the files that a driver may hide from it. */
export type Reach = {
  /** Folders of its own, to be its home and its /tmp. */
  home: string;
  tmp: string;
  writable: readonly string[];
  /** A program's file brings its package along. */
  readOnly: readonly string[];
};

export type Exit =
  | { kind: "exited"; code: number }
  | { kind: "signalled"; signal: string }
  | { kind: "not-started"; why: string };

/** What is known about a program that is over, and only from drivers that can tell. */
export type Usage = { peakMemoryBytes?: number; ranOutOfMemory?: true };

export interface Running {
  /** Settles when the program and everything it started are gone and all output was handed over. */
  readonly exit: Promise<Exit>;

  /** True once the program itself has ended, while what it left behind may still be on its way out. */
  readonly hasEnded: boolean;

  /** SIGTERM to all of it, SIGKILL after `graceMs`; resolves when nothing is left. May be called more than once. */
  stop(graceMs: number): Promise<void>;

  /** Complete once `exit` has settled. */
  usage(): Usage;
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
