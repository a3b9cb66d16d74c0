import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { PlainTaskProcess } from "../../src/adapters/child-process/plain.ts";
import { realClock } from "../../src/adapters/time/real-clock.ts";
import { Fault } from "../../src/fault.ts";
import { attemptRunner } from "../../worker/run-attempt.ts";
import { processesNaming } from "../support/processes.ts";
import { aTask } from "../support/tasks.ts";
import { Ground, type Life, type Node } from "./ground.ts";
import {
  archive,
  claim,
  firstSubmit,
  publishResult,
  submit,
  type Job,
  type Operation,
} from "./operations.ts";

type Part = "cache" | "spool";

const roomy = process.platform === "linux" && process.getuid?.() === 0;
if (!roomy) console.warn("skipped: only root may mount the small disks that these tests fill");

describe.skipIf(!roomy)("a disk", { tags: ["slow"] }, () => {
  const cases: [string, Part, Operation][] = [
    ["a submit", "cache", submit],
    ["a submit on a new machine", "cache", firstSubmit],
    ["a claim", "cache", claim],
    ["a claim", "spool", claim],
    ["a result", "cache", publishResult],
    ["a result", "spool", publishResult],
    ["an archive", "cache", archive],
    ["an archive", "spool", archive],
  ];

  test.each(cases)(
    "that is full stops %s with its %s on it with a clear word; the same node goes on once there is room",
    async (_name, part, operation) => {
      await using ground = await Ground.make();
      using disk = new SmallDisk(ground.repos.folder);
      const node = nodeOn(disk, part);
      await warm(ground, node, operation);
      const job = await operation.prepare(ground, node);
      disk.fill();
      await using life = await job.live();
      const { code, hint } = await faultOf(life);
      expect({ code, hint }).toEqual({ code: "DISK_FULL", hint: expect.stringMatching(/[Mm]ake room/) });
      disk.makeRoom();
      // That the ledger has it is written down with whatever this life writes next.
      await goOn(life, () => job.isInLedger?.() ?? job.isDone());
      expect(await job.complaints()).toEqual([]);
    },
  );

  test.each(cases)(
    "that cannot be written stops %s with its %s on it with a clear word; a node that begins anew once it can does it",
    async (_name, part, operation) => {
      await using ground = await Ground.make();
      using disk = new SmallDisk(ground.repos.folder);
      const node = nodeOn(disk, part);
      await warm(ground, node, operation);
      const job = await operation.prepare(ground, node);
      disk.remount("ro");
      const fault = await faultOfOneLife(job);
      expect(fault.message).toMatch(/read-only/i);
      expect(fault.hint).toMatch(/disk|permissions/);
      disk.remount("rw");
      await finish(job);
      expect(await job.complaints()).toEqual([]);
    },
  );

  test("that is full lets no task begin, and says so", async () => {
    await using ground = await Ground.make();
    using disk = new SmallDisk(ground.repos.folder);
    disk.fill();
    const { done } = runnerOn(disk).start(aTask({ prompt: "echo hello" }));
    expect(await done).toMatchObject({
      ending: { kind: "misconfigured", why: expect.stringContaining("ENOSPC") },
    });
  });

  test("that a task fills with its output is no harm to the task, which says that its log is incomplete", async () => {
    await using ground = await Ground.make();
    using disk = new SmallDisk(ground.repos.folder);
    const { done } = runnerOn(disk).start(
      aTask({ prompt: "yes 'to the brim' | head -c 20000000; echo Done" }),
    );
    expect(await done).toMatchObject({
      ending: { kind: "succeeded", text: expect.stringMatching(/Done\s*$/) },
      facts: { log: "incomplete" },
    });
    expect(processesNaming(disk.folder)).toEqual([]);
  });
});

function runnerOn({ folder }: SmallDisk) {
  return attemptRunner({
    settings: {
      defaultTimeoutSeconds: 120,
      graceSeconds: 1,
      keepHours: 1,
      logLimitBytes: 20e6,
      passEnv: [],
      executors: { command: { kind: "command", mode: "shell" } },
    },
    stateFolder: folder,
    env: process.env,
    secrets: [],
    processes: new PlainTaskProcess(folder),
    clock: realClock,
  });
}

/** With a part of a node on the small disk. */
function nodeOn(disk: SmallDisk, part: Part): Node {
  const [cache, spool] = [join(disk.folder, "cache.git"), join(disk.folder, "spool.json")];
  return {
    name: "ada",
    ...(part === "cache" ? { cache } : {}),
    ...(part === "spool" ? { spool } : {}),
  };
}

/** Once without any trouble, so that the cache is there. */
async function warm(ground: Ground, node: Node, operation: Operation): Promise<void> {
  await finish(await operation.prepare(ground, node));
}

async function faultOfOneLife(job: Job): Promise<Fault> {
  await using life = await job.live();
  return await faultOf(life);
}

async function faultOf(life: Life): Promise<Fault> {
  for (let round = 0; round < 3; round++) {
    try {
      await life.once();
    } catch (error) {
      if (error instanceof Fault) return error;
      throw error;
    }
  }
  throw new Error("nothing went wrong");
}

async function finish(job: Job): Promise<void> {
  await using life = await job.live();
  await goOn(life, () => job.isDone());
}

async function goOn(life: Life, isDone: Job["isDone"]): Promise<void> {
  for (let round = 0; round < 5; round++) {
    await life.once();
    if (await isDone()) return;
  }
  throw new Error("it is not done after five rounds");
}

class SmallDisk implements Disposable {
  readonly folder: string;

  constructor(parent: string) {
    this.folder = join(parent, "small-disk");
    mkdirSync(this.folder);
    this.#mount("-t", "tmpfs", "-o", "size=4m,nr_inodes=2000", "tmpfs");
  }

  /** To the last byte and the last name. */
  fill(): void {
    for (const size of [64, 4, 1]) {
      const bytes = Buffer.alloc(size * 1024);
      for (let n = 0; this.#written(`ballast-${size}-${n}`, bytes); n++);
    }
    for (let n = 0; this.#written(`ballast-0-${n}`, Buffer.alloc(0)); n++);
  }

  makeRoom(): void {
    spawnSync("sh", ["-c", `rm -f "${this.folder}"/ballast-*`]);
  }

  remount(as: "ro" | "rw"): void {
    this.#mount("-o", `remount,${as}`);
  }

  [Symbol.dispose](): void {
    spawnSync("umount", ["--lazy", this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #written(name: string, bytes: Buffer): boolean {
    try {
      writeFileSync(join(this.folder, name), bytes);
      return true;
    } catch {
      return false;
    }
  }

  #mount(...how: string[]): void {
    const { status, stderr } = spawnSync("mount", [...how, this.folder]);
    if (status !== 0) throw new Error(`mount: ${stderr.toString()}`);
  }
}
