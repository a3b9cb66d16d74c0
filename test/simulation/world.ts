import { MemoryHub, type MemoryDraft } from "../../src/adapters/memory/memory-hub.ts";
import type { Event } from "../../src/core/event.ts";
import type { Pace } from "../../src/core/pace.ts";
import type { NodeName } from "../../src/core/ids.ts";
import type { Bug } from "./bugs.ts";
import { Judge } from "./judge.ts";
import { Luck } from "./luck.ts";
import type { Machine } from "./machine.ts";
import { beginning } from "./sim-clock.ts";
import { short } from "./short.ts";
import { Timeline } from "./timeline.ts";
import { drawTraits, type Traits } from "./traits.ts";

export type Counts = {
  commits: number;
  crashes: number;
  hangs: number;
  freezes: number;
  partitions: number;
  lostRequests: number;
  lostAnswers: number;
  rewinds: number;
  forks: number;
  edits: number;
  twins: number;
  attempts: number;
  children: number;
  overlaps: number;
};

/** Everything that one history has. */
export class World {
  readonly timeline = new Timeline();
  readonly hub = new MemoryHub();
  readonly machines: Machine[] = [];
  readonly luck: Luck;
  readonly traits: Traits;
  readonly bug: Bug;
  readonly judge: Judge;
  readonly story: string[] | undefined;
  readonly counts: Counts = {
    commits: 0,
    crashes: 0,
    hangs: 0,
    freezes: 0,
    partitions: 0,
    lostRequests: 0,
    lostAnswers: 0,
    rewinds: 0,
    forks: 0,
    edits: 0,
    twins: 0,
    attempts: 0,
    children: 0,
    overlaps: 0,
  };
  /** No faults any more. */
  calm = false;
  /** What people hear from a node. */
  heard: (machine: Machine, event: Event) => void = () => undefined;

  constructor(seed: number, bug: Bug, withStory: boolean) {
    this.luck = new Luck(seed);
    const drawn = drawTraits(this.luck.stream("traits"));
    this.traits = bug.traits?.(drawn) ?? drawn;
    this.bug = bug;
    this.story = withStory ? [] : undefined;
    this.judge = new Judge(this);
  }

  get pace(): Pace {
    return this.traits.pace;
  }

  tell(who: string, what: () => string): void {
    this.story?.push(`${(this.timeline.nowMs / 1000).toFixed(3).padStart(9)} ${who.padEnd(7)} ${what()}`);
  }

  /** A push arrives at the hub. */
  land(parent: string, draft: MemoryDraft): string | undefined {
    const on = this.bug.overwrites ? this.hub.head : parent;
    const rewound = this.hub.head !== parent && this.hub.head !== undefined;
    const commit = this.hub.swap(on, draft);
    if (commit !== undefined) this.#landed(commit, draft, rewound);
    return commit;
  }

  /** A node pushes what it has seen, after a rewind. */
  putBack(commit: string, who: NodeName): boolean {
    const moved = this.hub.forward(commit);
    if (moved) this.tell(who, () => `puts ${short(commit)} back`);
    return moved;
  }

  /** A person's commit. */
  commit(who: string, message: string, files: ReadonlyMap<string, string | null>): void {
    const [newest] = this.hub.ancestry(this.hub.head);
    const all = new Map(newest?.files);
    for (const [path, text] of files) {
      if (text === null) all.delete(path);
      else all.set(path, text);
    }
    const at = new Date(beginning + this.timeline.nowMs).toISOString();
    const draft = { files: all, message, author: who, at };
    const commit = this.hub.swap(this.hub.head, draft);
    if (commit !== undefined) this.#landed(commit, draft, false);
  }

  #landed(commit: string, draft: MemoryDraft, rewound: boolean): void {
    this.counts.commits++;
    const also = rewound ? " (and puts a rewind right)" : "";
    this.tell(draft.author, () => `-> ${short(commit)} ${draft.message.split("\n")[0]}${also}`);
    this.judge.landed(commit);
  }
}
