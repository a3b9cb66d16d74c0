/** The last bytes of a stream of any length. */
export class Tail {
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #held = 0;
  #seen = 0;

  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    this.#seen += chunk.length;
    if (this.#held > 2 * this.#limit || this.#chunks.length > 1024) this.#compact();
  }

  bytes(): Buffer {
    this.#compact();
    return this.#chunks[0] ?? Buffer.alloc(0);
  }

  text(): string {
    return this.bytes().toString();
  }

  get leftOutBytes(): number {
    return Math.max(0, this.#seen - this.#limit);
  }

  #compact(): void {
    const all = Buffer.concat(this.#chunks);
    const kept = all.subarray(Math.max(0, all.length - this.#limit));
    this.#chunks = [kept.length < all.length ? Buffer.from(kept) : all];
    this.#held = kept.length;
  }
}
