import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { needs } from "../support/require.ts";
import { must } from "../support/town.ts";
import { Machine, type Death } from "./real-node.ts";

const step = process.env["PAWL_CRASH_POINTS"] === "all" ? 1 : process.env["CI"] === "true" ? 3 : 9;
const timeout = 900_000;

describe("a node that is killed before or after one of its calls of git", { tags: ["slow"] }, () => {
  test("submits once, when it is told again", { timeout }, async () => {
    await using machine = await Machine.make();
    const submit = (key: string) => machine.pawl("submit", `echo ${key}`, "--key", key);
    await submit("first");
    const deaths = deathsIn(await machine.callsOf(() => submit("second")));
    for (const [n, death] of deaths.tried.entries()) {
      machine.arm(death);
      await submit(`again-${n}`);
      machine.disarm();
      expect(await submit(`again-${n}`)).toMatchObject({ code: 0 });
      const sections = machine.show("worker/QUEUE.md").match(new RegExp(`^## T-\\S+ echo again-${n}$`, "gm"));
      expect({ death, sections: sections?.length }).toEqual({ death, sections: 1 });
    }
    console.info(`submit: ${deaths.tried.length} of ${deaths.all} deaths tried`);
  });

  test("claims, runs and publishes, and ends each task once", { timeout }, async () => {
    await using machine = await Machine.make();
    const work = await worker(machine);
    const deaths = deathsIn(await machine.callsOf(await work.life("first")));
    for (const [n, death] of deaths.tried.entries()) {
      const live = await work.life(`again-${n}`);
      machine.arm(death);
      await live();
      machine.disarm();
      await live();
      expect({ death, complaints: work.complaints(`again-${n}`) }).toEqual({ death, complaints: [] });
    }
    console.info(`worker: ${deaths.tried.length} of ${deaths.all} deaths tried`);
    expect(machine.orphans()).toEqual([]);
  });
});

describe.skipIf(!needs("strace", "strace"))(
  "a worker that is killed while it writes to its spool",
  { tags: ["slow"] },
  () => {
    test("ends each task once", { timeout }, async () => {
      await using machine = await Machine.make();
      const work = await worker(machine);
      // Git does not sync its cache, so none but the node itself is hit; each of its threads counts by itself.
      for (let n = 1; n <= (step === 9 ? 2 : 4); n++) {
        const label = `fsync-${n}`;
        const inject = `inject=fsync:signal=SIGKILL:when=${n}`;
        const live = await work.life(label);
        await live(["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync", "-e", inject]);
        await live();
        expect({ label, complaints: work.complaints(label) }).toEqual({ label, complaints: [] });
      }
      expect(machine.orphans()).toEqual([]);
    });
  },
);

function deathsIn(calls: number): { all: number; tried: Death[] } {
  const all = Array.from({ length: calls }, (_, n) =>
    (["before", "after"] as const).map((when) => ({ call: n + 1, when })),
  ).flat();
  return { all: all.length, tried: all.filter((_, n) => n % step === step >> 1) };
}

/** A worker on a machine, and a task for it under each label. */
async function worker(machine: Machine) {
  const diary = join(machine.notes, "diary");
  appendFileSync(diary, "");
  const ids = new Map<string, string>();
  /** Submits a task. Answers how to live until it has ended. */
  const life = async (label: string) => {
    const { stdout } = must(await machine.pawl("submit", `echo ${label} >> ${diary}; sleep 0.2`));
    ids.set(label, stdout.trim());
    return (before: readonly string[] = []) => machine.daemon("worker", () => isEnded(label), before);
  };
  const isEnded = (label: string) =>
    machine.git("ls-tree", "--name-only", "main", "worker/RESULTS/").includes(`${ids.get(label)}.md`);
  const complaints = (label: string) => {
    const runs = readFileSync(diary, "utf8")
      .split("\n")
      .filter((line) => line === label).length;
    return [
      ...(isEnded(label) ? [] : ["it has no result"]),
      ...(machine.show("worker/QUEUE.md").includes(`${ids.get(label)}`) ? ["it is still in the queue"] : []),
      ...(runs === 1 || runs === 2 ? [] : [`it ran ${runs} times`]),
    ];
  };
  return { life, complaints };
}
