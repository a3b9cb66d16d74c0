import { StringDecoder } from "node:string_decoder";

import type { Blanker, BlankingStream } from "../src/format/secrets.ts";
import { PartedFile } from "./parted-file.ts";

/**
 * Everything a task prints, or its begin and end if that is more than the limit. No secret reaches the disk. A disk
 * without room for it is no reason to end the task, so nothing here throws.
 */
export class OutputLog {
  readonly #stdout: Channel;
  readonly #stderr: Channel;
  #file: PartedFile | undefined;
  #isIncomplete = false;

  constructor(path: string, { limitBytes, blanker }: { limitBytes: number; blanker: Blanker }) {
    this.#try(() => (this.#file = new PartedFile(path, limitBytes)));
    this.#stdout = { decoder: new StringDecoder(), blanking: blanker.stream() };
    this.#stderr = { decoder: new StringDecoder(), blanking: blanker.stream() };
  }

  /** Whether something could not be written. */
  get isIncomplete(): boolean {
    return this.#isIncomplete;
  }

  stdout(chunk: Buffer): void {
    this.#write(this.#stdout.blanking.push(this.#stdout.decoder.write(chunk)));
  }

  stderr(chunk: Buffer): void {
    this.#write(this.#stderr.blanking.push(this.#stderr.decoder.write(chunk)));
  }

  close(): void {
    for (const { decoder, blanking } of [this.#stdout, this.#stderr]) {
      this.#write(blanking.push(decoder.end()) + blanking.end());
    }
    const file = this.#file;
    this.#file = undefined;
    this.#try(() => file?.close());
  }

  #write(text: string): void {
    // After a gap nobody could tell what belongs together.
    if (!this.#isIncomplete) this.#try(() => this.#file?.write(Buffer.from(text)));
  }

  #try(work: () => void): void {
    try {
      work();
    } catch {
      this.#isIncomplete = true;
    }
  }
}

type Channel = { decoder: StringDecoder; blanking: BlankingStream };
