import type { Event } from "../core/event.ts";
import { newTaskId, type TaskId } from "../core/ids.ts";
import type { Request } from "../core/request.ts";
import { stamp } from "../core/stamp.ts";
import { isInboxFile, readInboxFile } from "../format/inbox.ts";
import { firstWords } from "../format/queue.ts";
import { noChange, type Change } from "../ledger/change.ts";
import { paths } from "../ledger/paths.ts";
import { withOutcomes, type Ledger } from "../ledger/view.ts";
import { firstState } from "./after.ts";

export type Origin = (Event & { kind: "task-adopted" })["from"];

export type Adoption = {
  change: Change;
  adopted: { task: TaskId; title: string; from: Origin }[];
  /** INBOX files that make no task. */
  bad: { name: string; reason: string }[];
};

export type Newborn = { today: Date; chance: () => number; defaults: Request };

/** Makes tasks of what people left: sections without an id, bare lines in the Inbox, files in INBOX/. */
export async function adopt(ledger: Ledger, newborn: Newborn): Promise<Adoption> {
  const change = noChange();
  const adopted: Adoption["adopted"] = [];
  const bad: Adoption["bad"] = [];
  const taken = new Set<TaskId>([...ledger.tasks.map(({ id }) => id), ...ledger.results]);
  const defaults = { ...newborn.defaults, created: stamp(newborn.today) };
  const note = (task: TaskId, title: string, from: Origin) => {
    adopted.push({ task, title, from });
    change.deeds.push(`makes ${task}`);
  };

  for (const section of ledger.queue.unnamed) {
    const id = freshId(taken, newborn);
    const request = { ...defaults, ...section.request };
    const state = firstState(request, await withOutcomes(ledger, request.after ?? []));
    change.edits.push({ kind: "name", section, id, state, request });
    note(id, section.title, "section");
  }
  for (const item of ledger.queue.inbox?.items ?? []) {
    const id = freshId(taken, newborn);
    const title = firstWords(item.text);
    const state = firstState(defaults, ledger);
    change.edits.push({ kind: "take", item });
    change.edits.push({
      kind: "add",
      task: { id, title, prompt: item.text, request: defaults, state },
    });
    note(id, title, "bare-line");
  }
  for (const name of (await ledger.snapshot.list(paths.inbox)).filter(isInboxFile)) {
    const text = await ledger.snapshot.read(`${paths.inbox}/${name}`);
    if (text === undefined) continue;
    const read = readInboxFile(name, text);
    if ("problem" in read) {
      bad.push({ name, reason: read.problem });
      continue;
    }
    const id = freshId(taken, newborn);
    const request = { ...defaults, ...read.request };
    const state = firstState(request, await withOutcomes(ledger, request.after ?? []));
    change.edits.push({ kind: "add", task: { id, title: read.title, prompt: read.prompt, request, state } });
    change.files.set(`${paths.inbox}/${name}`, null);
    note(id, read.title, "inbox");
  }
  return { change, adopted, bad };
}

function freshId(taken: Set<TaskId>, { today, chance }: Newborn): TaskId {
  for (;;) {
    const id = newTaskId(today, chance);
    if (taken.has(id)) continue;
    taken.add(id);
    return id;
  }
}
