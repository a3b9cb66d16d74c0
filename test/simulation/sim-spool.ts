import { Fault } from "../../src/fault.ts";
import type { Spool } from "../../src/ports/spool.ts";
import type { Life } from "./machine.ts";

/** A file on the machine's disk; a crash during a write leaves the old text or the new one. */
export class SimSpool<Value> implements Spool<Value> {
  readonly #life: Life;

  constructor(life: Life) {
    this.#life = life;
  }

  async read(): Promise<Value | undefined> {
    const { machine } = this.#life;
    await this.#life.takes(machine.luck.between(0, 5), () => undefined);
    return machine.disk.spool === undefined ? undefined : (JSON.parse(machine.disk.spool) as Value);
  }

  async write(value: Value): Promise<void> {
    const { machine, unfinished } = this.#life;
    const text = JSON.stringify(value);
    const full = machine.diskFull;
    const perhaps = () => {
      if (!full && machine.luck.flip(0.5)) machine.disk.spool = text;
    };
    unfinished.add(perhaps);
    await this.#life.takes(machine.luck.skewed(1, 60), () => {
      unfinished.delete(perhaps);
      if (!full) machine.disk.spool = text;
    });
    if (full) {
      throw new Fault("DISK_FULL", "There is no room for the spool", { hint: "Make room on that disk." });
    }
  }
}
