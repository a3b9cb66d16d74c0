import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { inPlaceOf } from "../support/programs.ts";

/** Calls by which a program changes files. Writing into a pipe is among them, which does no harm. */
const changing =
  "write,pwrite64,rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat," +
  "mkdir,mkdirat,rmdir,ftruncate,chmod,fchmod,fsync,fdatasync";

/** Who dies: git alone, as when memory runs out, or the whole node with it, as when it is unplugged. */
export type Dies = "git" | "node";

/** The n-th `call` (a system call) of the first process of `git <command>` that makes so many. */
export type CrashPoint = { command: string; call: string; n: number };

/** A git in front of the real one that is killed once, at one of its calls or of its children's. */
export class CrashingGit {
  /** For the environment of a node. */
  readonly PATH: string;
  readonly #folder: string;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
    this.PATH = inPlaceOf("git", script(folder), folder);
  }

  /** The next `git <command>` will be killed. */
  arm({ command, call, n }: CrashPoint, dies: Dies): void {
    this.disarm();
    writeFileSync(join(this.#folder, "armed"), `${command} ${call} ${n} ${dies}\n`);
  }

  /** Everything goes well from now on. Answers whether anybody was killed. */
  disarm(): boolean {
    const fired = existsSync(join(this.#folder, "fired"));
    for (const name of ["armed", "fired", "dead", "calls"]) rmSync(join(this.#folder, name), { force: true });
    return fired;
  }

  /** All points at which git can be killed while `work` is done. */
  async pointsOf(work: () => Promise<unknown>): Promise<CrashPoint[]> {
    writeFileSync(join(this.#folder, "counting"), "");
    await work();
    rmSync(join(this.#folder, "counting"));
    const points = new Map<string, CrashPoint>();
    for (const name of readdirSync(this.#folder).filter((entry) => entry.startsWith("count."))) {
      const [, command = ""] = name.split(".");
      const counts = new Map<string, number>();
      for (const [, pid, call = ""] of this.#read(name).matchAll(/^(\d+) +(\w+)\(/gm)) {
        const n = (counts.get(`${pid} ${call}`) ?? 0) + 1;
        counts.set(`${pid} ${call}`, n);
        points.set(`${command} ${call} ${n}`, { command, call, n });
      }
      rmSync(join(this.#folder, name));
    }
    return [...points.values()];
  }

  #read(name: string): string {
    return readFileSync(join(this.#folder, name), "utf8");
  }
}

function script(folder: string): string {
  const git = spawnSync("sh", ["-c", "command -v git"]).stdout.toString().trim();
  return `cd "${folder}"
[ -e dead ] && kill -9 $$
case $1 in init|fetch|fast-import|push) ;; *) exec ${git} "$@" ;; esac
[ -e counting ] && exec strace -f -qq -o count.$1.$$ -e trace=${changing} ${git} "$@"
[ -e armed ] && read -r command call n dies < armed && [ "$1" = "$command" ] && rm armed || exec ${git} "$@"
strace -f -qq -o calls -e trace=$call -e inject=$call:signal=SIGKILL:when=$n ${git} "$@"
code=$?
grep -q 'killed by SIGKILL' calls && touch fired && [ $dies = node ] && touch dead
[ $code = 137 ] && kill -9 $$
exit $code`;
}
