import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

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
    return didWork(() => writeFileSync(join(this.#path, "cgroup.procs"), String(pid)));
  }

  /** Of those in it and in its own children. */
  pids(): number[] {
    const own = readQuietly(join(this.#path, "cgroup.procs")).split("\n").filter(Boolean).map(Number);
    return [...own, ...this.children().flatMap(({ folder }) => folder.pids())];
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
}

function didWork(write: () => void): boolean {
  try {
    write();
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (["EBUSY", "ESRCH", "EACCES", "EPERM", "ENOENT", "EOPNOTSUPP", "EROFS"].includes(code)) return false;
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
