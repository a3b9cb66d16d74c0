import { newToken, type Token } from "../src/core/ids.ts";
import { mayPass } from "../src/fault.ts";
import { renderBeat } from "../src/format/beat.ts";
import { update } from "../src/ledger/update.ts";
import { readLedger } from "../src/ledger/view.ts";
import type { Snapshot } from "../src/ports/shared-repo.ts";
import { Attempts } from "./attempts.ts";
import { decideExchange, stamp, type Answer, type Intent } from "./decide-exchange.ts";
import { Remembering } from "./memory.ts";
import type { WorkerDeps, WorkerSettings } from "./run-worker.ts";
import { Unfit } from "./unfit.ts";

/** A worker's dealings with the ledger: each `once` tells what there is to tell and takes what there is to do. */
export class Exchange {
  readonly #deps: WorkerDeps;
  readonly #settings: () => WorkerSettings;
  readonly #memory: Remembering;
  readonly #attempts: Attempts;
  readonly #unfit: Unfit;
  #snapshot: Snapshot | undefined;
  #beatMs: number | undefined;
  /** The head on which there was nothing for us with this many slots: no need to decide on it again. */
  #progressWaits = false;
  /** Tokens of attempts whose section nobody can read at the moment. */
  #waiting: ReadonlySet<Token> = new Set();
  #idleOn: { commit: string; free: number } | undefined;

  private constructor(deps: WorkerDeps, settings: () => WorkerSettings, memory: Remembering) {
    const { runner, clock, chance, announce, nudge } = deps;
    this.#deps = deps;
    this.#settings = settings;
    this.#memory = memory;
    this.#unfit = new Unfit(clock, chance);
    this.#attempts = new Attempts({ runner, memory, clock, announce, nudge, me: () => settings().name });
  }

  static async open(deps: WorkerDeps, settings: () => WorkerSettings): Promise<Exchange> {
    return new Exchange(deps, settings, await Remembering.open(deps.spool));
  }

  get running(): number {
    return this.#attempts.count;
  }

  get unsettled(): number {
    return this.#memory.now.finished.length;
  }

  stopAll(): void {
    this.#attempts.stopAll("draining");
  }

  /** Looks, and where something moved or is to be told, exchanges it in one push. */
  async once({ draining }: { draining: boolean }): Promise<void> {
    const { repo } = this.#deps;
    const news = this.#memory.now.finished.some(({ token }) => !this.#waiting.has(token));
    let snapshot = this.#snapshot;
    // With something to tell there is no need to look first: the push itself says whether we are up to date.
    if (!snapshot || !news) {
      const { head } = await repo.look();
      if (!snapshot || head !== snapshot.commit) snapshot = await repo.fetch();
    }
    this.#snapshot = snapshot;
    await this.#exchange(snapshot, draining);
    await this.#beatIfDue(draining);
  }

  /** Says goodbye, if that is possible without delay. */
  async close(stop: AbortSignal): Promise<void> {
    this.#attempts.stopAll("draining");
    await this.#attempts.allDone();
    if (stop.aborted) return;
    const { repo } = this.#deps;
    const { name } = this.#settings();
    try {
      await repo.beat(name, this.#beat("stopped"));
    } catch (error) {
      // The remote is away, so nobody can be told; the leases were given back or will be found to be lost.
      if (!mayPass(error)) throw error;
    }
  }

  async #exchange(from: Snapshot, draining: boolean): Promise<void> {
    const { clock, chance, repo } = this.#deps;
    const { name, slots } = this.#settings();
    const free = draining ? 0 : Math.max(0, slots - this.#attempts.count);
    if (this.#nothingNew(from.commit, free)) return;

    this.#attempts.keepOnlyHeld(await readLedger(from));
    const fresh = Array.from({ length: free }, () => newToken(chance));
    const intent = this.#intent(free, fresh);
    let drawn = false;
    const { snapshot, answer, published } = await update(
      { repo, node: name, clock, chance },
      async (ledger) => {
        const decision = await decideExchange(ledger, intent);
        // On disk before the push: a claim whose answer gets lost is recognised by its token.
        if (!drawn && decision.answer.claimed.length > 0) {
          drawn = true;
          await this.#memory.draw(fresh);
        }
        return decision;
      },
      { from, beat: () => this.#beat(draining ? "draining" : undefined) },
    );
    this.#snapshot = snapshot;
    if (published) this.#beatMs = clock.monotonicMs();
    this.#waiting = new Set(
      answer.settled.filter(({ kind }) => kind === "waiting").map(({ finished }) => finished.token),
    );
    await this.#tell(answer);
    for (const { task, token } of answer.claimed) await this.#attempts.start(task, token);
    this.#idleOn = { commit: snapshot.commit, free: free - answer.claimed.length };
  }

  /** True on a head that we have decided on before with the same free slots, unless something of ours changed. */
  #nothingNew(commit: string, free: number): boolean {
    const { finished } = this.#memory.now;
    if (finished.some(({ token }) => !this.#waiting.has(token)) || this.#unfit.any) return false;
    return this.#idleOn?.commit === commit && this.#idleOn.free === free;
  }

  #intent(free: number, fresh: Token[]): Intent {
    const { clock, runner } = this.#deps;
    const { name, capabilities, defaultExecutor } = this.#settings();
    const { drawn, started, finished } = this.#memory.now;
    const unhealthy = this.#unfit.executors;
    return {
      me: name,
      offer: { executors: runner.executors.filter((executor) => !(executor in unhealthy)), capabilities },
      around: { defaultExecutor, now: clock.now() },
      free,
      fresh,
      adoptable: new Set(drawn.filter((token) => !started.includes(token))),
      active: this.#attempts.tokens,
      finished,
      resting: this.#unfit.tasks,
    };
  }

  async #tell({ settled }: Answer): Promise<void> {
    const { announce } = this.#deps;
    const { name: by, defaultExecutor } = this.#settings();
    for (const settlement of settled) {
      const { task, ending } = settlement.finished;
      if (settlement.kind === "result") {
        const why = "why" in ending ? ending.why : undefined;
        const { category } = task.request;
        announce({
          kind: "task-ended",
          task: task.id,
          title: task.title,
          outcome: settlement.outcome,
          why,
          by,
          category,
        });
      } else if (settlement.kind === "late") {
        announce({ kind: "result-late", task: task.id, by, why: settlement.why });
      } else if (settlement.kind === "given-up") {
        const past = settlement.task.tried.at(-1);
        if (past) announce({ kind: "task-requeued", task: task.id, by, end: past.end, why: past.why });
        const executor = task.request.executor ?? defaultExecutor;
        if (ending.kind === "transient") this.#unfit.taskMetTrouble(task.id);
        if (ending.kind === "misconfigured" && this.#unfit.executorFailed(executor, ending.why)) {
          announce({ kind: "worker-unhealthy", worker: by, executor, why: ending.why });
        }
      }
    }
    await this.#memory.settle(
      settled.filter(({ kind }) => kind !== "waiting").map(({ finished }) => finished.token),
    );
  }

  async #beatIfDue(draining: boolean): Promise<void> {
    const { repo, clock } = this.#deps;
    const { name, beatSeconds, progressSeconds } = this.#settings();
    if (this.#attempts.tellProgress()) this.#progressWaits = true;
    const agoSeconds = this.#beatMs === undefined ? Infinity : (clock.monotonicMs() - this.#beatMs) / 1000;
    const showProgress =
      this.#progressWaits && progressSeconds !== undefined && agoSeconds >= progressSeconds;
    if (agoSeconds < beatSeconds && !showProgress) return;
    const sent = await repo.beat(name, this.#beat(draining ? "draining" : undefined));
    if (sent === "accepted") this.#beatMs = clock.monotonicMs();
  }

  #beat(state: "draining" | "stopped" | undefined): string {
    const { clock, runner } = this.#deps;
    const { name, version, host, slots, capabilities, beatSeconds } = this.#settings();
    this.#progressWaits = false;
    return renderBeat({
      worker: name,
      count: this.#memory.nextBeat(),
      at: stamp(clock.now()),
      version,
      host,
      state: state ?? (this.#attempts.count > 0 ? "busy" : "idle"),
      slots,
      executors: [...runner.executors],
      capabilities: [...capabilities],
      unhealthy: this.#unfit.executors,
      running: this.#attempts.report(),
      every: beatSeconds,
    });
  }
}
