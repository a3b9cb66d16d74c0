import { appendFile, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { parseResult } from "../../src/format/result.ts";
import { pidsWith } from "../support/processes.ts";
import type { Commit } from "./history.ts";
import type { Person } from "./person.ts";
import type { Scene } from "./scene.ts";

/** What became of all that the person left. */
export async function ends(scene: Scene, person: Person, commits: readonly Commit[]) {
  const outcomes: Record<string, number> = {};
  const endsOf = new Map<string, string[]>();
  for (const [id, text] of commits.at(-1)?.results ?? []) {
    const result = parseResult(text);
    if ("problem" in result) continue;
    const label = /label-\w+-\d+/.exec(result.title)?.[0] ?? id;
    endsOf.set(label, [...(endsOf.get(label) ?? []), id]);
    outcomes[result.outcome] = (outcomes[result.outcome] ?? 0) + 1;
  }
  const queue = (await scene.ask("show", "main:worker/QUEUE.md")).split("\n");
  return {
    outcomes,
    lost: person.submitted.filter((label) => !endsOf.has(label)),
    acceptedTwice: Array.from(endsOf).flatMap(([label, ids]) =>
      ids.length > 1 ? `${label}: ${ids.join(", ")}` : [],
    ),
    lostNotes: person.notes.filter((note) => queue.filter((line) => line === note).length !== 1),
  };
}

/** What the tasks wrote down. */
export async function runsIn(scene: Scene): Promise<{ runsStarted: number; runsEnded: number }> {
  await appendFile(scene.diary, "");
  const lines = (await readFile(scene.diary, "utf8")).split("\n");
  const begins = (word: string) => lines.filter((line) => line.startsWith(`${word} `)).length;
  return { runsStarted: begins("start"), runsEnded: begins("end") };
}

/** The kinds of all that the nodes told, in all their lives. */
export async function eventsOf(scene: Scene): Promise<string[]> {
  const texts = await Promise.all(
    (await filesBelow(scene.folder))
      .filter((path) => path.endsWith("/events.ndjson"))
      .map((path) => readFile(path, "utf8")),
  );
  // A node that was killed may have left half a line.
  return texts.flatMap((text) => Array.from(text.matchAll(/"kind":"([\w-]+)"/g), ([, kind = ""]) => kind));
}

/** Processes that nobody is there for. */
export async function orphansOf(scene: Scene): Promise<string[]> {
  const marked = scene.nodes.flatMap((node) => node.pids().map((pid) => `${node.name}: process ${pid}`));
  const person = pidsWith(`HOME=${join(scene.folder, "home")}`).map((pid) => `person: process ${pid}`);
  return [...marked, ...person];
}

/** Workspaces of attempts, and what a killed git leaves. */
export async function leftoversOf(scene: Scene): Promise<string[]> {
  const workers = scene.nodes.filter(({ name }) => name !== "main");
  const left = await Promise.all(workers.map(({ name }) => filesBelow(join(scene.folder, name, "state"))));
  const inCaches = left.flat().filter((path) => /\/work\/T-|\.lock$|\/tmp_|\.keep$/.test(path));
  const inHub = (await filesBelow(scene.hub)).filter((path) => /\.lock$|\/tmp_objdir/.test(path));
  return [...inCaches, ...inHub].map((path) => path.slice(scene.folder.length + 1));
}

/** What Pawl's own audit finds, which goes by other rules than ours. */
export async function auditByPawl(scene: Scene): Promise<string[]> {
  const { code, stdout, stderr } = await scene.pawl("audit", "--json");
  return code === 0 ? [] : [`pawl audit: ${(stdout + stderr).trim()}`];
}

async function filesBelow(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).map((path) => join(folder, path));
}

export async function fsck(scene: Scene): Promise<string[]> {
  const { code, stdout, stderr } = await scene.git(
    scene.folder,
    "--git-dir",
    scene.hub,
    "fsck",
    "--full",
    "--strict",
  );
  // Beats that were followed by others dangle; that is no damage.
  const complaints = `${stdout}${stderr}`
    .split("\n")
    .filter((line) => line !== "" && !/^dangling |^notice: /.test(line));
  return code === 0
    ? complaints.filter((line) => !line.startsWith("Checking"))
    : [`exit ${code}`, ...complaints];
}
