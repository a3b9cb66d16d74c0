import { join } from "node:path";

import { mayPass } from "../../src/fault.ts";
import { CrashingGit, type Dies } from "./crashing-git.ts";
import { Ground } from "./ground.ts";
import type { Job, Operation } from "./operations.ts";

/** How many rounds a node is given. A daemon has as many as it likes. */
const patience = 8;

export type Survived = { points: number; tried: number; killed: number; complaints: string[] };

/**
 * Does an operation again and again, with git killed at one of its calls each time, by itself or together with the node;
 * then the node, or its next life, goes on without any help.
 *
 * @param step tries every so many points
 */
export async function surviveCrashes(operation: Operation, step: number): Promise<Survived> {
  await using ground = await Ground.make();
  const git = new CrashingGit(join(ground.repos.folder, "crashing"));
  const node = { name: "ada", PATH: git.PATH };
  await finish(await operation.prepare(ground, node));
  const job = await operation.prepare(ground, node);
  const all = (await git.pointsOf(() => finish(job))).flatMap((point) =>
    (["git", "node"] satisfies Dies[]).map((dies) => ({ point, dies })),
  );
  const chosen = all.filter((_, n) => n % step === step >> 1);
  const survived: Survived = { points: all.length, tried: chosen.length, killed: 0, complaints: [] };
  for (const { point, dies } of chosen) {
    const job = await operation.prepare(ground, node);
    git.arm(point, dies);
    if (dies === "node") await dieIn(job);
    else await goOn(job);
    if (git.disarm()) survived.killed++;
    await finish(job);
    if (!(await job.isDone()))
      survived.complaints.push(`${point.command} ${point.call} ${point.n}: it is not done`);
    const name = `git ${point.command} at ${point.call} ${point.n}, ${dies} killed`;
    survived.complaints.push(...(await job.complaints()).map((complaint) => `${name}: ${complaint}`));
  }
  const fsck = ground.repos.git(["fsck", "--full"]).toString();
  if (/error|missing|broken/.test(fsck)) survived.complaints.push(fsck);
  return survived;
}

/** A life that ends with the first git that is killed. */
async function dieIn(job: Job): Promise<void> {
  const life = await job.live();
  for (let round = 0; round < 2; round++) await life.once().catch(() => undefined);
  await life[Symbol.asyncDispose]();
}

/** A life in which one git is killed; what may pass must not end it. */
async function goOn(job: Job): Promise<void> {
  await using life = await job.live();
  for (let round = 0; round < patience && !(await job.isDone()); round++) {
    await life.once().catch((error: unknown) => {
      if (!mayPass(error)) throw error;
    });
  }
}

/** A whole life without any trouble. */
async function finish(job: Job): Promise<void> {
  await using life = await job.live();
  for (let round = 0; round < patience; round++) {
    await life.once();
    if (await job.isDone()) return;
  }
}
