import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";

import type { Exit, Running, Usage } from "../../ports/task-process.ts";
import type { Tree } from "./tree.ts";

export type Patience = {
  /** What a program leaves in the background has this long to end by itself after SIGTERM. */
  leftoverGraceMs: number;
  /** What SIGKILL does not end within this time is out of our reach: another user's, or stuck in the kernel. */
  killMs: number;
  /** A pipe that stays open although all are gone was handed to a stranger. */
  pipeMs: number;
  /** How often to look who is there while the program runs. */
  rememberMs: number;
};

const patience: Patience = { leftoverGraceMs: 2000, killMs: 10_000, pipeMs: 1000, rememberMs: 1000 };

/** A started child and whatever it starts. */
export class RunningTree implements Running {
  readonly exit: Promise<Exit>;
  readonly #tree: Tree;
  readonly #patience: Patience;
  readonly #measure: () => Usage;
  readonly #outlived = Promise.withResolvers<Exit>();
  #nextLook: NodeJS.Timeout | undefined;
  #killAt = Infinity;
  #ending: Promise<void> | undefined;
  #hasEnded = false;
  #usage: Usage = {};

  /** @param measure is asked once, when nothing runs any more */
  constructor(
    child: ChildProcess,
    {
      tree,
      outputs,
      given,
      measure,
    }: { tree: Tree; outputs: readonly Readable[]; given: Partial<Patience>; measure: () => Usage },
  ) {
    this.#tree = tree;
    this.#patience = { ...patience, ...given };
    this.#measure = measure;
    this.exit = this.#waitFor(child, outputs);
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  usage(): Usage {
    return this.#usage;
  }

  async stop(graceMs: number): Promise<void> {
    await this.#end(graceMs);
    await this.exit;
  }

  async #waitFor(child: ChildProcess, outputs: readonly Readable[]): Promise<Exit> {
    const closed = Promise.allSettled(outputs.map((output) => finished(output)));
    this.#keepLooking(20);
    const exit = await Promise.race([exitOf(child), this.#outlived.promise]);
    clearTimeout(this.#nextLook);
    this.#hasEnded = true;
    await this.#end(this.#patience.leftoverGraceMs);
    await Promise.race([closed, sleep(this.#patience.pipeMs, undefined, { ref: false })]);
    for (const output of outputs) output.destroy();
    child.unref();
    this.#usage = this.#measure();
    return exit;
  }

  #keepLooking(afterMs: number): void {
    this.#nextLook = setTimeout(() => {
      this.#tree.remember();
      this.#keepLooking(Math.min(afterMs * 2, this.#patience.rememberMs));
    }, afterMs).unref();
  }

  #end(graceMs: number): Promise<void> {
    this.#killAt = Math.min(this.#killAt, performance.now() + graceMs);
    this.#ending ??= this.#endAll();
    return this.#ending;
  }

  async #endAll(): Promise<void> {
    if (this.#tree.signal("SIGTERM") > 0) {
      await this.#areGone(() => this.#tree.count(), { until: () => this.#killAt });
    }
    const giveUpAt = performance.now() + this.#patience.killMs;
    const gone = await this.#areGone(() => this.#tree.signal("SIGKILL"), { until: () => giveUpAt });
    if (!gone) this.#outlived.resolve({ kind: "signalled", signal: "SIGKILL, which it survived" });
  }

  /** Gone means seen gone twice: one that forks at the wrong moment can hide from a single look. */
  async #areGone(look: () => number, { until }: { until: () => number }): Promise<boolean> {
    let pauseMs = 5;
    for (let empty = 0; performance.now() < until(); pauseMs = Math.min(pauseMs * 1.5, 100)) {
      empty = look() === 0 ? empty + 1 : 0;
      if (empty === 2) return true;
      await sleep(empty === 1 ? 5 : pauseMs);
    }
    return false;
  }
}

async function exitOf(child: ChildProcess): Promise<Exit> {
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  return code === null ? { kind: "signalled", signal: String(signal) } : { kind: "exited", code };
}
