import { closeSync, openSync, unlinkSync, writeFileSync } from "node:fs";

/**
 * The begin and the end of a long stream, as it comes, in files that together grow no larger than the limit: `path` has
 * the first half, `path.<start>` what comes from that byte on. Of those a quarter each, only the last two are kept.
 */
export class PartedFile {
  readonly #path: string;
  readonly #partBytes: number;
  #file: number;
  #room: number;
  #written = 0;
  #parts: string[] = [];

  constructor(path: string, limitBytes: number) {
    this.#path = path;
    this.#partBytes = Math.max(1, Math.floor(limitBytes / 4));
    this.#file = openSync(path, "w", 0o600);
    this.#room = Math.max(1, limitBytes - 2 * this.#partBytes);
  }

  write(bytes: Buffer): void {
    for (let rest = bytes; rest.length > 0;) {
      if (this.#room === 0) this.#nextPart();
      const piece = rest.subarray(0, this.#room);
      writeFileSync(this.#file, piece);
      this.#room -= piece.length;
      this.#written += piece.length;
      rest = rest.subarray(piece.length);
    }
  }

  close(): void {
    closeSync(this.#file);
  }

  #nextPart(): void {
    const [oldest] = this.#parts.splice(0, this.#parts.length - 1);
    if (oldest !== undefined) unlinkSync(oldest);
    const part = `${this.#path}.${this.#written}`;
    const file = openSync(part, "w", 0o600);
    closeSync(this.#file);
    this.#file = file;
    this.#parts.push(part);
    this.#room = this.#partBytes;
  }
}
