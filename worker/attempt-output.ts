import type { Blanker } from "../src/format/secrets.ts";
import { OutputLog } from "./output-log.ts";
import { Progress } from "./progress.ts";
import { Tail } from "./tail.ts";
import type { Workspace } from "./workspace.ts";

const stdoutLimitBytes = 8 * 1024 * 1024;
const stderrLimitBytes = 8 * 1024;

/** What a task prints: into its log, and as much of it as its ending is read from. */
export class AttemptOutput {
  readonly #stdout = new Tail(stdoutLimitBytes);
  readonly #stderr = new Tail(stderrLimitBytes);
  readonly #log: OutputLog;
  readonly #progress: Progress;

  constructor(workspace: Workspace, { limitBytes, blanker }: { limitBytes: number; blanker: Blanker }) {
    this.#log = new OutputLog(workspace.logFile, { limitBytes, blanker });
    this.#progress = new Progress(workspace.progressFile, blanker);
  }

  hearStdout(chunk: Buffer): void {
    this.#stdout.push(chunk);
    this.#progress.hear(chunk);
    this.#log.stdout(chunk);
  }

  hearStderr(chunk: Buffer): void {
    this.#stderr.push(chunk);
    this.#log.stderr(chunk);
  }

  close(): void {
    this.#log.close();
  }

  get isLogIncomplete(): boolean {
    return this.#log.isIncomplete;
  }

  progress(): string | undefined {
    return this.#progress.latest();
  }

  get stdout(): string {
    return this.#stdout.text();
  }

  get stderrTail(): string {
    return this.#stderr.text();
  }
}
