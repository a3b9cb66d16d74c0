import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import type { Usage } from "../../ports/task-process.ts";
import type { Limits } from "./limits.ts";

/** A cgroup v2 as a folder of the kernel's: a process that is in it cannot leave it by forking. */
export class CgroupFolder {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** The one this process is in; undefined where there is no version 2. */
  static ofThisProcess(): CgroupFolder | undefined {
    const mount = /^(?:\S+ ){4}(?<at>\S+) .* - cgroup2 /m.exec(readQuietly("/proc/self/mountinfo"))?.groups?.[
      "at"
    ];
    const inside = /^0::(?<path>.+)$/m.exec(readQuietly("/proc/self/cgroup"))?.groups?.["path"];
    return mount && inside ? new CgroupFolder(join(mount, inside)) : undefined;
  }

  get name(): string {
    return basename(this.#path);
  }

  get parent(): CgroupFolder {
    return new CgroupFolder(dirname(this.#path));
  }

  /** Whether the kernel can end all that is in it at one stroke. */
  get canKill(): boolean {
    return existsSync(join(this.#path, "cgroup.kill"));
  }

  /** Undefined when we may not make one here. */
  makeChild(name: string): CgroupFolder | undefined {
    const path = join(this.#path, name);
    return didWork(() => mkdirSync(path, { recursive: true })) ? new CgroupFolder(path) : undefined;
  }

  children(): { name: string; folder: CgroupFolder }[] {
    if (!existsSync(this.#path)) return [];
    return readdirSync(this.#path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => ({ name, folder: new CgroupFolder(join(this.#path, name)) }));
  }

  /** Moves a process here; false when it is gone already or may not be moved. */
  take(pid: number): boolean {
    return this.#write("cgroup.procs", String(pid));
  }

  /** Has the kernel count and hold these things for each child; false where it does not, or not for all. */
  control(wanted: readonly string[]): boolean {
    const has = () => readQuietly(join(this.#path, "cgroup.subtree_control")).trim().split(/\s+/);
    const missing = wanted.filter((name) => !has().includes(name));
    if (missing.length === 0) return true;
    this.#write("cgroup.subtree_control", missing.map((name) => `+${name}`).join(" "));
    return wanted.every((name) => has().includes(name));
  }

  /** What could be controlled here. */
  controllers(): string[] {
    return readQuietly(join(this.#path, "cgroup.controllers")).trim().split(/\s+/).filter(Boolean);
  }

  /** False when one of them cannot be held here. */
  limit({ memoryBytes, processes, cpuPercent }: Limits): boolean {
    const held: boolean[] = [];
    if (memoryBytes !== undefined) {
      held.push(this.#write("memory.max", String(memoryBytes)));
      // Half of a task is of no use to anybody: it goes as a whole.
      held.push(this.#write("memory.oom.group", "1"));
      // A kernel may have been built or started without this one.
      this.#write("memory.swap.max", "0");
    }
    if (processes !== undefined) held.push(this.#write("pids.max", String(processes)));
    if (cpuPercent !== undefined) held.push(this.#write("cpu.max", `${cpuPercent * 1000} 100000`));
    return held.every(Boolean);
  }

  usage(): Usage {
    const peak = /^\d+$/m.exec(readQuietly(join(this.#path, "memory.peak")))?.[0];
    const kills = /^oom_kill (?<count>\d+)$/m.exec(readQuietly(join(this.#path, "memory.events")));
    return {
      ...(peak !== undefined && { peakMemoryBytes: Number(peak) }),
      ...(Number(kills?.groups?.["count"] ?? 0) > 0 && { ranOutOfMemory: true }),
    };
  }

  /** Of those in itself. */
  ownPids(): number[] {
    return readQuietly(join(this.#path, "cgroup.procs")).split("\n").filter(Boolean).map(Number);
  }

  /** Of those in it and in its own children. */
  pids(): number[] {
    return [...this.ownPids(), ...this.children().flatMap(({ folder }) => folder.pids())];
  }

  /** At one stroke; not if this process itself could not get out again. */
  killOthers(): void {
    if (this.canKill && !this.pids().includes(process.pid))
      writeFileSync(join(this.#path, "cgroup.kill"), "1");
  }

  /** False when somebody is left in it. */
  remove(): boolean {
    const areGone = this.children().map(({ folder }) => folder.remove());
    return areGone.every(Boolean) && (!existsSync(this.#path) || didWork(() => rmdirSync(this.#path)));
  }

  #write(file: string, text: string): boolean {
    return didWork(() => writeFileSync(join(this.#path, file), text));
  }
}

function didWork(write: () => void): boolean {
  try {
    write();
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (["EBUSY", "ESRCH", "EACCES", "EPERM", "ENOENT", "EOPNOTSUPP", "EROFS", "EINVAL"].includes(code))
      return false;
    throw error;
  }
}

function readQuietly(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
