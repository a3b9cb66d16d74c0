import { setTimeout as sleep } from "node:timers/promises";

import { pidsWith } from "../support/processes.ts";
import { Random } from "../support/random.ts";
import { leaseMs, type Scene } from "./scene.ts";
import type { Victim } from "./victim.ts";

export type Kills = { whole: number; alone: number; suicide: number; git: number; watchdog: number };

/** Kills, freezes and cuts, chosen by a seed, until there were as many kills as wanted. */
export class Trouble {
  readonly kills: Kills = { whole: 0, alone: 0, suicide: 0, git: 0, watchdog: 0 };
  freezes = 0;
  readonly #scene: Scene;
  readonly #wanted: number;
  readonly #seed: number;

  constructor(scene: Scene, { kills, seed }: { kills: number; seed: number }) {
    this.#scene = scene;
    this.#wanted = kills;
    this.#seed = seed;
  }

  get count(): number {
    return Object.values(this.kills).reduce((sum, kills) => sum + kills, 0);
  }

  get isOver(): boolean {
    return this.count >= this.#wanted;
  }

  /** Resolves with all nodes up and all lines whole. */
  async make(): Promise<void> {
    const luck = new Random(this.#seed + 1000);
    this.#scene.proxy.cutAfterMs = () => (luck.next() < 0.08 ? luck.below(80) : undefined);
    await Promise.all(
      this.#scene.nodes.map((node, n) => this.#pester(node, new Random(this.#seed * 10 + n + 1))),
    );
    this.#scene.proxy.cutAfterMs = () => undefined;
  }

  async #pester(node: Victim, random: Random): Promise<void> {
    for (;;) {
      // On a busy machine a life takes its time to begin; to kill only beginners would prove little.
      for (let waits = 0; node.isUp && !node.isAtWork && waits < 300; waits++) await sleep(100);
      await sleep(500 + random.below(5000));
      if (this.isOver) return;
      if (node.isUp) await this.#harm(node, random);
      if (node.isUp) continue;
      // Mostly back at once, sometimes only when its leases have run out.
      await sleep(random.next() < 0.8 ? random.below(1000) : leaseMs + random.below(3000));
      node.start();
    }
  }

  async #harm(node: Victim, random: Random): Promise<void> {
    const draw = random.next();
    if (draw < 0.33) {
      this.kills.whole++;
      await node.killAll();
    } else if (draw < 0.6) {
      this.kills.alone++;
      await node.killAlone();
    } else if (draw < 0.8) {
      if (await node.dieAfterPush(10_000)) this.kills.suicide++;
    } else if (draw < 0.9) {
      if (await killGitOf(node)) this.kills.git++;
    } else {
      this.freezes++;
      const all = random.next() < 0.5;
      if (!(await node.freeze(leaseMs + random.below(3000), { all }))) this.kills.watchdog++;
    }
  }
}

/** As the kernel does when memory runs out: one git of the node is gone. */
async function killGitOf(node: Victim): Promise<boolean> {
  for (let looks = 0; looks < 100; looks++) {
    const gits = new Set(pidsWith("GIT_TERMINAL_PROMPT=0"));
    const pid = node.pids().find((candidate) => gits.has(candidate));
    if (pid === undefined) {
      await sleep(20);
      continue;
    }
    try {
      process.kill(pid, "SIGKILL");
      return true;
    } catch {
      // It was faster; there will be another.
    }
  }
  return false;
}
