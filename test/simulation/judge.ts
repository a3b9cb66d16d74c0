import { isExpired } from "../../src/core/choose.ts";
import { sentence, type Event } from "../../src/core/event.ts";
import type { NodeName, TaskId } from "../../src/core/ids.ts";
import type { Result } from "../../src/core/outcome.ts";
import type { Task } from "../../src/core/task.ts";
import { approvalDigest } from "../../src/format/approval.ts";
import { archivedIds, findArchived } from "../../src/format/archive.ts";
import { parseResult } from "../../src/format/result.ts";
import { legal } from "../../src/ledger/legal.ts";
import { authorOf, claimsIn, newTasks, readStep, resultIn, type Step } from "../../src/ledger/step.ts";
import { readLedger } from "../../src/ledger/view.ts";
import type { WorkerMemory } from "../../worker/memory.ts";
import { CancelWatch } from "./cancel-watch.ts";
import type { Machine } from "./machine.ts";
import type { Finish, Process } from "./process.ts";
import { mostChildren, wishesOf } from "./sim-inbox.ts";
import { wallClockOf } from "./sim-clock.ts";
import { short } from "./short.ts";
import type { World } from "./world.ts";

export type Violation = { rule: string; ms: number; what: string };

/** From the decision to start an attempt to its start: two writes to a disk. */
const startsWithinMs = 5000;

/** Watches a history from outside and says which promise was broken. */
export class Judge {
  readonly violations: Violation[] = [];
  /** Tasks whose lease a person has meddled with, and those that a person has taken away. */
  readonly meddled = new Set<TaskId>();
  readonly removed = new Set<TaskId>();
  /** From here on two attempts may run side by side: a machine stood still, has a twin, or history was rewound. */
  exclusiveNoMore = false;
  /** Names that two machines have had at once: each may have given the other's leases back. */
  readonly shared = new Set<NodeName>();
  /** A person has accepted that history was replaced. */
  historyReplaced = false;
  readonly reports = new Map<TaskId, number>();
  readonly #world: World;
  readonly #running = new Set<Process>();
  readonly #started = new Set<string>();
  readonly #tokens = new Set<string>();
  readonly #seen = new Map<Machine, string>();
  readonly #everSeen = new Map<string, Machine>();
  readonly #pushes = new Map<Machine, number[]>();
  readonly #told = new Set<TaskId>();
  readonly #mayRepeat = new Map<TaskId, number>();
  readonly #kept = new Map<string, TaskId>();
  readonly #consents = new Set<string>();
  /** How often main told of an end. */
  told = 0;
  readonly #givenBack = new Set<string>();
  readonly #cancelWatch: CancelWatch;

  constructor(world: World) {
    this.#world = world;
    this.#cancelWatch = new CancelWatch(world);
  }

  accuse(rule: string, what: string): void {
    this.#world.tell("JUDGE", () => `${rule}: ${what}`);
    this.violations.push({ rule, ms: this.#world.timeline.nowMs, what });
  }

  landed(commit: string): void {
    void this.#examine(commit);
  }

  async #examine(commit: string): Promise<void> {
    const { hub } = this.#world;
    const entry = hub.commits.get(commit);
    const before = hub.snapshot(entry?.parents[0] ?? "");
    const after = hub.snapshot(commit);
    if (!entry || !before || !after) return;
    const step = await readStep(before, after);
    const author = authorOf(entry.message);
    const verdict = legal(step, author);
    if (verdict.kind === "illegal")
      this.accuse("legal", `${short(commit)} by ${entry.author}: ${verdict.reason}`);
    this.#cancelWatch.landed(step);
    if (author === undefined) return;
    this.#examineTokens(step, commit);
    this.#countChildren(step);
    this.#examineWaste(step, author);
  }

  #countChildren(step: Step): void {
    for (const id of newTasks(step)) {
      const isChild = step.after.tasks.some((task) => task.id === id && task.request.parent !== undefined);
      if (isChild) this.#world.counts.children++;
    }
  }

  #examineTokens(step: Step, commit: string): void {
    for (const { task, token } of claimsIn(step)) {
      if (this.#tokens.has(token))
        this.accuse("I3", `${short(commit)} gives ${task} a token that was used before`);
      this.#tokens.add(token);
    }
  }

  /** I8: an attempt that ended with something to show is not given up by its own worker. */
  #examineWaste({ before, after }: Step, author: string): void {
    const workers = this.#world.machines.filter(({ name, role }) => name === author && role === "worker");
    const [worker] = workers;
    if (!worker) return;
    for (const { id, state, tried } of before.tasks) {
      // What a merge brought back has a result already, and may be given back.
      if (state.kind !== "running" || state.by !== author || before.finished.has(id)) continue;
      const now = after.tasks.find((task) => task.id === id)?.tried ?? [];
      if (now.length === tried.length) continue;
      this.#givenBack.add(state.token);
      const end = now.at(-1);
      const done = workers.flatMap(finishedOn).find(({ token }) => token === state.token);
      if (this.shared.has(worker.name) || this.meddled.has(id)) continue;
      if (done && end?.end === "lost" && end.attempt === done.task.attempt && "text" in done.ending) {
        this.accuse("I8", `${author} gave ${id} up although it had finished it`);
      }
    }
  }

  /** A person agrees to what this digest is of. */
  consented(id: TaskId, digest: string): void {
    this.#consents.add(`${id} ${digest}`);
  }

  /** What only it knew is gone with it: what it had not told, and what a rewind has taken from all others. */
  takenAway(machine: Machine): void {
    for (const { token } of finishedOn(machine)) this.#kept.delete(token);
    for (const [commit, last] of this.#everSeen) {
      if (last !== machine) continue;
      this.#everSeen.delete(commit);
      if (!this.#isKnown(commit)) this.#forgetResults(commit);
    }
  }

  #isKnown(commit: string): boolean {
    const { hub } = this.#world;
    return hub.descends(hub.head ?? "", commit) || this.#isBeingMended(commit);
  }

  #forgetResults(commit: string): void {
    for (const [path, text] of this.#world.hub.commits.get(commit)?.files ?? []) {
      const result = resultIn(path) ? parseResult(text) : undefined;
      if (result && !("problem" in result) && result.lease) this.#kept.delete(result.lease.token);
    }
  }

  processStarted(machine: Machine, process: Process): void {
    const { counts } = this.#world;
    const { id, attempt, request } = process.task;
    if (request.approval === "required" && !this.#consents.has(`${id} ${approvalDigest(process.task)}`))
      this.accuse("I10", `${machine.name} starts ${id}, to which nobody has agreed`);
    this.#examineExpiry(machine, process.task);
    counts.attempts++;
    this.#world.tell(machine.name, () => `starts ${id}, attempt ${attempt}`);
    const excused = this.exclusiveNoMore || this.meddled.has(id);
    for (const other of this.#running) {
      if (other.task.id !== id) continue;
      counts.overlaps++;
      if (!excused) this.accuse("I5", `two attempts of ${id} run at once, one of them on ${machine.name}`);
    }
    const key = `${id} ${attempt}`;
    if (this.#started.has(key) && !excused)
      this.accuse("I3", `attempt ${attempt} of ${id} was started twice`);
    this.#started.add(key);
    this.#running.add(process);
  }

  /** I13: nothing begins after it has expired, by the clock of the machine that begins it. */
  #examineExpiry(machine: Machine, task: Task): void {
    // A machine that stood still between its decision and the start, or whose clock was set then, cannot know better.
    const steadyMs = this.#world.timeline.nowMs - Math.max(machine.disturbedMs, machine.clockSetMs);
    if (steadyMs < startsWithinMs) return;
    if (isExpired(task, new Date(wallClockOf(machine).getTime() - startsWithinMs)))
      this.accuse("I13", `${machine.name} starts ${task.id}, which expired at ${task.request.expires}`);
  }

  processEnded(machine: Machine, process: Process, { ending }: Finish): void {
    this.#running.delete(process);
    this.#world.tell(machine.name, () => `${process.task.id} is over: ${ending.kind}`);
  }

  /** A worker has put this on disk; from then on it must not get lost. */
  spooled(machine: Machine, value: unknown): void {
    if (machine.role === "main") {
      this.#told.clear();
      return;
    }
    for (const { token, task, ending } of (value as WorkerMemory).finished) {
      if ("text" in ending || ending.kind === "waits") this.#kept.set(token, task.id);
    }
  }

  announced(machine: Machine, event: Event): void {
    // What is really illegal has been found when it landed; but nobody may be accused for nothing either.
    if (event.kind === "commit-illegal") this.accuse("legal", `${machine.name} says that ${sentence(event)}`);
    this.#cancelWatch.heard(machine, event);
    this.#world.heard(machine, event);
    if (machine.role !== "main" || event.kind !== "task-ended") return;
    this.reports.set(event.task, (this.reports.get(event.task) ?? 0) + 1);
    this.#told.add(event.task);
    this.told++;
  }

  /** What a crashed main has told but not noted it may tell again. */
  crashed(machine: Machine): void {
    if (machine.role !== "main") return;
    for (const id of this.#told) this.#mayRepeat.set(id, (this.#mayRepeat.get(id) ?? 0) + 1);
    this.#told.clear();
  }

  pushing(machine: Machine): void {
    const { timeline, machines, traits } = this.#world;
    const own = this.#pushedBy(machine, timeline.nowMs);
    if (own === 61) this.accuse("L2", `${machine.name} pushed 61 times in a minute`);
    const limit = traits.pace.pushesPerMinute;
    if (limit === undefined || !machines.includes(machine)) return;
    const all = machines.reduce((sum, one) => sum + (this.#pushes.get(one)?.length ?? 0), 0);
    if (all > 2 * limit) this.accuse("L2", `the nodes pushed ${all} times in a minute, not ${limit} times`);
  }

  #pushedBy(machine: Machine, now: number): number {
    for (const [one, times] of this.#pushes) {
      this.#pushes.set(
        one,
        times.filter((ms) => now - ms < 60_000),
      );
    }
    const recent = this.#pushes.get(machine) ?? [];
    recent.push(now);
    this.#pushes.set(machine, recent);
    return recent.length;
  }

  publishing(machine: Machine, parent: string): void {
    const seen = this.#seen.get(machine);
    const { hub } = this.#world;
    if (seen === undefined || hub.descends(parent, seen) || hub.descends(seen, parent)) return;
    this.accuse("I9", `${machine.name} acts on ${short(parent)}, which does not descend from ${short(seen)}`);
  }

  saw(machine: Machine, commit: string): void {
    const before = this.#seen.get(machine);
    if (before !== undefined && !this.#world.hub.descends(commit, before)) {
      this.accuse(
        "I9",
        `${machine.name} follows ${short(commit)}, which does not descend from ${short(before)}`,
      );
    }
    this.#seen.set(machine, commit);
    if (this.#world.machines.includes(machine)) this.#everSeen.set(commit, machine);
    void this.#watchCancelled(machine, commit);
  }

  acceptedHistory(machine: Machine, commit: string): void {
    this.historyReplaced = true;
    this.#seen.set(machine, commit);
  }

  /** I6: a worker that sees a cancellation ends the attempt. */
  async #watchCancelled(machine: Machine, commit: string): Promise<void> {
    const mine = Array.from(machine.processes).filter(({ life }) => life === machine.lives);
    const snapshot = this.#world.hub.snapshot(commit);
    if (mine.length === 0 || !snapshot) return;
    const ledger = await readLedger(snapshot);
    for (const process of mine) {
      const { id } = process.task;
      const task = ledger.tasks.find((one) => one.id === id);
      if (task?.state.kind !== "cancelled") continue;
      const sawMs = this.#world.timeline.nowMs;
      const calm = () => machine.disturbedMs < sawMs && !machine.stalled;
      this.#world.timeline.after(this.#world.pace.grace * 1000 + 5000, () => {
        if (!process.isOver && calm())
          this.accuse("I6", `${machine.name} goes on with ${id}, which was cancelled`);
      });
    }
  }

  /** What must be true when all is over. */
  async conclude(finished: boolean): Promise<void> {
    const { hub } = this.#world;
    const head = hub.snapshot(hub.head ?? "");
    if (!head) return;
    const ledger = await readLedger(head);
    if (!finished) {
      const open = ledger.tasks.map(({ id, state }) => `${id} ${state.kind}`);
      const bad = ledger.queue.bad.map(({ reason }) => reason);
      const left = [...open, ...bad].join(", ") || "a task that nobody was told of";
      this.accuse("L1", `hours after the last fault these are left: ${left}`);
    }
    if (this.historyReplaced) return;
    for (const commit of this.#everSeen.keys()) {
      if (hub.descends(head.commit, commit) || this.#isBeingMended(commit)) continue;
      this.accuse("I9", `${short(commit)} was seen and is lost`);
    }
    const divided = this.#world.machines.some(
      ({ disk }) => disk.seen !== undefined && !hub.descends(head.commit, disk.seen),
    );
    if (!divided) await this.#concludeResults(allResults(this.#world));
  }

  /** Some node knows of it, and has not found out yet, or waits for a person. */
  #isBeingMended(commit: string): boolean {
    const { hub, machines } = this.#world;
    return machines.some(({ disk }) => disk.seen !== undefined && hub.descends(disk.seen, commit));
  }

  get everythingTold(): boolean {
    return Array.from(allResults(this.#world).keys()).every((id) => this.reports.has(id));
  }

  async #concludeResults(results: ReadonlyMap<TaskId, Result>): Promise<void> {
    this.#concludeKeys(results);
    this.#concludeChildren(results);
    for (const id of results.keys()) {
      const times = this.reports.get(id) ?? 0;
      if (times === 0) this.accuse("I7", `nobody was told how ${id} ended`);
      const allowed = 1 + (this.#mayRepeat.get(id) ?? 0);
      if (times > allowed) this.accuse("I7", `it was told ${times} times how ${id} ended`);
    }
    const heads = this.#world.hub.snapshot(this.#world.hub.head ?? "");
    const names = new Set(await heads?.list("worker/RESULTS"));
    const waiting = new Set<string>(this.#world.machines.flatMap(finishedOn).map(({ token }) => token));
    for (const [token, id] of this.#kept) {
      if (waiting.has(token)) continue;
      if (results.get(id)?.lease?.token === token || this.meddled.has(id) || this.removed.has(id)) continue;
      if (this.#givenBack.has(token) || [...names].some((name) => name.startsWith(`${id}.late`))) continue;
      this.accuse("I8", `what an attempt of ${id} brought (${token}) was dropped`);
    }
  }

  /** What a task that succeeded wanted others to do was handed out to them, once, unless history went back. */
  #concludeChildren(results: ReadonlyMap<TaskId, Result>): void {
    if (this.#world.counts.rewinds > 0) return;
    const children = Map.groupBy(results.values(), ({ request }) => request.parent);
    for (const result of results.values()) {
      const wanted = wishesOf(result, this.#world).drops.length;
      const handedOut = children.get(result.id) ?? [];
      const count = handedOut.length;
      const most = mostChildren(result, this.#world);
      // A person may have taken one away and put it back when there was another in its place.
      if (handedOut.filter(({ id }) => !this.removed.has(id)).length > most)
        this.accuse("I12", `${result.id} handed out ${count} tasks, not ${most}`);
      const isSure = result.outcome === "succeeded" && this.removed.size === 0;
      if (isSure && count < wanted)
        this.accuse("I12", `${result.id} handed out ${count} tasks, and wanted ${wanted}`);
    }
  }

  /** Who asks twice with one key gets one task, unless history went back or a person took one away and put it back. */
  #concludeKeys(results: ReadonlyMap<TaskId, Result>): void {
    if (this.#world.counts.rewinds > 0) return;
    const done = Array.from(results.values()).filter(({ outcome }) => outcome !== "cancelled");
    for (const [key, same] of Map.groupBy(done, ({ request }) => request.key)) {
      const [one, other] = same;
      if (key === undefined || !one || !other) continue;
      if (!this.removed.has(one.id) && !this.removed.has(other.id))
        this.accuse("I11", `${one.id} and ${other.id} both came of the key ${key}`);
    }
  }
}

/** Attempts that a worker has not told the ledger of yet. */
function finishedOn({ role, disk }: Machine): WorkerMemory["finished"] {
  if (role === "main" || disk.spool === undefined) return [];
  return (JSON.parse(disk.spool) as WorkerMemory).finished;
}

function allResults(world: World): Map<TaskId, Result> {
  const texts: string[] = [];
  for (const [path, text] of world.hub.commits.get(world.hub.head ?? "")?.files ?? []) {
    if (resultIn(path)) texts.push(text);
    if (path.startsWith("worker/ARCHIVE/")) {
      for (const id of archivedIds(text)) texts.push(findArchived(text, id) ?? "");
    }
  }
  const results = new Map<TaskId, Result>();
  for (const text of texts) {
    const result = parseResult(text);
    if ("problem" in result) world.judge.accuse("I2", `a result cannot be read: ${result.problem}`);
    else if (results.has(result.id)) world.judge.accuse("I2", `${result.id} has two accepted results`);
    else results.set(result.id, result);
  }
  return results;
}
