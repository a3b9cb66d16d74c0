import type { Tree } from "./tree.ts";

/** Where there is no /proc: the process group, which a descendant can leave. */
export class GroupTree implements Tree {
  readonly #group: number;

  /** @param pid of the group's leader */
  constructor(pid: number) {
    this.#group = pid;
  }

  remember(): void {}

  count(): number {
    return this.#send(0);
  }

  signal(signal: NodeJS.Signals): number {
    return this.#send(signal);
  }

  #send(signal: NodeJS.Signals | 0): number {
    try {
      process.kill(-this.#group, signal);
      return 1;
    } catch {
      // ESRCH: nobody is left; EPERM: only zombies are.
      return 0;
    }
  }
}
