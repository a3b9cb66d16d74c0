import { oneLine } from "../../format/queue-header.ts";
import { durationText } from "../../core/duration.ts";
import type { Progress } from "../../../provision/progress.ts";
import type { Cli } from "../cli.ts";
import { LiveLine } from "../live-line.ts";
import { priceText } from "../../../provision/price-text.ts";
import { tookText } from "./words.ts";

const spinner = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
const widestStep = 24;

type Word = "ok" | "plan" | "done" | "fail";
const colours: Record<Word, Parameters<Cli["paint"]>[0]> = {
  ok: "green",
  plan: "yellow",
  done: ["bold", "green"],
  fail: ["bold", "red"],
};

/**
 * Tells how a run goes on. For programs each event is a line of JSON. For people each step is a line on standard output,
 * and what is being awaited a line on standard error, which on a terminal is written over and over.
 */
export class Teller implements Disposable {
  readonly #cli: Cli;
  readonly #live: LiveLine;
  readonly #stop = new AbortController();
  #now: { step: string; text: string; sinceMs: number } | undefined;
  #frame = 0;

  constructor(cli: Cli) {
    this.#cli = cli;
    this.#live = new LiveLine(cli);
    if (this.#live.isLive && !cli.json) void this.#spin();
  }

  readonly tell = (progress: Progress): void => {
    if (this.#cli.json) this.#cli.world.out.write(`${JSON.stringify(progress)}\n`);
    else this.#show(progress);
  };

  /** Something is awaited that is no step; shown where it can be written over. */
  looking(): void {
    if (this.#live.isLive && !this.#cli.json) this.#await("look", "what is there");
  }

  /** A line that stays, between the others. */
  line(text: string): void {
    this.#now = undefined;
    this.#live.clear();
    this.#cli.world.out.write(`${text}\n`);
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
    this.#now = undefined;
    this.#live.clear();
  }

  #show(progress: Progress): void {
    switch (progress.event) {
      case "right":
        return this.#line("ok", progress.step, progress.sentence, progress.note);
      case "planned": {
        const { step, sentence, because, price } = progress;
        return this.#line("plan", step, sentence, price ? priceText(price) : because);
      }
      case "begun":
        return this.#live.isLive ? this.#await(progress.step, progress.sentence) : undefined;
      case "waiting": {
        const { step, what, obstacle } = progress;
        return this.#await(step, obstacle === undefined ? what : `${what} (${obstacle})`);
      }
      case "output":
        return this.#live.isLive ? this.#await(progress.step, progress.line) : undefined;
      case "done":
        return this.#line("done", progress.step, progress.sentence, tookText(progress.ms));
      case "failed":
        // What went wrong and what to do next are told last, where every command tells it.
        this.#line("fail", progress.step, progress.code);
        return progress.report === undefined ? undefined : this.#cli.tell(progress.report);
      case "left": {
        const { done, exists, price, remove } = progress;
        this.line("");
        if (done.length > 0) this.line(`Done so far: ${done.join(", ")}.`);
        this.line(`What exists now: ${exists}`);
        return price === undefined && done.length === 0 ? undefined : this.line(`Remove: ${remove}`);
      }
      case "advice":
        return this.line(this.#cli.paint("dim", `     ${oneLine(progress.text, 400)}`));
      case "facts":
      case "ended":
        return undefined;
      default:
        return progress satisfies never;
    }
  }

  #line(word: Word, step: string, sentence: string, also?: string): void {
    const cli = this.#cli;
    const rest = also === undefined || also === "" ? "" : `  ${cli.paint("dim", oneLine(also))}`;
    const mark = cli.paint(colours[word], word.padStart(4));
    this.line(`${mark} ${cli.paint("dim", step.padEnd(widestStep))} ${oneLine(sentence)}${rest}`);
  }

  #await(step: string, text: string): void {
    const said = `${step}: ${oneLine(text)}`;
    const sinceMs = this.#now?.step === step ? this.#now.sinceMs : this.#cli.world.clock.monotonicMs();
    this.#now = { step, text: said, sinceMs };
    this.#draw();
  }

  #draw(): void {
    if (this.#now === undefined) return;
    const { text, sinceMs } = this.#now;
    const elapsed = durationText((this.#cli.world.clock.monotonicMs() - sinceMs) / 1000);
    const turn = spinner.charAt(this.#frame++ % spinner.length);
    this.#live.show(this.#live.isLive ? `${turn} ${text}` : text, elapsed);
  }

  async #spin(): Promise<void> {
    const { clock } = this.#cli.world;
    while (!this.#stop.signal.aborted) {
      this.#draw();
      await clock.sleep(120, this.#stop.signal);
    }
  }
}
