/**
 * Between two immediates Node lets all promises run as far as they can, and complains of those that nobody catches. When
 * it comes to the end of the line it asks the operating system for news, which costs more than the event itself.
 */
const atOnce = 200;

export type Appointment = { ms: number; order: number; act: (() => void) | undefined };

/** Virtual time: a heap of things to come. Between two of them all promises have run as far as they can. */
export class Timeline {
  nowMs = 0;
  events = 0;
  readonly #heap: Appointment[] = [];
  #order = 0;

  after(ms: number, act: () => void): Appointment {
    const appointment = { ms: this.nowMs + Math.max(0, ms), order: this.#order++, act };
    this.#push(appointment);
    return appointment;
  }

  cancel(appointment: Appointment): void {
    appointment.act = undefined;
  }

  /** Goes from event to event until `isOver`, or until nothing is to come. */
  run(isOver: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      let over = false;
      const step = () => {
        if (over) return;
        try {
          over = isOver() || !this.#goOn();
          if (over) resolve();
        } catch (error) {
          over = true;
          reject(error);
        }
      };
      const batch = () => {
        if (over) return;
        for (let n = 0; n < atOnce; n++) setImmediate(step);
        setImmediate(batch);
      };
      batch();
    });
  }

  #goOn(): boolean {
    for (let next = this.#pop(); next; next = this.#pop()) {
      if (!next.act) continue;
      this.nowMs = next.ms;
      this.events++;
      next.act();
      return true;
    }
    return false;
  }

  #push(appointment: Appointment): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(appointment);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(appointment, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = appointment;
  }

  #pop(): Appointment | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || first === last) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(a: Appointment, b: Appointment): boolean {
  return a.ms < b.ms || (a.ms === b.ms && a.order < b.order);
}
