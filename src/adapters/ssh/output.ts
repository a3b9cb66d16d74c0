import { StringDecoder } from "node:string_decoder";

import { begins } from "./envelope.ts";

/** What a script prints, as it comes: tells its lines, without what a login printed before the script began. */
export class Output {
  readonly #decoder = new StringDecoder("utf8");
  readonly #onLine: (line: string) => void;
  /** What came of a line that has not ended yet: whoever joined it at each piece would never end with a long one. */
  #pieces: string[] = [];
  #hasBegun = false;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  take(chunk: Buffer): void {
    const [first = "", ...lines] = this.#decoder.write(chunk).split("\n");
    this.#pieces.push(first);
    for (const line of lines) {
      this.#tell();
      this.#pieces.push(line);
    }
  }

  /** Tells what is left of a last line without its end. */
  end(): void {
    this.#pieces.push(this.#decoder.end());
    if (this.#pieces.some((piece) => piece !== "")) this.#tell();
  }

  #tell(): void {
    const line = this.#pieces.join("");
    this.#pieces = [];
    if (this.#hasBegun) this.#onLine(line);
    else this.#hasBegun = isBeginning(line);
  }
}

/** A login's noise may end without a line feed. */
function isBeginning(line: string): boolean {
  return line.endsWith(begins);
}

/** The same of a whole output at once: what came after the beginning, or nothing when there was none. */
export function afterBeginning(stdout: string): string | undefined {
  const at = stdout.indexOf(`${begins}\n`);
  return at < 0 ? undefined : stdout.slice(at + begins.length + 1);
}
