import type { Event } from "../core/event.ts";
import type { TaskId } from "../core/ids.ts";
import type { Request } from "../core/request.ts";
import { stamp } from "../core/stamp.ts";
import type { OpenState } from "../core/task.ts";
import { isInboxFile, readInboxFile } from "../format/inbox.ts";
import { firstWords } from "../format/queue.ts";
import { noChange, type Change } from "../ledger/change.ts";
import { paths } from "../ledger/paths.ts";
import { withOutcomes, type Ledger } from "../ledger/view.ts";
import { firstState } from "../ledger/after.ts";
import { freeId } from "../ledger/free-id.ts";
import { withKey } from "../ledger/with-key.ts";

export type Origin = (Event & { kind: "task-adopted" })["from"];

export type Adoption = {
  change: Change;
  /** `twin`: an earlier task has its key and is the answer, so this one is cancelled. */
  adopted: { task: TaskId; title: string; from: Origin; twin?: TaskId }[];
  /** INBOX files that make no task. */
  bad: { name: string; reason: string }[];
};

export type Newborn = { today: Date; chance: () => number; defaults: Request };

/** Makes tasks of what people left: sections without an id, bare lines in the Inbox, files in INBOX/. */
export async function adopt(ledger: Ledger, newborn: Newborn): Promise<Adoption> {
  const change = noChange();
  const adopted: Adoption["adopted"] = [];
  const bad: Adoption["bad"] = [];
  const taken = new Set<TaskId>();
  const keys = new Map<string, TaskId>();
  const defaults = { ...newborn.defaults, created: stamp(newborn.today) };
  const fresh = async () => {
    const id = await freeId(ledger, newborn, taken);
    taken.add(id);
    return id;
  };
  /** A later request with a key becomes a task too, for nothing is lost that way, but one that is over. */
  const begin = async (id: TaskId, request: Request): Promise<{ state: OpenState; twin?: TaskId }> => {
    const { key } = request;
    const twin = key === undefined ? undefined : (keys.get(key) ?? (await withKey(ledger, key, id))?.id);
    if (key !== undefined && twin === undefined) keys.set(key, id);
    if (twin !== undefined) return { state: { kind: "cancelled" }, twin };
    return { state: firstState(request, await withOutcomes(ledger, request.after ?? [])) };
  };
  const note = (task: TaskId, title: string, from: Origin, twin?: TaskId) => {
    adopted.push({ task, title, from, ...(twin === undefined ? {} : { twin }) });
    change.deeds.push(`makes ${task}${twin === undefined ? "" : `, cancelled: ${twin} has its key`}`);
  };

  for (const section of ledger.queue.unnamed) {
    const id = await fresh();
    const request = { ...defaults, ...section.request };
    const { state, twin } = await begin(id, request);
    change.edits.push({ kind: "name", section, id, state, request });
    note(id, section.title, "section", twin);
  }
  for (const item of ledger.queue.inbox?.items ?? []) {
    const id = await fresh();
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
    const id = await fresh();
    const request = { ...defaults, ...read.request };
    const { state, twin } = await begin(id, request);
    change.edits.push({ kind: "add", task: { id, title: read.title, prompt: read.prompt, request, state } });
    change.files.set(`${paths.inbox}/${name}`, null);
    note(id, read.title, "inbox", twin);
  }
  return { change, adopted, bad };
}
