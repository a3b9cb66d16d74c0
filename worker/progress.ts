import { StringDecoder } from "node:string_decoder";
import { stripVTControlCharacters } from "node:util";

import type { Blanker } from "../src/format/secrets.ts";
import { readTaskFile } from "./task-file.ts";

const longestLine = 200;

/** The last thing a task said about how far it is: on standard output after `::progress`, or in its progress file. */
export class Progress {
  readonly #file: string;
  readonly #blanker: Blanker;
  readonly #decoder = new StringDecoder();
  #unfinished = "";
  #inFile: string | undefined;
  #latest: string | undefined;

  constructor(file: string, blanker: Blanker) {
    this.#file = file;
    this.#blanker = blanker;
  }

  hear(stdout: Buffer): void {
    const lines = (this.#unfinished + this.#decoder.write(stdout)).split("\n");
    // A line that long is no progress line; only its beginning could tell.
    this.#unfinished = (lines.pop() ?? "").slice(0, 10_000);
    const said = lines.findLast((line) => line.startsWith("::progress "));
    if (said !== undefined) this.#latest = this.#presentable(said.slice("::progress ".length));
  }

  /** Of the two places the one that was changed last. */
  latest(): string | undefined {
    const inFile = lastLineOf(readTaskFile(this.#file, 4096, "last"));
    if (inFile !== this.#inFile) {
      this.#inFile = inFile;
      if (inFile !== undefined) this.#latest = this.#presentable(inFile);
    }
    return this.#latest || undefined;
  }

  #presentable(line: string): string {
    const plain = stripVTControlCharacters(line).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ");
    const tidy = this.#blanker.blank(plain).replace(/\s+/g, " ").trim().toWellFormed();
    return tidy.length > longestLine ? `${tidy.slice(0, longestLine - 1).trimEnd()}…` : tidy;
  }
}

function lastLineOf(text: string | undefined): string | undefined {
  return text?.split("\n").findLast((line) => line.trim() !== "");
}
