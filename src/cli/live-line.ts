import type { Cli } from "./cli.ts";

/** One line that is written over and over on a terminal. Elsewhere each new text is a line of its own. */
export class LiveLine {
  readonly #cli: Cli;
  #shown: string | undefined;

  constructor(cli: Cli) {
    this.#cli = cli;
  }

  get isLive(): boolean {
    return this.#cli.world.err.isTerminal;
  }

  /** @param elapsed changes all the time and is only worth showing where it can be written over */
  show(text: string, elapsed: string): void {
    const { err } = this.#cli.world;
    if (!this.isLive) {
      if (text !== this.#shown) this.#cli.tell(text);
    } else {
      const line = `${elapsed.padStart(6)}  ${text}`.slice(0, err.columns - 1);
      err.write(`\r\u001b[2K${line}`);
    }
    this.#shown = text;
  }

  clear(): void {
    if (this.isLive && this.#shown !== undefined) this.#cli.world.err.write("\r\u001b[2K");
    this.#shown = undefined;
  }
}
