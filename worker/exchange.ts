import { isExpired } from "../src/core/choose.ts";
import { newToken, type TaskId, type Token } from "../src/core/ids.ts";
import type { StopReason } from "../src/core/outcome.ts";
import { isCutOff, mayPass, type Fault } from "../src/fault.ts";
import { PushBudget } from "../src/ledger/push-budget.ts";
import { orPutOff, update } from "../src/ledger/update.ts";
import { readLedger, type Ledger } from "../src/ledger/view.ts";
import type { Snapshot } from "../src/ports/shared-repo.ts";
import { Attempts } from "./attempts.ts";
import type { Handing } from "./children/hand-out.ts";
import { Beating } from "./beating.ts";
import { decideExchange, type Answer } from "./decide-exchange.ts";
import { Courtesy } from "./courtesy.ts";
import { Lookout } from "./lookout.ts";
import { Remembering } from "./memory.ts";
import { Namesake } from "./namesake.ts";
import { PushTime } from "./push-time.ts";
import { Purse } from "./purse.ts";
import { RecentDraws } from "./recent-draws.ts";
import type { WorkerDeps, WorkerSettings } from "./run-worker.ts";
import { tellSettled } from "./tell-settled.ts";
import { Unfit } from "./unfit.ts";

/** What an attempt writes for others counts once it has stood still for so long. */
const settlesAfterMs = 500;

/** A worker's dealings with the ledger: each `once` tells what there is to tell and takes what there is to do. */
export class Exchange {
  readonly #deps: WorkerDeps;
  readonly #settings: () => WorkerSettings;
  readonly #memory: Remembering;
  readonly #attempts: Attempts;
  readonly #beating: Beating;
  readonly #budget: PushBudget;
  readonly #pushTime: PushTime;
  readonly #courtesy: Courtesy;
  readonly #unfit: Unfit;
  readonly #purse: Purse;
  readonly #draws: RecentDraws;
  readonly #namesake: Namesake;
  readonly #lookout: Lookout;
  /** The head on which there was nothing for us, with so many free slots and with or without money: it is not decided on again. */
  #idleOn: { commit: string; free: number; isPurseEmpty: boolean } | undefined;
  /** What running attempts want others to do. */
  #handing: readonly Handing[] = [];
  /** Tokens of attempts whose section nobody can read at the moment. */
  #waiting: ReadonlySet<Token> = new Set();
  #edition: object | undefined;
  #draining = false;

  private constructor(deps: WorkerDeps, settings: () => WorkerSettings, memory: Remembering) {
    const { repo, runner, clock, chance, announce, nudge } = deps;
    this.#deps = deps;
    this.#settings = settings;
    this.#memory = memory;
    this.#unfit = new Unfit(clock, chance);
    this.#draws = new RecentDraws(clock);
    const inherited = memory.now.pushes ?? [];
    const bequeath = (pushes: readonly number[]) => memory.notePushes(pushes);
    const legacy = { inherited, bequeath };
    this.#budget = new PushBudget(clock, () => settings().pace.pushesPerMinute, { legacy });
    this.#pushTime = new PushTime({ clock, budget: this.#budget, settings });
    this.#courtesy = new Courtesy(clock);
    this.#purse = new Purse({ memory, clock, settings });
    const [me, today] = [() => settings().name, () => this.#purse.today];
    this.#attempts = new Attempts({ runner, memory, clock, announce, nudge, me, today });
    this.#beating = new Beating({
      repo,
      clock,
      memory,
      settings,
      attempts: this.#attempts,
      unfit: this.#unfit,
      purse: this.#purse,
      budget: this.#budget,
      executors: () => runner.executors,
    });
    this.#namesake = new Namesake({ repo, clock, memory, settings });
    const [budget, courtesy, namesake] = [this.#budget, this.#courtesy, this.#namesake];
    this.#lookout = new Lookout({ repo, clock, settings, budget, courtesy, namesake });
  }

  static async open(deps: WorkerDeps, settings: () => WorkerSettings): Promise<Exchange> {
    return new Exchange(deps, settings, await Remembering.open(deps.spool));
  }

  get running(): number {
    return this.#attempts.count;
  }

  /** How many attempts the ledger could still be told of. What waits for a person to mend its section does not count. */
  get unsettled(): number {
    return this.#memory.now.finished.filter(({ token }) => !this.#waiting.has(token)).length;
  }

  /** How old the last sign of life is that surely arrived. */
  get silentMs(): number {
    return this.#beating.ageMs;
  }

  drain(): void {
    this.#draining = true;
    this.#beating.announceState("draining");
  }

  stopAll(because: StopReason): void {
    this.#attempts.stopAll(because);
  }

  /**
   * Looks, and where something moved or is to be told, exchanges it in one push. Answers `held` when there is something
   * to push and its time has not come.
   */
  async once(): Promise<"held" | undefined> {
    try {
      return await this.#lookAndExchange();
    } catch (error) {
      this.#lookout.forget();
      if (mayPass(error)) await this.#suffer(error);
      throw error;
    }
  }

  /** The branch refuses us, or a person has to look at it: what runs may go on, so others must see that we live. */
  async #suffer(fault: Fault): Promise<void> {
    // The other one gives back what we hold, if it has not done so already.
    if (fault.code === "NAME_TAKEN") return this.#attempts.stopAll("lease-lost");
    if (isCutOff(fault) || this.#namesake.isThere || !this.#memory.isIdentified) return;
    await this.#beating.inTrouble(fault.code);
  }

  async #lookAndExchange(): Promise<"held" | undefined> {
    const { edition } = this.#settings();
    if (edition !== this.#edition) this.#unfit.forgetAll();
    this.#edition = edition;
    await this.#memory.identify(this.#deps.chance);
    const snapshot = await this.#lookout.newest(this.#hasNews());
    this.#lookout.holds(snapshot);
    this.#attempts.keepOnlyHeld(await readLedger(snapshot));
    await this.#purse.tellOnce(this.#deps.announce);
    this.#handing = this.#settings().children ? this.#attempts.handing : [];
    const held = await this.#exchange(snapshot);
    await this.#beating.ifDue();
    return held;
  }

  /** The longest pause after which something of ours may be due. */
  get dueInMs(): number {
    const pushMs = this.#untilPushMs;
    const dues = [this.#beating.dueInMs, Math.max(this.#courtesy.nextTurnMs(), pushMs)];
    if (this.#hasNews()) dues.push(pushMs);
    if (this.#attempts.areAsking) dues.push(Math.max(pushMs, settlesAfterMs));
    return Math.max(0, Math.min(...dues));
  }

  /** Ends what runs and says goodbye, if that is possible without delay. */
  async close(stop: AbortSignal): Promise<void> {
    this.#attempts.stopAll("draining");
    await this.#attempts.allDone();
    if (stop.aborted || this.#namesake.isThere) return;
    this.#beating.announceState("stopped");
    try {
      await this.#beating.now();
    } catch (error) {
      // The remote is away, so nobody can be told; leases that are left will be found to be lost.
      if (!mayPass(error)) throw error;
    }
  }

  async #exchange(from: Snapshot): Promise<"held" | undefined> {
    const { clock, chance, repo } = this.#deps;
    const { name, slots } = this.#settings();
    const free = this.#draining ? 0 : Math.max(0, slots - this.#attempts.count);
    const ledger = await readLedger(from);
    const lost = this.#lookout.lost(ledger);
    const isPurseEmpty = this.#purse.isEmpty;
    if (this.#hasNews()) this.#pushTime.noteNews(true);
    const isIdle = this.#nothingNew(from.commit, free) && lost.size === 0;
    if (!isIdle && this.#untilPushMs > 0) return "held";
    // The beat that rides along says so if the push does arrive.
    this.#beating.announceTrouble(undefined);
    if (isIdle) return undefined;

    const beganMs = clock.monotonicMs();
    let fresh: Token[] = [];
    const pushing = this.#beating.along(() =>
      update(
        { repo, node: name, clock, chance, pushes: this.#budget },
        async (newest) => {
          this.#attempts.keepOnlyHeld(newest);
          // New ones for each try: the last one's may stand in the ledger, with a task that is not ours any more.
          fresh = Array.from({ length: free }, () => newToken(chance));
          return decideExchange(newest, { ...this.#intent(free, fresh, { ledger, newest }), lost });
        },
        {
          from,
          beat: () => this.#beating.text(),
          mayPutOff: true,
          before: async ({ claimed }) => {
            const drawn = fresh.filter((one) => claimed.some(({ token }) => token === one));
            // On disk before the push: a claim whose answer gets lost is recognised by its token.
            await this.#memory.draw(drawn);
            this.#draws.note(drawn, this.#youngMs);
          },
        },
      ),
    );
    const updated = await orPutOff(pushing);
    // It has seen a newer head than `from` by now.
    if (!updated) this.#lookout.forget();
    if (!updated) return "held";
    const { snapshot, answer, published } = updated;
    this.#lookout.holds(snapshot);
    if (published && this.#courtesy.hasOthers(name)) this.#pushTime.wonRace(clock.monotonicMs() - beganMs);
    for (const answered of answer.answered) this.#attempts.answer(answered);
    this.#handing = [];
    // The slots that are free may do what was just handed out.
    if (answer.handedOut) this.#deps.nudge.poke();
    await this.#settle(answer);
    await this.#start(answer, snapshot, published);
    // What we published ourselves may hold work for us: a task that went back to the queue.
    this.#idleOn = published
      ? undefined
      : { commit: snapshot.commit, free: free - answer.claimed.length, isPurseEmpty };
    return undefined;
  }

  async #start({ claimed }: Answer, snapshot: Snapshot, published: boolean): Promise<void> {
    if (claimed.length === 0) return;
    // A claim that was found rather than made, or that took long to arrive, may look abandoned to others by now.
    const fresh = published && this.#beating.ageMs < this.#youngMs;
    if (!fresh && !(await this.#beating.now())) return;
    // One whose time ran out on the way is given back by the next exchange, which finds it not begun.
    const inTime = claimed.filter(({ task }) => !isExpired(task, this.#deps.clock.now()));
    await Promise.all(inTime.map(({ task, token }) => this.#attempts.start(task, token, snapshot)));
  }

  /** For so long nobody can take a lease for abandoned. */
  get #youngMs(): number {
    return (this.#settings().pace.renew * 1000) / 2;
  }

  async #settle({ settled }: Answer): Promise<void> {
    const { announce } = this.#deps;
    tellSettled(settled, { announce, unfit: this.#unfit, settings: this.#settings() });
    const waiting = settled.filter(({ kind }) => kind === "waiting");
    this.#waiting = new Set(waiting.map(({ finished }) => finished.token));
    await this.#memory.settle(
      settled.filter(({ kind }) => kind !== "waiting").map(({ finished }) => finished.token),
    );
    this.#pushTime.noteNews(this.#hasNews());
  }

  #hasNews(): boolean {
    return this.unsettled > 0 || this.#handing.length > 0;
  }

  /** Milliseconds until we may push. */
  get #untilPushMs(): number {
    return this.#pushTime.inMs(this.#hasNews() && !this.#draining && this.#attempts.count > 0);
  }

  /** True on a head that we have decided on before with the same free slots, unless something of ours changed. */
  #nothingNew(commit: string, free: number): boolean {
    if (this.#hasNews() || this.#unfit.any || this.#courtesy.turnHasCome()) return false;
    const idle = this.#idleOn;
    return idle?.commit === commit && idle.free === free && idle.isPurseEmpty === this.#purse.isEmpty;
  }

  #intent(free: number, fresh: Token[], { ledger, newest }: { ledger: Ledger; newest: Ledger }) {
    const { clock, chance, runner } = this.#deps;
    const { name, capabilities, defaultExecutor, pace, children } = this.#settings();
    const { drawn, started, finished } = this.#memory.now;
    const unstarted = drawn.filter((token) => !started.includes(token));
    this.#unfit.rests.heed(finished, defaultExecutor);
    const waiting = this.#unfit.waits.among(newest.tasks);
    const deferred = this.#courtesy.deferred(ledger, name, pace.rank * 1000);
    return {
      me: name,
      offer: this.#unfit.offer({ executors: runner.executors, capabilities }, this.#purse.closed),
      around: { defaultExecutor, now: clock.now() },
      free,
      fresh,
      unstarted: new Set(unstarted),
      adoptable: new Set(unstarted.filter((token) => this.#draws.isYoung(token, this.#youngMs))),
      active: this.#attempts.tokens,
      finished,
      handing: children && {
        running: this.#handing,
        giving: {
          chance,
          rights: children,
          usual: { executor: defaultExecutor, timeoutSeconds: children.usualTimeoutSeconds },
        },
      },
      resting: new Set<TaskId>([...this.#attempts.tasks, ...waiting, ...deferred]),
    };
  }
}
