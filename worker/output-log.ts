import { closeSync, openSync, writeFileSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";

import type { Blanker, BlankingStream } from "../src/format/secrets.ts";
import { Tail } from "./tail.ts";

/** Everything a task prints, in one file that grows no larger than its limit. No secret reaches the disk. */
export class OutputLog {
  readonly #file: number;
  readonly #tail: Tail;
  readonly #stdout: Channel;
  readonly #stderr: Channel;
  #roomForHead: number;

  constructor(path: string, { limitBytes, blanker }: { limitBytes: number; blanker: Blanker }) {
    this.#file = openSync(path, "w", 0o600);
    this.#roomForHead = Math.ceil(limitBytes / 2);
    this.#tail = new Tail(Math.floor(limitBytes / 2));
    this.#stdout = { decoder: new StringDecoder(), blanking: blanker.stream() };
    this.#stderr = { decoder: new StringDecoder(), blanking: blanker.stream() };
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
    const leftOut = this.#tail.leftOutBytes;
    if (leftOut > 0) writeFileSync(this.#file, `\n[... ${leftOut} bytes of output are left out here ...]\n`);
    writeFileSync(this.#file, this.#tail.bytes());
    closeSync(this.#file);
  }

  #write(text: string): void {
    const bytes = Buffer.from(text);
    const head = bytes.subarray(0, this.#roomForHead);
    this.#roomForHead -= head.length;
    writeFileSync(this.#file, head);
    this.#tail.push(bytes.subarray(head.length));
  }
}

type Channel = { decoder: StringDecoder; blanking: BlankingStream };
