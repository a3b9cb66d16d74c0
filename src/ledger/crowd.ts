import type { NodeName } from "../core/ids.ts";
import type { Workers } from "../core/pace.ts";
import type { Clock } from "../ports/clock.ts";
import type { Sight } from "../ports/shared-repo.ts";

const dayMs = 86_400_000;

/** How many workers there are: their refs stay when they go, so it counts too whose beat has moved within a day. */
export class Crowd {
  readonly #clock: Clock;
  #moved = new Map<NodeName, { commit: string; atMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  saw({ beats }: Sight): void {
    const now = this.#clock.monotonicMs();
    this.#moved = new Map(
      Array.from(beats, ([worker, commit]) => {
        const known = this.#moved.get(worker);
        return [worker, known?.commit === commit ? known : { commit, atMs: now }];
      }),
    );
  }

  get count(): Workers {
    const now = this.#clock.monotonicMs();
    const living = Array.from(this.#moved.values()).filter(({ atMs }) => now - atMs < dayMs).length;
    return { shown: this.#moved.size, living };
  }
}
