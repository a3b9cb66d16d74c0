import { isExpired } from "../core/choose.ts";
import { observe, type Sightings } from "../core/watch.ts";
import { isEmpty, mergeChanges, noChange, type Change } from "../ledger/change.ts";
import type { PushBudget } from "../ledger/push-budget.ts";
import { findLost } from "../ledger/requeue-lost.ts";
import { orPutOff, update, type Decision } from "../ledger/update.ts";
import { readLedger, withOutcomes, type Ledger } from "../ledger/view.ts";
import { adopt, type Adoption } from "./adopt.ts";
import { archiveResults } from "./archive-results.ts";
import type { MainMemory } from "./memory.ts";
import { newResults } from "./new-results.ts";
import { notice } from "./notice.ts";
import { RecentResults } from "./recent-results.ts";
import { renderPages } from "./render-pages.ts";
import type { MainDeps, MainSettings, TendingDeps } from "./run-main.ts";
import { Scrutiny } from "./scrutiny.ts";
import { tendTask, type Care } from "./tend-task.ts";
import { standingOf } from "./standing.ts";
import { Workers } from "./workers.ts";

type Answer = { adopted: Adoption["adopted"]; bad: Adoption["bad"] };

/** Main's dealings with the ledger: each `once` looks, tells what happened, and mends what is to be mended. */
export class Tending {
  readonly #deps: MainDeps;
  readonly #settings: () => MainSettings;
  readonly #workers = new Workers();
  readonly #budget: PushBudget;
  readonly #recent = new RecentResults();
  readonly #scrutiny: Scrutiny;
  #memory: MainMemory | undefined;
  /** Is the memory on disk? A write that failed is made up for. */
  #isNoted = true;
  #ledger: Ledger | undefined;
  /** Is that ledger the last one that the repo has seen? After a failure in between nobody knows. */
  #isLastSeen = false;
  #sightings: Sightings = new Map();
  #renderedMs = -Infinity;
  #lookedMs = -Infinity;
  #badInbox: Adoption["bad"] = [];
  /** The ledger on which nothing was left to do but what time brings. */
  #tended: Ledger | undefined;

  private constructor(
    { pushes, ...deps }: TendingDeps,
    settings: () => MainSettings,
    memory: MainMemory | undefined,
  ) {
    this.#deps = deps;
    this.#settings = settings;
    this.#memory = memory;
    this.#budget = pushes;
    this.#scrutiny = new Scrutiny(deps.repo, deps.announce, memory?.checked);
  }

  static async open(deps: TendingDeps, settings: () => MainSettings): Promise<Tending> {
    return new Tending(deps, settings, await deps.spool.read());
  }

  /** Answers `held` when there is something to push and its time has not come. */
  async once(): Promise<"held" | undefined> {
    const { repo, clock } = this.#deps;
    const isLastSeen = this.#isLastSeen;
    this.#isLastSeen = false;
    await this.#note();
    const sight = await repo.look();
    // While we saw nothing, workers may have beaten unseen: what looks still to us need not have stood still.
    const blindMs = clock.monotonicMs() - this.#lookedMs;
    if (blindMs > this.#settings().pace.beat * 1000) this.#sightings = new Map();
    this.#lookedMs = clock.monotonicMs();
    this.#budget.saw(sight);
    const isNew = !isLastSeen || sight.head !== this.#ledger?.snapshot.commit;
    if (!this.#ledger || isNew || this.#scrutiny.isBehind) {
      await this.#see(await readLedger(await repo.fetch()), []);
    }
    const workerNews = await this.#workers.observe(sight.beats, clock.monotonicMs(), repo);
    for (const event of workerNews) this.#deps.announce(event);
    let tended: "held" | "outrun" | undefined;
    if (this.#ledger) {
      this.#sightings = observe(this.#sightings, this.#ledger.tasks, sight.beats, clock.monotonicMs());
      tended = await this.#tend(this.#ledger, workerNews.length > 0);
      this.#stand(this.#ledger);
    }
    // Who was outrun has seen a newer head than this ledger's.
    this.#isLastSeen = tended !== "outrun";
    return tended && "held";
  }

  /** Milliseconds until the next look: sooner when the pages wait to be rendered. */
  pauseMs(random: number): number {
    const { pollSeconds, pace } = this.#settings();
    const pollMs = pollSeconds * 1000 * (0.8 + 0.4 * random);
    if (this.#tended === this.#ledger) return pollMs;
    const dueMs = this.#renderedMs + pace.render * 1000 - this.#deps.clock.monotonicMs();
    return Math.min(pollMs, Math.max(0, dueMs, this.#budget.waitMs()));
  }

  #stand({ tasks }: Ledger): void {
    const { clock, onStanding } = this.#deps;
    const workers = this.#workers.views(clock.monotonicMs());
    onStanding?.(standingOf(this.#settings().name, workers, { tasks, now: clock.now() }));
  }

  async #tend(ledger: Ledger, workersChanged: boolean): Promise<"held" | "outrun" | undefined> {
    const { repo, clock, chance, announce } = this.#deps;
    const { name, pace } = this.#settings();
    const care = this.#care();
    const timeHasCome = care.lost.size > 0 || this.#someExpired(ledger, care.now);
    if (workersChanged) this.#tended = undefined;
    if (this.#tended === ledger && !timeHasCome) return undefined;
    if (this.#budget.waitMs() > 0) return "held";

    const renderDue = clock.monotonicMs() - this.#renderedMs >= pace.render * 1000;
    let rendered = false;
    const updating = update(
      { repo, node: name, clock, chance, pushes: this.#budget },
      async (newest) => {
        const { change, answer } = await this.#decide(newest, care);
        rendered = renderDue || !isEmpty(change);
        if (rendered) mergeChanges(change, await this.#pages(newest, change, answer.bad));
        return { change, answer };
      },
      { from: ledger.snapshot, mayPutOff: true },
    );
    const updated = await orPutOff(updating);
    if (!updated) return "outrun";
    const { answer, snapshot, published } = updated;
    for (const one of answer.bad) {
      const known = this.#badInbox.some(({ name, reason }) => name === one.name && reason === one.reason);
      if (!known) announce({ kind: "inbox-bad", ...one });
    }
    this.#badInbox = answer.bad;
    if (rendered) this.#renderedMs = clock.monotonicMs();
    if (published || snapshot !== ledger.snapshot)
      await this.#see(await readLedger(snapshot), answer.adopted);
    // What was published is looked at once more; nothing left to publish means that all is as it should be.
    this.#tended = !published && rendered ? this.#ledger : undefined;
    return undefined;
  }

  async #decide(ledger: Ledger, care: Care): Promise<Decision<Answer>> {
    const { clock, chance } = this.#deps;
    const { keepResults, defaults } = this.#settings();
    const { change, adopted, bad } = await adopt(ledger, { today: clock.now(), chance, defaults });
    for (const task of ledger.tasks) {
      const done = tendTask(task, ledger, care);
      if (done) mergeChanges(change, done);
    }
    const reported = new Set(this.#memory?.reported);
    mergeChanges(change, (await archiveResults(ledger, keepResults, reported)) ?? noChange());
    return { change, answer: { adopted, bad } };
  }

  #care(): Care {
    const { clock } = this.#deps;
    const { name, pace } = this.#settings();
    const lost = findLost(this.#sightings, clock.monotonicMs(), pace.lease * 1000);
    return { me: name, now: clock.now(), lost };
  }

  #someExpired(ledger: Ledger, now: Date): boolean {
    return ledger.tasks.some((task) => task.state.kind !== "running" && isExpired(task, now));
  }

  #pages(ledger: Ledger, change: Change, badInbox: Adoption["bad"]) {
    const { clock } = this.#deps;
    const { defaults } = this.#settings();
    return renderPages(ledger, change, {
      workers: this.#workers.views(clock.monotonicMs()),
      defaultExecutor: defaults.executor ?? "openclaw",
      badInbox,
      recent: this.#recent,
      now: clock.now(),
    });
  }

  /** Takes a newer ledger for the present one, and tells what happened since the last. */
  async #see(ledger: Ledger, adopted: Adoption["adopted"]): Promise<void> {
    const { announce } = this.#deps;
    await this.#scrutiny.check(ledger.snapshot);
    const asked = this.#ledger ? [] : (this.#deps.asked?.() ?? []);
    const ended = await withOutcomes(
      ledger,
      asked.map(({ task }) => task),
    );
    for (const event of notice(this.#ledger, ended, adopted, asked)) announce(event);
    const first = this.#memory === undefined;
    const reported = new Set(this.#memory?.reported);
    // A main that never ran here does not tell old news, and none that may have to be refused yet.
    const isTold = !first && !this.#scrutiny.isBehind;
    const known = new Set([...reported, ...this.#scrutiny.refused]);
    const news = isTold ? await newResults(ledger, known, this.#deps.onResult) : [];
    for (const event of news) announce(event);
    if (first || news.length > 0 || this.#scrutiny.isWorthNoting) {
      const settled = first || isTold ? ledger.results : reported;
      this.#memory = { reported: [...settled], checked: this.#scrutiny.note() };
      this.#isNoted = false;
    }
    this.#ledger = ledger;
    await this.#note();
  }

  async #note(): Promise<void> {
    if (this.#isNoted || !this.#memory) return;
    await this.#deps.spool.write(this.#memory);
    this.#isNoted = true;
  }
}
