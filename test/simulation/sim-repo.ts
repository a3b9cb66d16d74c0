import { branchMissing, noSuchCommit, rewound } from "../../src/adapters/memory/memory-repo.ts";
import type { NodeName } from "../../src/core/ids.ts";
import { Fault } from "../../src/fault.ts";
import type {
  HistoryEntry,
  Proposal,
  Receipt,
  SharedRepo,
  Sight,
  Snapshot,
} from "../../src/ports/shared-repo.ts";
import type { Life } from "./machine.ts";
import { sendOver, type Sent } from "./network.ts";
import { beginning } from "./sim-clock.ts";
import type { World } from "./world.ts";

const deadlinesMs = { look: 10_000, fetch: 20_000, push: 20_000 };

/** The remote as one machine reaches it: every question and every answer may be late or lost. */
export class SimRepo implements SharedRepo {
  readonly #life: Life;
  readonly #world: World;

  constructor(life: Life, world: World) {
    this.#life = life;
    this.#world = world;
  }

  look(): Promise<Sight> {
    const { hub } = this.#world;
    return this.#ask(deadlinesMs.look, () => {
      const beats = new Map<NodeName, string>();
      for (const [worker, { commit }] of hub.beats) beats.set(worker, commit);
      return { head: hub.head, beats };
    });
  }

  async fetch(): Promise<Snapshot> {
    const { hub } = this.#world;
    const { disk } = this.#life.machine;
    const head = await this.#ask(deadlinesMs.fetch, () => hub.head);
    if (head === undefined) throw branchMissing();
    if (disk.seen !== undefined && !hub.descends(head, disk.seen)) throw rewound(head, disk.seen);
    return this.#see(head);
  }

  readBeat(worker: NodeName, commit: string): Promise<string | undefined> {
    const { hub } = this.#world;
    return this.#ask(deadlinesMs.fetch, () => {
      const newest = hub.beats.get(worker);
      return newest?.commit === commit ? newest.text : undefined;
    });
  }

  async publish({ parent, message, files, beat }: Proposal): Promise<Receipt> {
    const { hub } = this.#world;
    const { machine } = this.#life;
    this.#world.judge.publishing(machine, parent.commit);
    const answer = await this.#push(() => {
      if (files.size === 0) return { commit: parent.commit, along: hub.beatAlong(beat) };
      const changed = new Map(hub.commits.get(parent.commit)?.files);
      for (const [path, text] of files) {
        if (text === null) changed.delete(path);
        else changed.set(path, text);
      }
      const at = new Date(beginning + this.#world.timeline.nowMs).toISOString();
      const draft = { files: changed, message: message.trimEnd(), author: machine.name, at };
      const commit = this.#world.land(parent.commit, draft);
      return { commit, along: commit === undefined ? {} : hub.beatAlong(beat) };
    });
    if (answer === undefined) return { kind: "unknown", why: "no answer" };
    const { commit, along } = answer;
    if (commit === undefined || (files.size === 0 && along.beat === "refused")) return { kind: "outdated" };
    return { kind: "accepted", snapshot: files.size === 0 ? parent : this.#see(commit), ...along };
  }

  async beat(worker: NodeName, text: string): Promise<Receipt["kind"]> {
    const { hub } = this.#world;
    const answer = await this.#push(() => ({ taken: hub.beat(worker, text) }));
    if (answer === undefined) return "unknown";
    return answer.taken ? "accepted" : "outdated";
  }

  async *history(since?: string): AsyncGenerator<HistoryEntry, void> {
    const { hub } = this.#world;
    const { seen } = this.#life.machine.disk;
    if (since !== undefined && !hub.descends(seen ?? "", since)) throw noSuchCommit(since);
    for (const { files: _files, height: _height, ...entry } of hub.ancestry(seen)) {
      if (entry.commit === since) return;
      yield entry;
    }
  }

  async at(commit: string): Promise<Snapshot> {
    const snapshot = this.#world.hub.snapshot(commit);
    if (!snapshot) throw branchMissing();
    return snapshot;
  }

  async restore(head: string | undefined): Promise<Receipt["kind"]> {
    const { seen } = this.#life.machine.disk;
    if (seen === undefined) return "accepted";
    if (head !== undefined && !this.#world.hub.descends(seen, head)) return "outdated";
    const answer = await this.#push(() => ({ moved: this.#world.putBack(seen, this.#life.machine.name) }));
    if (answer === undefined) return "unknown";
    return answer.moved ? "accepted" : "outdated";
  }

  async accept(asked?: string): Promise<Snapshot> {
    const { hub } = this.#world;
    const head = await this.#ask(deadlinesMs.fetch, () => hub.head);
    if (head === undefined) throw branchMissing();
    if (asked !== undefined && !hub.descends(head, asked)) throw rewound(head, asked);
    this.#world.judge.acceptedHistory(this.#life.machine, head);
    return this.#see(head);
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #see(commit: string): Snapshot {
    const { machine } = this.#life;
    const snapshot = this.#world.hub.snapshot(commit);
    if (!snapshot) throw branchMissing();
    machine.disk.seen = commit;
    this.#world.judge.saw(machine, commit);
    return snapshot;
  }

  /** A question whose answer changes nothing over there. */
  async #ask<Answer>(deadlineMs: number, answer: () => Answer): Promise<Answer> {
    const sent = await sendOver(this.#life, this.#world, { deadlineMs }, answer);
    if (sent.kind === "answered") return sent.answer;
    throw trouble(sent);
  }

  /** Undefined when nobody knows whether it was done. */
  async #push<Answer>(act: () => Answer): Promise<Answer | undefined> {
    const { machine } = this.#life;
    this.#world.judge.pushing(machine);
    const sent = await sendOver(this.#life, this.#world, { deadlineMs: deadlinesMs.push, isPush: true }, act);
    if (sent.kind === "answered") return sent.answer;
    if (sent.kind === "refused") throw trouble(sent);
    return undefined;
  }
}

function trouble(sent: Exclude<Sent<unknown>, { kind: "answered" }>): Fault {
  return sent.kind === "refused"
    ? new Fault("REMOTE_UNAVAILABLE", "Connection refused", { hint: "Check the network." })
    : new Fault("REMOTE_TIMEOUT", "No answer in time", { hint: "Check the network." });
}
