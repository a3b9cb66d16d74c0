import { archivedIds, findArchived } from "../../src/format/archive.ts";
import { parseQueue } from "../../src/format/queue.ts";
import { parseResult } from "../../src/format/result.ts";
import { taskOfResult } from "../../src/ledger/paths.ts";
import type { Result } from "../../src/core/outcome.ts";
import type { Task } from "../../src/core/task.ts";
import type { Scene } from "./scene.ts";

export type Commit = {
  oid: string;
  parents: string[];
  author: string;
  subject: string;
  /** Open tasks; one whose section cannot be read is not in it. */
  tasks: Map<string, Task>;
  /** Accepted results by task, wherever they are kept. */
  results: Map<string, string>;
};

/** The ledger's whole history, read with plain git and without any of Pawl's own ways to read one. Oldest first. */
export async function readHistory(scene: Scene): Promise<Commit[]> {
  const log = await scene.ask("log", "--reverse", "--topo-order", "--format=%H%x09%P%x09%an%x09%s", "main");
  const blobs = new Blobs(scene);
  const commits: Commit[] = [];
  for (const line of log.trim().split("\n")) {
    const [oid = "", parents = "", author = "", ...subject] = line.split("\t");
    const tree = await scene.ask("ls-tree", "-r", oid, "worker/");
    const tasks = new Map<string, Task>();
    const results = new Map<string, string>();
    for (const entry of tree.trim().split("\n")) {
      const [, blob = "", path = ""] = /^\S+ blob (\S+)\t(.*)$/.exec(entry) ?? [];
      const name = /^worker\/RESULTS\/(.*)$/.exec(path)?.[1];
      const id = name === undefined ? undefined : taskOfResult(name);
      if (id !== undefined) results.set(id, await blobs.read(blob, (text) => text));
      if (path === "worker/QUEUE.md")
        for (const task of await blobs.read(blob, tasksIn)) tasks.set(task.id, task);
      if (!path.startsWith("worker/ARCHIVE/")) continue;
      for (const [archived, text] of await blobs.read(blob, resultsIn)) results.set(archived, text);
    }
    commits.push({
      oid,
      parents: parents.split(" ").filter(Boolean),
      author,
      subject: subject.join(" "),
      tasks,
      results,
    });
  }
  return commits;
}

/** What is wrong between the commits; nodes are held to more than people are. */
export function breaches(commits: readonly Commit[]): string[] {
  const byOid = new Map(commits.map((commit) => [commit.oid, commit]));
  const accepted = new Map<string, string>();
  const found: string[] = [];
  for (const commit of commits) {
    const complain = (what: string) => found.push(`${commit.oid.slice(0, 8)} (${commit.subject}): ${what}`);
    for (const [id, text] of commit.results) {
      const before = accepted.get(id);
      if (before !== undefined && before !== text) complain(`${id} has another result than before`);
      accepted.set(id, text);
    }
    for (const oid of commit.parents) {
      const parent = byOid.get(oid);
      if (parent) for (const breach of between(parent, commit)) complain(breach);
    }
  }
  return found;
}

function between(parent: Commit, child: Commit): string[] {
  const found: string[] = [];
  const byNode = child.author !== "Aaron" && child.parents.length === 1;
  for (const id of parent.results.keys())
    if (!child.results.has(id)) found.push(`the result of ${id} is gone`);
  for (const [id, task] of parent.tasks) {
    const now = child.tasks.get(id);
    if (!now && byNode && !child.results.has(id)) found.push(`${id} is gone without a result`);
    if (now && now.attempt < task.attempt) found.push(`the attempt of ${id} fell`);
    if (now && byNode) found.push(...wrongLease(task, now, child.author));
  }
  for (const [id, text] of child.results) {
    if (parent.results.has(id) || !byNode) continue;
    const task = parent.tasks.get(id);
    const result = parseResult(text);
    if ("problem" in result) found.push(`the result of ${id} cannot be read: ${result.problem}`);
    else if (!task) found.push(`the result of ${id} came without a task`);
    else if (result.lease && !isHeld(task, result)) found.push(`the result of ${id} came without the lease`);
  }
  return found;
}

function wrongLease(before: Task, now: Task, author: string): string[] {
  if (now.state.kind !== "running") return [];
  const [from, to] = [before.state, now.state];
  if (from.kind === "running" && from.token === to.token) return [];
  if (from.kind !== "queued") return [`${now.id} was claimed while it was ${from.kind}`];
  if (to.by !== author) return [`${author} claimed ${now.id} for ${to.by}`];
  return now.attempt === before.attempt + 1 ? [] : [`${now.id} was claimed as attempt ${now.attempt}`];
}

/** A task that was taken back while it ran keeps the lease for its worker's last word. */
function isHeld({ state, attempt }: Task, result: Result): boolean {
  const token =
    state.kind === "running"
      ? state.token
      : state.kind === "cancelled" && result.outcome === "cancelled"
        ? state.lease?.token
        : undefined;
  return token !== undefined && token === result.lease?.token && attempt === result.attempt;
}

function tasksIn(queue: string): Task[] {
  return parseQueue(queue).tasks.map(({ task }) => task);
}

function resultsIn(day: string): [string, string][] {
  return archivedIds(day).map((id) => [id, findArchived(day, id) ?? ""]);
}

/** Each file is read once, however many commits have it. */
class Blobs {
  readonly #scene: Scene;
  readonly #known = new Map<string, Promise<unknown>>();

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** @param parse the same for each file, whenever it is read */
  read<Parsed>(oid: string, parse: (text: string) => Parsed): Promise<Parsed> {
    const parsed = (this.#known.get(oid) as Promise<Parsed> | undefined) ?? this.#read(oid).then(parse);
    this.#known.set(oid, parsed);
    return parsed;
  }

  #read(oid: string): Promise<string> {
    return this.#scene.ask("cat-file", "blob", oid);
  }
}
