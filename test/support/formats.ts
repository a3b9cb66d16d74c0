import type { CurrentView } from "../../src/format/current.ts";

export const nothingGoingOn: CurrentView = {
  needsPerson: [],
  running: [],
  queued: [],
  blocked: [],
  workers: [],
  badSections: [],
  badInbox: [],
  recent: [],
};

/** What was read, when it could be read. */
export function must<Read extends object>(read: Read | { problem: string }): Read {
  if ("problem" in read) throw new Error(String(read.problem));
  return read as Read;
}
