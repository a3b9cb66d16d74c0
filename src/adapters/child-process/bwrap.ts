import { closeSync, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

import type { Exit, Launch, Running, TaskProcess } from "../../ports/task-process.ts";
import { argsOf, type Confinement, inOrder, type Mount, privateFolders } from "./bwrap-mounts.ts";
import type { CgroupTaskProcess } from "./cgroup.ts";
import type { PlainTaskProcess } from "./plain.ts";
import { isFile, isProgram, packageOf, ProgramFolders, realPath } from "./program-folders.ts";

/**
 * Another driver, with each attempt in namespaces of its own: it sees no other process, and of the files only what the
 * system is made of, what is on its PATH, and what it was given. When its first process or this one here ends, the
 * kernel ends all of it.
 */
export class BwrapTaskProcess implements TaskProcess {
  readonly driver: string;
  readonly #inner: PlainTaskProcess | CgroupTaskProcess;
  readonly #confinement: Confinement;
  readonly #program = findBwrap();
  readonly #programs = new ProgramFolders();

  constructor(inner: PlainTaskProcess | CgroupTaskProcess, confinement: Confinement) {
    this.driver = `bwrap+${inner.driver}`;
    this.#inner = inner;
    this.#confinement = confinement;
  }

  start(marker: string, launch: Launch): Running {
    const status = openStatus();
    const complaint: Buffer[] = [];
    const running = this.#inner.start(marker, {
      ...launch,
      argv: [this.#program, ...kept, ...this.#view(launch), "--", ...launch.argv],
      onStderr(chunk) {
        if (complaint.length < 8) complaint.push(chunk);
        launch.onStderr(chunk);
      },
      keeper: { name: "bwrap", statusFd: status.fd },
    });
    const exit = running.exit
      .then((seen) => exitFrom(seen, { status: status.text(), complaint, launch }))
      .finally(() => status.close());
    return {
      exit,
      get hasEnded() {
        return running.hasEnded;
      },
      async stop(graceMs) {
        await running.stop(graceMs);
        await exit;
      },
      usage: () => running.usage(),
    };
  }

  sweep(): Promise<number> {
    return this.#inner.sweep();
  }

  #view(launch: Launch): string[] {
    const mounts = mountsFor(launch, this.#confinement, this.#programs);
    return [...inOrder(mounts).flatMap(argsOf), "--chdir", launch.cwd];
  }
}

/** By our own PATH: the task's is its own affair. */
function findBwrap(): string {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.map((folder) => join(folder, "bwrap")).find(isProgram) ?? "bwrap";
}

const kept = [
  "--json-status-fd 3 --die-with-parent --new-session --unshare-pid --unshare-ipc",
  // Root would keep the right to undo all this.
  "--cap-drop ALL --ro-bind / / --dev /dev --proc /proc",
].flatMap((options) => options.split(" "));

/** Later ones go over earlier ones. */
function mountsFor({ cwd, env, reach }: Launch, confinement: Confinement, known: ProgramFolders): Mount[] {
  const home = env["HOME"] ?? confinement.home;
  const homes = [...new Set([home, confinement.home])].filter((folder) => folder !== "/");
  const emptied = realPaths([...privateFolders, ...homes]);
  const hidden = realPaths(confinement.hidden);
  const programs = known.on(env["PATH"] ?? "", { home: realPath(home) ?? home, emptied, hidden });
  const readOnly = [...confinement.readOnly, ...(reach?.readOnly ?? [])].flatMap((path) => {
    const real = realPath(path);
    return real !== undefined && isProgram(real) ? [path, ...packageOf(real, home)] : [path];
  });
  return [
    ...[...emptied, ...hidden].map((at): Mount => ({ at, as: isFile(at) ? "blank-file" : "empty" })),
    ...(reach && home !== "/" ? shown(home, "own", reach.home) : []),
    ...(reach ? shown("/tmp", "own", reach.tmp) : []),
    ...[...nameService(), ...programs, ...readOnly].flatMap((path) => shown(path, "read-only")),
    ...[...confinement.writable, ...(reach?.writable ?? []), cwd].flatMap((path) => shown(path, "writable")),
  ];
}

function realPaths(paths: readonly string[]): string[] {
  return paths.flatMap((path) => realPath(path) ?? []);
}

/** Under the name it was given and under its real one; nothing for what is not there. */
function shown(path: string, as: "own" | "read-only" | "writable", instead?: string): Mount[] {
  const real = realPath(path);
  if (real === undefined) return [];
  const from = instead ?? real;
  const mount: Mount = { at: real, as, from, isAlias: false };
  return real === path ? [mount] : [{ at: path, as, from, isAlias: true }, mount];
}

/** Names are often resolved by way of a file in /run, which is replaced whenever the network changes. */
function nameService(): string[] {
  const file = realPath("/etc/resolv.conf");
  if (file === undefined || !file.startsWith("/run/")) return [];
  return dirname(file) === "/run" ? [file] : [dirname(file)];
}

/** What bwrap says about the program goes to a file that no program can reach. */
function openStatus(): { fd: number; text(): string; close(): void } {
  const folder = mkdtempSync(join(tmpdir(), "pawl-status-"));
  const fd = openSync(join(folder, "status"), "wx+", 0o600);
  rmSync(folder, { recursive: true });
  return {
    fd,
    text() {
      const buffer = Buffer.alloc(4096);
      return buffer.toString("utf8", 0, readSync(fd, buffer, 0, buffer.length, 0));
    },
    close: () => closeSync(fd),
  };
}

type Seen = { status: string; complaint: readonly Buffer[]; launch: Launch };

/** bwrap ends with 128 + n when the program was ended by signal n, and with 1 when there was no program to run. */
function exitFrom(exit: Exit, { status, complaint, launch }: Seen): Exit {
  if (exit.kind !== "exited") return exit;
  const code = /"exit-code": (\d+)/.exec(status)?.[1];
  if (code === undefined)
    return { kind: "not-started", why: whyNot(launch, Buffer.concat(complaint).toString()) };
  const signal = Object.entries(constants.signals).find(([, number]) => number === Number(code) - 128);
  return signal ? { kind: "signalled", signal: signal[0] } : { kind: "exited", code: Number(code) };
}

function whyNot({ argv: [program] }: Launch, complaint: string): string {
  const said = /^bwrap: (.*)$/m.exec(complaint)?.[1] ?? "it said nothing";
  if (said === `execvp ${program}: No such file or directory`) return `${program} is not there`;
  if (said === `execvp ${program}: Permission denied`) return `${program} may not be executed`;
  return `bwrap could not start it: ${said}`;
}
