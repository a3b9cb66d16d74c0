import type { Beat } from "../core/beat.ts";
import type { TaskId } from "../core/ids.ts";
import type { Result } from "../core/outcome.ts";
import type { Task } from "../core/task.ts";
import { parseBeat } from "../format/beat.ts";
import { readLedger, readResult, taskIn, type Ledger } from "../ledger/view.ts";
import type { SharedRepo } from "../ports/shared-repo.ts";

export type Running = Beat["running"][number];

export type Standing =
  | { kind: "open"; task: Task; ledger: Ledger; running: Running | undefined }
  | { kind: "ended"; result: Result; ledger: Ledger }
  /** Its section cannot be read, or somebody removed it. */
  | { kind: "unreadable"; why: string };

/** How a task stands, looked up anew with each call; what did not move is not fetched again. */
export class Follower {
  readonly #repo: SharedRepo;
  readonly #id: TaskId;
  #ledger: Ledger | undefined;
  #beatSeen: string | undefined;
  #running: Running | undefined;

  constructor(repo: SharedRepo, id: TaskId) {
    this.#repo = repo;
    this.#id = id;
  }

  async look(): Promise<Standing> {
    const sight = await this.#repo.look();
    if (!this.#ledger || sight.head !== this.#ledger.snapshot.commit) {
      this.#ledger = await readLedger(await this.#repo.fetch());
    }
    const task = taskIn(this.#ledger, this.#id);
    if (!task) return this.#end(this.#ledger);
    if (task.state.kind !== "running")
      return { kind: "open", task, ledger: this.#ledger, running: undefined };
    const { by, token } = task.state;
    const commit = sight.beats.get(by);
    if (commit !== undefined && commit !== this.#beatSeen) {
      const beat = parseBeat((await this.#repo.readBeat(by, commit)) ?? "");
      this.#beatSeen = commit;
      this.#running = beat?.running.find((one) => one.token === token);
    }
    const running = this.#running?.token === token ? this.#running : undefined;
    return { kind: "open", task, ledger: this.#ledger, running };
  }

  async #end(ledger: Ledger): Promise<Standing> {
    const result = await readResult(ledger.snapshot, this.#id);
    if (result && !("problem" in result)) return { kind: "ended", result, ledger };
    const bad = ledger.queue.bad.find(({ id }) => id === this.#id);
    const gone = "its section was removed from worker/QUEUE.md and there is no result";
    return { kind: "unreadable", why: result?.problem ?? bad?.reason ?? gone };
  }
}

/** How long to wait between two looks: a hub of one's own does not mind being asked. */
export function lookEveryMs({ profile, pollSeconds }: { profile: string; pollSeconds: number }): number {
  return Math.min(pollSeconds, profile === "own-hub" ? 1 : 10) * 1000;
}
