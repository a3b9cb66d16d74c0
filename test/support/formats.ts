import type { Result } from "../../src/core/outcome.ts";
import type { CurrentView } from "../../src/format/current.ts";
import { ada, adasToken, anId } from "./tasks.ts";

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

/** What ada made of a task; say only what matters. */
export function aResult(about: Partial<Result> = {}): Result {
  return {
    id: anId(),
    title: "Rebuild the nightly report",
    outcome: "succeeded",
    why: undefined,
    lease: { by: ada, token: adasToken },
    attempt: 1,
    started: "2026-11-21T10:00:00Z",
    ended: "2026-11-21T10:30:00Z",
    request: {},
    tried: [],
    facts: {},
    text: "It is rebuilt.",
    ...about,
  };
}

/** What was read, when it could be read. */
export function must<Read extends object>(read: Read | { problem: string }): Read {
  if ("problem" in read) throw new Error(String(read.problem));
  return read as Read;
}
