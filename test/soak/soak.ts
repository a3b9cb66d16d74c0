import { setTimeout as sleep } from "node:timers/promises";

import { Random } from "../support/random.ts";
import { auditByPawl, ends, eventsOf, fsck, leftoversOf, orphansOf, runsIn } from "./findings.ts";
import { breaches, readHistory } from "./history.ts";
import { Person, type Door } from "./person.ts";
import { Scene } from "./scene.ts";
import { Trouble, type Kills } from "./trouble.ts";

export type Report = {
  seed: number;
  kills: Kills & { commands: number };
  freezes: number;
  cutPushes: number;
  seconds: number;
  tasks: number;
  /** Accepted results by outcome. */
  outcomes: Record<string, number>;
  /** Tasks that the person took back, and that had not ended before. */
  cancelled: number;
  retried: number;
  runsStarted: number;
  runsEnded: number;
  claims: number;
  lateResults: number;
  selfStops: number;
  commits: number;
  merges: number;
  conflicts: number;
  /** From here on each of them breaks a promise. */
  stuck: string[];
  lost: string[];
  acceptedTwice: string[];
  illegalCommits: string[];
  lostNotes: string[];
  orphans: string[];
  leftovers: string[];
  fsck: string[];
  diedByThemselves: string[];
};

/** The promises that were broken. */
export function broken(report: Report): string[] {
  const { stuck, lost, acceptedTwice, illegalCommits, lostNotes, orphans, leftovers, fsck } = report;
  return [
    ...Object.entries({ stuck, lost, acceptedTwice, illegalCommits, lostNotes, orphans, leftovers, fsck }),
    ["diedByThemselves", report.diedByThemselves] as const,
  ].flatMap(([promise, cases]) => cases.map((one) => `${promise}: ${one}`));
}

export type Soaking = {
  kills: number;
  seed: number;
  tell?: (line: string) => void;
  /** Leaves the folder to look into when a promise was broken. */
  keep?: boolean;
};

/** Hours of bad luck in minutes: real nodes on a real hub are killed at random while they work; then it is audited. */
export async function soak({ kills, seed, tell = () => undefined, keep = false }: Soaking): Promise<Report> {
  await using scene = await Scene.open();
  const began = performance.now();
  const person = new Person(scene, new Random(seed + 1));
  const trouble = new Trouble(scene, { kills, seed });
  await person.begin();
  for (const node of scene.nodes) node.start();
  await Promise.all([
    trouble.make(),
    liveOn(person, trouble, { doors: ["command"], random: new Random(seed + 2), tell }),
    liveOn(person, trouble, {
      doors: ["line", "inbox"],
      random: new Random(seed + 3),
      tell: () => undefined,
    }),
  ]);
  const stuck = await calm(person, tell);
  const seconds = Math.round((performance.now() - began) / 1000);
  for (const node of scene.nodes) await node.end();
  const orphans = await orphansOf(scene);
  // The last life of each sweeps away what the ones before it left.
  for (const node of scene.nodes) node.start();
  await swept(scene);
  for (const node of scene.nodes) await node.end();
  tell("auditing");
  const commits = await readHistory(scene);
  const events = await eventsOf(scene);
  const report: Report = {
    seed,
    kills: { ...trouble.kills, commands: person.killedCommands },
    freezes: trouble.freezes,
    cutPushes: scene.proxy.cuts,
    seconds,
    tasks: person.submitted.length,
    ...(await ends(scene, person, commits)),
    cancelled: person.cancelled,
    retried: person.retried,
    ...(await runsIn(scene)),
    claims: commits.reduce((sum, { subject }) => sum + subject.split("claims T-").length - 1, 0),
    lateResults: events.filter((kind) => kind === "result-late").length,
    selfStops: events.filter((kind) => kind === "worker-cut-off").length,
    commits: commits.length,
    merges: commits.filter(({ parents }) => parents.length > 1).length,
    conflicts: person.conflicts,
    stuck,
    illegalCommits: [...breaches(commits), ...(await auditByPawl(scene))],
    orphans,
    leftovers: await leftoversOf(scene),
    fsck: await fsck(scene),
    diedByThemselves: scene.nodes.flatMap(({ ownEnds }) => ownEnds),
  };
  if (keep && broken(report).length > 0) {
    scene.keep = true;
    tell(`Left to look into: ${scene.folder}`);
  }
  return report;
}

/** Waits until nothing is left of former lives, as long as anybody would. */
async function swept(scene: Scene): Promise<void> {
  for (let looks = 0; looks < 60; looks++) {
    if (scene.nodes.every(({ isAtWork }) => isAtWork) && (await leftoversOf(scene)).length === 0) return;
    await sleep(1000);
  }
}

/** The person waits with more when so much is still to be done. */
const backlog = 12;

/** Work goes on being left, taken back and mended as long as there is trouble. */
async function liveOn(
  person: Person,
  trouble: Trouble,
  { doors, random, tell }: { doors: readonly Door[]; random: Random; tell: (line: string) => void },
): Promise<void> {
  for (let n = 1; !trouble.isOver; n++) {
    await person.leaveTask(random.pick(doors));
    if (random.next() < 0.06) await person.cancelOne();
    if (n % 5 === 0) {
      await person.retryWhatNeedsMe();
      tell(`${trouble.count} kills, ${person.submitted.length} tasks`);
    }
    await sleep(random.below(1200));
    while ((await person.openTasks()).length > backlog && !trouble.isOver) await sleep(1000);
  }
}

/** Waits for the end of all tasks. Answers what did not come to one. */
async function calm(person: Person, tell: (line: string) => void): Promise<string[]> {
  let open = await person.openTasks();
  for (let rounds = 0; open.length > 0 && rounds < 180; rounds++) {
    await sleep(1000);
    if (rounds % 10 === 0) tell(`${open.length} open tasks are waited for`);
    await person.retryWhatNeedsMe();
    open = await person.openTasks();
  }
  return open;
}
