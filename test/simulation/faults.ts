import type { Luck } from "./luck.ts";
import type { Machine } from "./machine.ts";
import { makeMachine, restart } from "./nodes.ts";
import type { People } from "./people.ts";
import { faultKinds, type FaultKind } from "./traits.ts";
import { short } from "./short.ts";
import type { World } from "./world.ts";

/** Brings the misfortunes of one history, until calm returns. */
export class Faults {
  readonly #world: World;
  readonly #people: People;
  readonly #luck: Luck;
  readonly #twins = new Set<Machine>();

  constructor(world: World, people: People) {
    this.#world = world;
    this.#people = people;
    this.#luck = world.luck.stream("faults");
  }

  begin(): void {
    for (const kind of faultKinds) this.#plan(kind);
  }

  /** All is as it should be from now on; what is down comes up. */
  end(): void {
    const { machines, timeline } = this.#world;
    for (const twin of this.#twins) this.#takeAway(twin);
    for (const machine of machines) {
      machine.network = "up";
      machine.cutOffs = Infinity;
      machine.diskFull = false;
      if (machine.stalled) machine.recover();
      if (!machine.life) timeline.after(this.#luck.between(0, 5000), () => restart(this.#world, machine));
    }
  }

  #plan(kind: FaultKind): void {
    const mean = this.#world.traits.every[kind];
    if (mean === Infinity) return;
    const waitMs = -Math.log(1 - this.#luck.next()) * mean;
    this.#world.timeline.after(waitMs, () => {
      if (this.#world.calm) return;
      this.#strike(kind);
      this.#plan(kind);
    });
  }

  #strike(kind: FaultKind): void {
    const machine = this.#luck.pick(this.#world.machines);
    if (!machine) return;
    switch (kind) {
      case "crash":
        this.#crash(machine);
        break;
      case "reboot":
        this.#reboot(machine);
        break;
      case "drain":
        if (machine.life && !machine.stalled)
          (machine.role === "main" ? machine.life.stop : machine.life.drain).abort();
        break;
      case "hang":
        this.#hang(machine);
        break;
      case "freeze":
        this.#freeze(machine);
        break;
      case "partition":
        this.#partition(machine);
        break;
      case "disk-full":
        this.#for(this.#luck.between(1000, 60_000), () => (machine.diskFull = false));
        machine.diskFull = true;
        break;
      case "clock-jump":
        machine.setClock(this.#luck.between(-300_000, 300_000));
        break;
      case "rewind":
        this.#rewind();
        break;
      case "edit":
        this.#people.meddle();
        break;
      case "twin":
        this.#twin();
        break;
      default:
        kind satisfies never;
    }
  }

  #for(ms: number, act: () => void): void {
    this.#world.timeline.after(ms, act);
  }

  /** The program is killed. Without a unit around it, its attempts go on until it is started again, which is soon. */
  #crash(machine: Machine): void {
    const { unit } = this.#world.traits;
    const hadLeftovers = [...machine.processes].some(({ life }) => life < machine.lives);
    this.#kill(machine, unit || hadLeftovers ? "all" : "program");
    this.#for(this.#luck.skewed(100, unit ? 100_000 : 4000), () => restart(this.#world, machine));
  }

  #reboot(machine: Machine): void {
    this.#kill(machine, "all");
    this.#for(this.#luck.skewed(10_000, 250_000), () => restart(this.#world, machine));
  }

  #kill(machine: Machine, what: "program" | "all"): void {
    if (machine.life) {
      this.#world.counts.crashes++;
      this.#world.tell(machine.name, () => `is killed${what === "all" ? " with all it runs" : ""}`);
      this.#world.judge.crashed(machine);
      machine.end();
    }
    if (what === "all") for (const process of machine.processes) process.kill();
  }

  /** Nothing of the program moves, but time does, and so do its attempts; the watchdog ends it if it lasts. */
  #hang(machine: Machine): void {
    const { life } = machine;
    if (!life || machine.stalled) return;
    const { counts, pace, bug } = this.#world;
    counts.hangs++;
    const lastsMs = this.#luck.flip(0.2)
      ? this.#luck.between(60_000, 180_000)
      : this.#luck.skewed(1000, 60_000);
    this.#world.tell(machine.name, () => `hangs for ${Math.round(lastsMs / 1000)} s`);
    machine.stall("hung");
    const watchdogMs = bug.noWatchdog ? Infinity : pace.watchdog * 1000;
    if (lastsMs < watchdogMs) {
      this.#for(lastsMs, () => {
        if (machine.life === life && machine.stalled === "hung") machine.recover();
      });
      return;
    }
    this.#for(watchdogMs, () => {
      if (machine.life !== life || machine.stalled !== "hung") return;
      this.#world.tell(machine.name, () => "is ended by its watchdog");
      this.#kill(machine, "all");
      this.#for(this.#luck.skewed(100, 10_000), () => restart(this.#world, machine));
    });
  }

  #freeze(machine: Machine): void {
    if (machine.stalled) return;
    this.#world.counts.freezes++;
    this.#world.judge.exclusiveNoMore = true;
    const lastsMs = this.#luck.skewed(5000, 200_000);
    this.#world.tell(machine.name, () => `stands still for ${Math.round(lastsMs / 1000)} s`);
    const { life } = machine;
    machine.stall("frozen");
    this.#for(lastsMs, () => {
      if (machine.life === life && machine.stalled === "frozen") machine.recover();
    });
  }

  #partition(machine: Machine): void {
    const { counts } = this.#world;
    counts.partitions++;
    const everybody = this.#luck.flip(0.15);
    const cut = everybody ? this.#world.machines : [machine];
    const lastsMs = this.#luck.flip(0.3)
      ? this.#luck.between(60_000, 250_000)
      : this.#luck.skewed(3000, 100_000);
    const network = this.#luck.pick(["silent", "refusing", "one-way"] as const);
    for (const one of cut) {
      one.network = network;
      one.cutMs = this.#world.timeline.nowMs;
      this.#world.tell(one.name, () => `is cut off (${network}) for ${Math.round(lastsMs / 1000)} s`);
      one.cutOffs++;
      this.#for(lastsMs, () => {
        one.cutMs = this.#world.timeline.nowMs;
        if (--one.cutOffs === 0) one.network = "up";
      });
    }
  }

  /** Somebody sets a second machine up under the name of another: from nothing, or as a copy of its disk. */
  #twin(): void {
    const { machines, counts } = this.#world;
    const first = this.#luck.pick(machines.filter(({ role }) => role === "worker"));
    if (!first || this.#twins.size > 0) return;
    this.#world.judge.exclusiveNoMore = true;
    this.#world.judge.shared.add(first.name);
    const twin = makeMachine(this.#world, first.name, "worker", `twin-${++counts.twins}`);
    if (this.#luck.flip(0.5)) Object.assign(twin.disk, first.disk);
    this.#world.tell(twin.host, () => `comes up as ${twin.name} too`);
    this.#twins.add(twin);
    restart(this.#world, twin);
    this.#for(this.#luck.between(10_000, 250_000), () => this.#takeAway(twin));
  }

  #takeAway(twin: Machine): void {
    if (!this.#twins.delete(twin)) return;
    const { machines, judge } = this.#world;
    this.#world.tell(twin.host, () => "is taken away");
    this.#kill(twin, "all");
    machines.splice(machines.indexOf(twin), 1);
    judge.takenAway(twin);
  }

  /** Somebody restores the hub from a backup, or forces an older state upon it. */
  #rewind(): void {
    const { hub, counts, judge } = this.#world;
    const steps = this.#luck.whole(1, 4);
    const ancestors = [...hub.ancestry(hub.head)];
    const target = ancestors[steps];
    // The first commit holds the queue file itself.
    if (!target || target.height < 1) return;
    counts.rewinds++;
    judge.exclusiveNoMore = true;
    hub.head = target.commit;
    this.#world.tell("hub", () => `is rewound by ${steps} to ${short(target.commit)}`);
  }
}
