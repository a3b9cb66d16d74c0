import type { Beat } from "../src/core/beat.ts";
import { durationText } from "../src/core/duration.ts";
import { Fault } from "../src/fault.ts";
import { parseBeat } from "../src/format/beat.ts";
import type { Clock } from "../src/ports/clock.ts";
import type { SharedRepo, Sight } from "../src/ports/shared-repo.ts";
import type { Remembering } from "./memory.ts";
import type { WorkerSettings } from "./run-worker.ts";

type Parts = { repo: SharedRepo; clock: Clock; memory: Remembering; settings: () => WorkerSettings };

/**
 * Keeps two machines from working under one name, for each would give the other's leases back. Who comes second waits
 * until the first has said goodbye or shown no sign of life for a lease; so does who finds another's beat in the place
 * of its own.
 */
export class Namesake {
  readonly #parts: Parts;
  #beatsThen: number;
  #seen: string | undefined;
  #isUnread = false;
  #other: { host: string; sinceMs: number } | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#beatsThen = parts.memory.now.beats;
  }

  /** Whether the name was another's when we last looked. */
  get isThere(): boolean {
    return this.#other !== undefined;
  }

  /** Rejects with NAME_TAKEN while another machine beats under our name. */
  async refuseBeside({ beats }: Sight): Promise<void> {
    const { clock, settings } = this.#parts;
    const { name, pace } = settings();
    const commit = beats.get(name);
    // A beat that set out since the last look is most likely the one that is there now, so it need not be fetched.
    if (commit !== this.#seen && (!this.#hasBeaten() || this.#isUnread)) await this.#read(commit);
    this.#seen = commit;
    const other = this.#other;
    if (!other) return;
    const leftMs = other.sinceMs + pace.lease * 1000 - clock.monotonicMs();
    if (leftMs > 0) throw nameTaken(name, other.host, leftMs);
    this.#other = undefined;
  }

  /** While nobody reached the remote, the other one's beats may not have arrived either. */
  lookedInVain(): void {
    if (this.#other) this.#other.sinceMs = this.#parts.clock.monotonicMs();
  }

  #hasBeaten(): boolean {
    const { beats } = this.#parts.memory.now;
    const has = beats !== this.#beatsThen;
    this.#beatsThen = beats;
    return has;
  }

  async #read(commit: string | undefined): Promise<void> {
    const { repo, clock, settings } = this.#parts;
    this.#isUnread = true;
    const text = commit === undefined ? "" : await repo.readBeat(settings().name, commit);
    if (text === undefined) return;
    this.#isUnread = false;
    const beat = parseBeat(text);
    this.#other =
      beat && this.#isAnothers(beat) ? { host: beat.host, sinceMs: clock.monotonicMs() } : undefined;
  }

  /** Whoever clones a machine copies its state folder along; the clone has another host at least. */
  #isAnothers({ id, host, state }: Beat): boolean {
    const { memory, settings } = this.#parts;
    if (state === "stopped") return false;
    return host !== settings().host || (id !== undefined && id !== memory.now.id);
  }
}

function nameTaken(name: string, host: string, leftMs: number): Fault {
  return new Fault("NAME_TAKEN", `Another worker beats as ${name}, on the host ${host}`, {
    hint: `Give one of the two another \`worker.name\`. If the other one is gone, wait: after ${durationText(leftMs / 1000)} without a beat this one takes over.`,
  });
}
