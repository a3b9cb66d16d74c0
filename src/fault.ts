/**
 * Codes are public: scripts and alerts match on them. Add freely, never rename.
 * The number is the exit code of a command that ends with that fault.
 */
export const faultCodes = {
  USAGE: 2,
  CONFIG_INVALID: 3,
  CONFIG_MISSING: 3,
  SETTINGS_UNSAFE: 3,
  TASK_NOT_FOUND: 4,
  TASK_AMBIGUOUS: 4,
  FILE_NOT_FOUND: 4,
  ACTION_NOT_FOUND: 4,
  EVENT_NOT_FOUND: 4,
  MAIN_ELSEWHERE: 4,
  REMOTE_NOT_FOUND: 5,
  REMOTE_UNAVAILABLE: 5,
  REMOTE_TIMEOUT: 5,
  REMOTE_REWOUND: 5,
  HISTORY_FORKED: 5,
  AUTH_REFUSED: 5,
  HOST_KEY_CHANGED: 5,
  HOST_KEY_UNKNOWN: 5,
  PUSH_DENIED: 5,
  BRANCH_PROTECTED: 5,
  BRANCH_MISSING: 5,
  BUSY: 75,
  DISK_FULL: 1,
  DISK_READ_ONLY: 1,
  GIT_FAILED: 1,
  GIT_KILLED: 1,
  GIT_MISSING: 1,
  CACHE_BROKEN: 1,
  MOVE_REFUSED: 1,
  APPROVAL_STALE: 1,
  FILE_IN_THE_WAY: 1,
  FILE_DENIED: 1,
  FILE_TOO_LARGE: 1,
  ALREADY_RUNNING: 75,
  NAME_TAKEN: 75,
  SPOOL_BROKEN: 1,
  NOT_ON_PATH: 1,
  OPENCLAW_MISSING: 1,
  OPENCLAW_TOO_OLD: 1,
  OPENCLAW_FAILED: 1,
  GATEWAY_UNREACHABLE: 75,
  CLOUD_TOKEN: 5,
  CLOUD_SCOPE: 5,
  CLOUD_ACCOUNT: 5,
  CLOUD_KEY_TAKEN: 1,
  CLOUD_QUOTA: 1,
  CLOUD_SIZE_REGION: 3,
  CLOUD_LOCKED: 75,
  CLOUD_TWINS: 1,
  CLOUD_FOREIGN: 1,
  CLOUD_UNKNOWN_OUTCOME: 75,
  CLOUD_STUCK: 75,
  CLOUD_RATE: 75,
  CLOUD_DOWN: 75,
  CLOUD_REFUSED: 1,
  SSH_NO_KEY: 3,
  SSH_REFUSED: 75,
  SSH_TIMEOUT: 75,
  SSH_AUTH: 5,
  SSH_LOST: 75,
  BOOT_FAILED: 1,
  OS_UNSUPPORTED: 1,
  LOW_DISK: 1,
  LOW_MEMORY: 1,
  APT_LOCKED: 75,
  NODE_HASH: 1,
  NPM_FAILED: 75,
  NPM_OOM: 1,
  GH_TOKEN: 5,
  GH_NO_ADMIN: 5,
  GH_KEYS_FORBIDDEN: 5,
  GH_KEY_IN_USE: 1,
  GH_NOT_FOUND: 4,
  GH_REFUSED: 1,
  GH_RATE: 75,
  GH_DOWN: 75,
  CLONE_DENIED: 5,
  STEP_FAILED: 1,
  NOT_CONVERGED: 1,
  NOT_CONFIRMED: 2,
} as const;
export type FaultCode = keyof typeof faultCodes;

/** A failure that we raise on purpose: what was seen, and in the hint what to do next. */
export class Fault extends Error {
  override readonly name = "Fault";
  readonly code: FaultCode;
  readonly hint: string;

  constructor(code: FaultCode, message: string, { hint, cause }: { hint: string; cause?: unknown }) {
    super(message, { cause });
    this.code = code;
    this.hint = hint;
  }
}

/** Faults that no waiting cures: somebody has to say or set up something else. */
const lasting: readonly FaultCode[] = [
  "USAGE",
  "CONFIG_INVALID",
  "CONFIG_MISSING",
  "SETTINGS_UNSAFE",
  "GIT_MISSING",
  "ALREADY_RUNNING",
  "MOVE_REFUSED",
  "FILE_IN_THE_WAY",
];

/**
 * Whether a fault may be gone in a minute, by itself or because a person mended something: a daemon tries again, since
 * its end would be the end of every task it runs; a command says so and ends.
 */
export function mayPass(error: unknown): error is Fault {
  return error instanceof Fault && !lasting.includes(error.code);
}

/** Faults that say that nothing of ours reaches the remote. */
export function isCutOff({ code }: Fault): boolean {
  return [
    "REMOTE_UNAVAILABLE",
    "REMOTE_TIMEOUT",
    "AUTH_REFUSED",
    "HOST_KEY_CHANGED",
    "HOST_KEY_UNKNOWN",
  ].includes(code);
}

/** What the system says about a disk, as a Fault where we know what to do about it; anything else as it came. */
export function diskFault(path: string, error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new Fault("DISK_FULL", `There is no room for ${path}`, {
      hint: "Make room on that disk; what was there before is still there.",
      cause: error,
    });
  }
  if (code === "EROFS") {
    return new Fault("DISK_READ_ONLY", `${path} is on a disk that is read-only now`, {
      hint: "The system does that when a disk fails: look at `dmesg` and `mount`.",
      cause: error,
    });
  }
  if (code === "EACCES" || code === "EPERM") {
    return new Fault("FILE_DENIED", `This user may not use ${path}`, { hint: giveBack(path), cause: error });
  }
  return error;
}

/** What the operating system refused, as EIO or EMFILE, in distinction from a defect of ours. */
export function isOfSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}

/** One line for people about what was caught. Only a Fault's words are ours: others' may hold anything. */
export function broke(error: unknown): string {
  if (error instanceof Fault) return error.message;
  const what = isOfSystem(error) ? error.code : error instanceof Error ? error.name : typeof error;
  return `it broke (${what})`;
}

/** What to do about files that most likely another user of the machine left, root with `sudo` for one. */
export function giveBack(path: string): string {
  return `\`ls -la\` tells whose it is; give it back with \`sudo chown -R "$USER" ${path}\`.`;
}
