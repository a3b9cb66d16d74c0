import type { Cli } from "../cli.ts";

/** What the spectator sees. All of it goes to standard output, because it is the answer. */
export class Stage {
  readonly #cli: Cli;

  constructor(cli: Cli) {
    this.#cli = cli;
  }

  heading(text: string): void {
    this.#line(`\n${this.#cli.paint("bold", text)}`);
  }

  /** A command as a person types it. */
  typed(command: string): void {
    this.#line(`${this.#cli.paint("dim", "$")} ${this.#cli.paint("cyan", command)}`);
  }

  said(text: string): void {
    for (const line of text.trimEnd().split("\n")) this.#line(`  ${line}`);
  }

  /** A line that a daemon wrote. */
  daemon(name: string, line: string): void {
    const colour = name === "main" ? "magenta" : "green";
    this.#line(`${this.#cli.paint(colour, name.padEnd(8))} ${line}`);
  }

  file(name: string, text: string): void {
    this.#line(this.#cli.paint("yellow", `── ${name} ${"─".repeat(Math.max(3, 60 - name.length))}`));
    this.#line(text.trimEnd());
  }

  #line(text: string): void {
    this.#cli.world.out.write(`${text}\n`);
  }
}
