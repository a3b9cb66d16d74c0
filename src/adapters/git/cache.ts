import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { Fault } from "../../fault.ts";
import { shortChain, type Env } from "./environment.ts";
import type { CachePlace } from "./begin-cache.ts";
import { findCache, makeCache, removeLeftovers, type Lost } from "./make-cache.ts";
import { ObjectReader } from "./object-reader.ts";
import { RecentObjects } from "./recent-objects.ts";
import { runGit, type GitExit } from "./run-git.ts";
import { SeenHead } from "./seen-head.ts";
import { removeTornObjects } from "./torn-objects.ts";

/** The cache in use: made when it is first needed, made anew when it turns out to be broken. */
export class Cache implements AsyncDisposable {
  readonly env: Env;
  readonly place: CachePlace;
  readonly recent = new RecentObjects();
  readonly seen: SeenHead;
  reader: ObjectReader;
  #lost: Lost | undefined;
  #exists: boolean;
  #condition: "clean" | "soiled" | "broken" = "soiled";
  #generation = 0;
  #uses = 0;
  #turn: Promise<void> = Promise.resolve();

  static async open(place: CachePlace): Promise<Cache> {
    return new Cache(place, await findCache(place));
  }

  private constructor(place: CachePlace, exists: boolean) {
    this.place = place;
    this.env = { ...shortChain, ...place.env, GIT_DIR: place.folder };
    this.seen = new SeenHead(place);
    this.reader = this.#newReader();
    this.#exists = exists;
  }

  /**
   * Does `work`; when the cache turns out to be at fault, again with one that is mended or new.
   * @param work is told whether the cache is `fresh`: it was fetched just now
   */
  async use<T>(work: (fresh: boolean) => Promise<T>): Promise<T> {
    for (let generation = this.#generation, tries = 1; ; tries++) {
      const before = generation;
      await this.#prepare();
      generation = this.#generation;
      try {
        return await work(generation !== before);
      } catch (error) {
        if (tries === 3 || !(await this.#isAtFault(error))) throw error;
        // Of several reads at once the first that fails has it made anew.
        if (isBroken(error) && generation === this.#generation) this.#condition = "broken";
      }
    }
  }

  /** To be made anew before it is used again. */
  distrust(): void {
    this.#condition = "broken";
  }

  /** Set when the cache had to be made anew and the branch had been rewound meanwhile: its head counts for nothing. */
  get lost(): Lost | undefined {
    return this.#lost;
  }

  /** Made anew for whoever is content with what descends from `head`; for anybody else that is to be found out again. */
  remake(head: string | undefined): Promise<void> {
    return this.#inTurn(async () => {
      await this.#make(head);
      if (this.#lost) this.#condition = "broken";
    });
  }

  async git(args: readonly string[], deadlineMs: number, more: Env = {}): Promise<GitExit> {
    const exit = await runGit(args, { env: { ...this.env, ...more }, deadlineMs });
    this.noteEnd(exit);
    return exit;
  }

  /** A git that was ended leaves locks and half-written files. */
  noteEnd({ code }: Pick<GitExit, "code">): void {
    if (code === null && this.#condition === "clean") this.#condition = "soiled";
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.reader[Symbol.asyncDispose]();
  }

  async #isAtFault(error: unknown): Promise<boolean> {
    if (isBroken(error)) return true;
    // Where the chain has no end (other systems, pages of 64 KiB) it is torn objects that git waits for.
    return isLate(error) && removeTornObjects(this.place.folder);
  }

  /** One at a time, since reads of one snapshot may come side by side. */
  #prepare(): Promise<void> {
    return this.#inTurn(() => this.#makeReady());
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #makeReady(): Promise<void> {
    if (this.#condition === "broken" || !this.#exists) await this.#make(await this.seen.read());
    if (this.#condition === "soiled") await removeLeftovers(this.place.folder);
    this.#condition = "clean";
    if (this.#uses++ % 2000 === 0) await this.#tidy();
  }

  async #make(seen: string | undefined): Promise<void> {
    await this.#replaceReader();
    this.#lost = await makeCache(this.place, seen);
    this.#exists = true;
    this.#generation++;
    this.#condition = "clean";
  }

  /** In the foreground: git's own housekeeping would outlive us and hold locks. */
  async #tidy(): Promise<void> {
    const sample = await readdir(join(this.place.folder, "objects", "17")).catch(() => []);
    if (sample.length < 30) return;
    const exit = await runGit(["gc", "--quiet", "--prune=now"], { env: this.env, deadlineMs: 120_000 });
    if (exit.code !== 0) this.#condition = "broken";
    await this.#replaceReader();
  }

  async #replaceReader(): Promise<void> {
    await this.reader[Symbol.asyncDispose]();
    this.reader = this.#newReader();
  }

  #newReader(): ObjectReader {
    const { remote, folder, deadlineMs } = this.place;
    return new ObjectReader(this.env, { remote, cache: folder }, deadlineMs);
  }
}

function isBroken(error: unknown): boolean {
  return error instanceof Fault && error.code === "CACHE_BROKEN";
}

function isLate(error: unknown): boolean {
  return error instanceof Fault && error.code === "REMOTE_TIMEOUT";
}
