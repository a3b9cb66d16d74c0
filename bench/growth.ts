import { anId, aTask } from "../test/support/tasks.ts";
import { queueText } from "../test/support/ledgers.ts";
import { Repos } from "../test/support/repos.ts";
import { both, median, ratio, round } from "./support/figures.ts";
import type { FloorRound } from "./support/floor-pair.ts";
import { writePast } from "./support/past.ts";
import type { Report, Row } from "./support/report.ts";
import { Stage, type Round } from "./support/rounds.ts";

type Course = { count: number; stage: Stage; rounds: Round[]; floors: FloorRound[]; openMs: number };

/** What one claim and result take on top of a long past, and with a long queue. */
export async function growth(
  past: readonly number[],
  open: readonly number[],
  rounds: number,
): Promise<Report> {
  const finished = await raced(past, rounds, async (count) => {
    const repos = await Repos.make({});
    await writePast(repos.hub, count);
    repos.git(["gc", "--quiet"]);
    return repos;
  });
  const waiting = await raced(open, rounds, async (count) =>
    // They need what no worker has, so that they stay where they are.
    Repos.make({ "worker/QUEUE.md": queueText(tasksForNobody(count)) }),
  );
  return {
    bench: "growth",
    tables: [
      {
        title: `Finished tasks in history; ms, median (minimum) of ${rounds}`,
        rows: finished.map(rowBeside(finished)),
      },
      {
        title: `Open tasks in QUEUE.md; ms, median (minimum) of ${rounds}`,
        rows: waiting.map(rowBeside(waiting)),
      },
    ],
    notes: [
      ...slope(waiting),
      "cycle: from the accepted submission to the accepted result of a no-op task, over a file path; all sizes in turn",
      "floor: git alone on a copy of the same hub; it writes a small QUEUE.md whatever the size is",
      "the past is written commit by commit in the real formats: 300 tasks a day, results of 1 KB, the newest 150 to 200 of them in RESULTS/",
    ],
  };
}

async function raced(
  counts: readonly number[],
  rounds: number,
  make: (count: number) => Promise<Repos>,
): Promise<Course[]> {
  const courses: Course[] = [];
  try {
    for (const count of counts) {
      const repos = await make(count);
      const startMs = performance.now();
      const stage = await Stage.open(repos, { name: "file", to: (hub) => ({ remote: hub }) });
      courses.push({ count, stage, rounds: [], floors: [], openMs: performance.now() - startMs });
    }
    for (let n = 0; n <= rounds; n++) {
      for (const course of courses) {
        const floor = await course.stage.floor.round();
        const done = await course.stage.round();
        if (n === 0) continue;
        course.floors.push(floor);
        course.rounds.push(done);
      }
    }
    return courses;
  } finally {
    for (const { stage } of courses) await stage[Symbol.asyncDispose]();
  }
}

function rowBeside(all: readonly Course[]): (course: Course) => Row {
  const first = all[0]?.rounds.map(({ result }) => result) ?? [];
  return ({ count, rounds, floors }) => {
    const cycles = rounds.map(({ result }) => result);
    const floor = floors.map((one) => one.cycle);
    return {
      tasks: count,
      cycle: both(cycles),
      [`x ${all[0]?.count}`]: ratio(cycles, first),
      "submit to claimed": both(rounds.map(({ claimed }) => claimed)),
      floor: both(floor),
      "x floor": ratio(cycles, floor),
    };
  };
}

function slope(courses: readonly Course[]): string[] {
  const [first, last] = [courses[0], courses.at(-1)];
  if (!first || !last || last.count === first.count) return [];
  const ms = (course: Course) => median(course.rounds.map(({ result }) => result));
  const each = (ms(last) - ms(first)) / (last.count - first.count);
  return [`slope: ${round(each * 1000, 2)} ms for each 1,000 open tasks`];
}

function tasksForNobody(count: number) {
  return Array.from({ length: count }, (_, n) =>
    aTask({ id: anId(n), request: { needs: ["nothing-we-have"] } }),
  );
}
