import { MemorySnapshot } from "../../src/adapters/memory/memory-snapshot.ts";
import { waitsForChildren } from "../../src/core/move.ts";
import type { Task } from "../../src/core/task.ts";
import { approvalDigest } from "../../src/format/approval.ts";
import { parseQueue } from "../../src/format/queue.ts";
import type { MainMemory } from "../../src/main/memory.ts";
import type { Proposal, SharedRepo, Snapshot } from "../../src/ports/shared-repo.ts";
import type { Drop } from "../../src/ports/task-inbox.ts";
import type { WorkerMemory } from "../../worker/memory.ts";
import type { Bug } from "./bugs.ts";
import { OtherRepo } from "./other-repo.ts";
import { putAside } from "./section-texts.ts";
import { faultKinds, type FaultKind, type Traits } from "./traits.ts";

const queue = "worker/QUEUE.md";

/**
 * Protocol bugs that the judge has to find. Not among them, because they break no promise: a token or a start that is
 * not written down. A worker that comes back gives up every lease that it has not finished; that is only slower.
 */
export const mutations: Record<string, Bug> = {
  "the remote takes pushes that are based on an old head": { overwrites: true },

  "a push without an answer counts as accepted": {
    repo: (repo) =>
      new OtherRepo(repo, {
        async publish(proposal) {
          const receipt = await repo.publish(proposal);
          if (receipt.kind !== "unknown") return receipt;
          return { kind: "accepted", snapshot: await imagined(proposal) };
        },
      }),
  },

  "a beat counts as arrived once it is sent": {
    traits: overlapping("partition"),
    repo: (repo) =>
      new OtherRepo(repo, {
        async beat(worker, text) {
          void repo.beat(worker, text).catch(() => undefined);
          return "accepted";
        },
      }),
  },

  "what a former life left running is not ended": {
    runner: (runner) => ({
      executors: runner.executors,
      start: (task) => runner.start(task),
      sweep: async () => 0,
    }),
  },

  "leases are given up before what runs under them is ended": {
    runner: (runner, { machine, alive }) => ({
      executors: runner.executors,
      start: (task) => runner.start(task),
      async sweep() {
        machine.timeline.after(8000, () => void (alive && runner.sweep()));
        return 0;
      },
    }),
  },

  "a result is forgotten before it is accepted": {
    spool: (spool) => ({
      read: () => spool.read(),
      write: (value) => spool.write(isWorkers(value) ? { ...value, finished: [] } : value),
    }),
  },

  "a result is published without a look at the lease": {
    repo: (repo) => publishing(repo, ({ files }) => files, acceptLate),
  },

  "what comes too late is not kept": {
    repo: (repo) =>
      publishing(repo, ({ files }) => new Map([...files].filter(([path]) => !path.includes(".late-")))),
  },

  "the answer of one that wants to wait is not kept when it comes too late": {
    traits: (drawn) => ({ ...overlapping("partition")(drawn), parents: 1 }),
    repo: (repo) =>
      publishing(
        repo,
        ({ files }) =>
          new Map(
            [...files].filter(
              ([path, text]) => !path.includes(".late-") || !text?.includes("late: it wanted to go on"),
            ),
          ),
      ),
  },

  "main waits for less than a lease": {
    traits: overlapping("partition"),
    pace: (pace, { machine }) => (machine.role === "main" ? { ...pace, lease: 35 } : pace),
  },

  "a worker that is cut off goes on": {
    traits: overlapping("partition"),
    pace: (pace, { machine }) => (machine.role === "worker" ? { ...pace, renew: 1000 } : pace),
  },

  "an attempt whose lease is gone goes on": {
    traits: overlapping("partition"),
    runner: (runner) => deaf(runner, "lease-lost"),
  },

  "a cancelled attempt goes on": {
    runner: (runner) => deaf(runner, "cancelled"),
  },

  "a worker looks for what is new only once a minute": {
    repo(repo, { machine }) {
      let last: { ms: number; sight: ReturnType<SharedRepo["look"]> } | undefined;
      return new OtherRepo(repo, {
        look() {
          if (machine.role === "main") return repo.look();
          const { nowMs: ms } = machine.timeline;
          if (!last || ms - last.ms > 60_000) last = { ms, sight: repo.look() };
          return last.sight;
        },
      });
    },
  },

  "main watches leases by its wall clock": {
    traits: overlapping("clock-jump"),
    clock: (clock, { machine }) =>
      machine.role === "worker"
        ? clock
        : {
            now: () => clock.now(),
            monotonicMs: () => clock.now().getTime(),
            sleep: (ms, signal) => clock.sleep(ms, signal),
          },
  },

  "a claim keeps the number of the last attempt": {
    repo: (repo) =>
      publishing(
        repo,
        withQueue((text, before) => {
          const old = new Map(
            Array.from(before.matchAll(/^## (\S+)[^]*?^- attempt: (\d+)/gm), ([, id, n]) => [id, n]),
          );
          return text.replace(
            /^(## (\S+)[^]*?^- state: running\n- lease: .*\n- attempt: )(\d+)/gm,
            (all, head, id) => (old.has(id) ? `${head}${old.get(id)}` : all),
          );
        }),
      ),
  },

  "a worker does not look at when a task expires": {
    clock: (clock, { machine }) =>
      machine.role === "main"
        ? clock
        : {
            now: () => new Date(clock.now().getTime() - 3_600_000),
            monotonicMs: () => clock.monotonicMs(),
            sleep: (ms, signal) => clock.sleep(ms, signal),
          },
  },

  "tokens are not new": {
    chance: (chance, { machine }) => (machine.role === "worker" ? () => 0.4 : chance),
  },

  "a rewound history is followed": {
    repo: (repo, { machine }) =>
      new OtherRepo(repo, {
        fetch() {
          machine.disk.seen = undefined;
          return repo.fetch();
        },
      }),
  },

  "cancelled tasks are claimed": {
    repo: (repo, { machine }) =>
      machine.role === "main"
        ? repo
        : seeing(repo, (text) => text.replaceAll("- state: cancelled", "- state: queued")),
  },

  "an approval stands whatever is edited": {
    repo: (repo) => seeing(repo, withApprovalsRenewed),
  },

  "a main that was restarted asks nobody": {
    announce: (announce, { machine, number }) => {
      const beganMs = machine.timeline.nowMs;
      const isEarly = () => number > 1 && machine.timeline.nowMs - beganMs < 3000;
      return (event) => {
        const asks = event.kind === "approval-wanted" || event.kind === "task-needs-human";
        if (!asks || !isEarly()) announce(event);
      };
    },
  },

  "ends are noted before they are told": {
    announce: (announce, life) => (event) => {
      if (life.machine.role !== "main" || event.kind !== "task-ended") return announce(event);
      life.machine.timeline.after(20_000, () => announce(event));
    },
  },

  "that an end was told is not noted": {
    spool: (spool) => ({
      read: () => spool.read(),
      write: (value) =>
        spool.write(isMains(value) ? ({ reported: [] as MainMemory["reported"] } as typeof value) : value),
    }),
  },

  "results leave for an archive that nobody writes": {
    repo: (repo) =>
      publishing(
        repo,
        ({ files }) => new Map([...files].filter(([path]) => !path.startsWith("worker/ARCHIVE/"))),
      ),
  },

  "past attempts are forgotten": {
    repo: (repo) =>
      publishing(
        repo,
        withQueue((text) => text.replaceAll(/^- tried: .*\n/gm, "")),
      ),
  },

  "what people wrote below the machine's lines is tidied up": {
    repo: (repo) =>
      publishing(
        repo,
        withQueue((text) => text.replaceAll(/^And be quick\.\n/gm, "")),
      ),
  },

  "what a task hands out at its end is not written down": {
    traits: handingOut,
    spool: (spool) => ({
      read: () => spool.read(),
      write: (value) =>
        spool.write(
          isWorkers(value)
            ? { ...value, finished: value.finished.map((one) => ({ ...one, drops: undefined })) }
            : value,
        ),
    }),
  },

  "another attempt hands everything out anew": {
    traits: handingOut,
    runner: (runner) => ({
      executors: runner.executors,
      sweep: () => runner.sweep(),
      start(task, children) {
        const run = runner.start(task, children);
        const { inbox } = run;
        if (!inbox) return run;
        return {
          done: run.done.then((end) => ({
            ...end,
            drops: end.drops?.map((one) => renamed(one, task)) ?? [],
          })),
          inbox: {
            isFilling: inbox.isFilling,
            read: () => inbox.read().map((one) => renamed(one, task)),
            answer: (name, answer) => inbox.answer(name, answer),
          },
          progress: () => run.progress(),
          stop: (because) => run.stop(because),
        };
      },
    }),
  },

  "a task that waits is queued at once": {
    traits: handingOut,
    repo: (repo) =>
      publishing(
        repo,
        withQueue((text) =>
          text.replaceAll(
            /^- state: blocked\n((?:- attempt: .*\n)?)- why: waits for .*\n/gm,
            "- state: queued\n$1",
          ),
        ),
      ),
  },

  "nobody begins again what has waited": {
    traits: handingOut,
    repo: (repo, { machine }) =>
      machine.role === "main" ? seeing(repo, (text) => text.replaceAll(/^- children: .*\n/gm, "")) : repo,
  },

  "main takes back what a person has put aside": {
    traits: handingOut,
    repo: (repo, { machine }) =>
      machine.role === "main"
        ? seeing(repo, (text) => text.replaceAll(`- why: ${putAside}`, `- why: ${waitsForChildren}`))
        : repo,
  },

  "a task waits for what it never handed out": {
    traits: handingOut,
    repo: (repo) =>
      publishing(
        repo,
        withQueue((text) => text.replaceAll(/^(- children: T-\d+-)\w{5}$/gm, "$1zzzzz")),
      ),
  },

  "a child is handed out with a consent": {
    traits: handingOut,
    repo: (repo) =>
      publishing(
        repo,
        withQueue((text, before) =>
          before.includes("- parent: ")
            ? text
            : text.replace(
                /^- state: \S+\n(?=(?:- .*\n)*- parent: )/m,
                `$&- approved: aaron 2026-11-21T12:00:00Z ${"0f".repeat(16)}\n`,
              ),
        ),
      ),
  },

  "nothing ends a program that hangs": {
    traits: overlapping("hang"),
    noWatchdog: true,
  },
};

/** Two attempts at once need two workers, attempts that outlast a lease, and one kind of trouble, often. */
function overlapping(trouble: FaultKind) {
  return (drawn: Traits): Traits => {
    const never = Object.fromEntries(faultKinds.map((kind) => [kind, Infinity])) as Traits["every"];
    const pace = { ...drawn.pace, lease: 71, pushesPerMinute: undefined };
    return { ...drawn, pace, workers: 3, long: 1, every: { ...never, [trouble]: 30_000 } };
  };
}

/** Every task hands others out, and many an attempt is made again. */
function handingOut(drawn: Traits): Traits {
  return { ...drawn, parents: 1, every: { ...drawn.every, crash: 40_000, rewind: Infinity } };
}

function renamed(drop: Drop, { attempt }: Task): Drop {
  const { asked } = drop;
  if ("problem" in asked) return drop;
  return {
    ...drop,
    asked: { ...asked, request: { ...asked.request, key: `${drop.name} of attempt ${attempt}` } },
  };
}

function isWorkers(value: unknown): value is WorkerMemory {
  return typeof value === "object" && value !== null && "finished" in value;
}

function isMains(value: unknown): value is MainMemory {
  return typeof value === "object" && value !== null && "reported" in value;
}

function deaf(
  runner: Parameters<NonNullable<Bug["runner"]>>[0],
  to: string,
): ReturnType<NonNullable<Bug["runner"]>> {
  return {
    executors: runner.executors,
    sweep: () => runner.sweep(),
    start(task) {
      const run = runner.start(task);
      return {
        done: run.done,
        progress: () => run.progress(),
        stop: (because) => (because === to ? undefined : run.stop(because)),
      };
    },
  };
}

type Files = Proposal["files"];

/** Publishes something else than what was decided. */
function publishing(
  repo: SharedRepo,
  change: (proposal: Proposal, before: string) => Files,
  also: (files: Files, before: string) => Files = (files) => files,
): SharedRepo {
  return new OtherRepo(repo, {
    async publish(proposal) {
      const before = (await proposal.parent.read(queue)) ?? "";
      return repo.publish({ ...proposal, files: also(change(proposal, before), before) });
    },
  });
}

function withQueue(edit: (text: string, before: string) => string) {
  return ({ files }: Proposal, before: string): Files => {
    const text = files.get(queue);
    return typeof text === "string" ? new Map(files).set(queue, edit(text, before)) : files;
  };
}

function acceptLate(files: Files, before: string): Files {
  const all = new Map(files);
  for (const [path, text] of files) {
    const id = /RESULTS\/(\S+)\.late-\d+\.md$/.exec(path)?.[1];
    if (id === undefined) continue;
    const now = all.get(queue) ?? before;
    all.delete(path);
    all.set(`worker/RESULTS/${id}.md`, text);
    all.set(queue, now.replace(new RegExp(`^## ${id} [^]*?(?=^## )`, "m"), ""));
  }
  return all;
}

function withApprovalsRenewed(text: string): string {
  let renewed = text;
  for (const { task } of parseQueue(text).tasks) {
    if (task.approved) renewed = renewed.replace(task.approved.digest, approvalDigest(task));
  }
  return renewed;
}

/** Shows another queue than there is. */
function seeing(repo: SharedRepo, edit: (text: string) => string): SharedRepo {
  const shown = (real: Snapshot): Snapshot => ({
    commit: real.commit,
    async read(path) {
      const text = await real.read(path);
      return path === queue && text !== undefined ? edit(text) : text;
    },
    list: (folder) => real.list(folder),
    differs: (other) => real.differs(other),
  });
  return new OtherRepo(repo, {
    fetch: async () => shown(await repo.fetch()),
    async publish(proposal) {
      const receipt = await repo.publish(proposal);
      return receipt.kind === "accepted" ? { ...receipt, snapshot: shown(receipt.snapshot) } : receipt;
    },
  });
}

/** What the head would be if the push had landed. */
async function imagined({ parent, files }: Proposal): Promise<Snapshot> {
  const texts = new Map<string, string>();
  for (const path of [queue, "CURRENT.md", "worker/HEARTBEAT.md"]) {
    const text = await parent.read(path);
    if (text !== undefined) texts.set(path, text);
  }
  for (const [path, text] of files) if (text !== null) texts.set(path, text);
  return new MemorySnapshot({ commit: parent.commit, files: texts });
}
