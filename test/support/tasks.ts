import { NodeName, TaskId, Token } from "../../src/core/ids.ts";
import type { PastAttempt, Task } from "../../src/core/task.ts";

export const ada = NodeName.parse("ada");
export const bob = NodeName.parse("bob");

export const adasToken = Token.parse("aaaaaaaaaaaaaaaa");
export const bobsToken = Token.parse("bbbbbbbbbbbbbbbb");

/** The n-th task id of a made-up day. */
export function anId(n = 1): TaskId {
  return TaskId.parse(`T-20261121-${n.toString(36).padStart(5, "0")}`);
}

/** A queued task; say only what matters. */
export function aTask(about: Partial<Task> = {}): Task {
  return {
    id: anId(),
    title: "Rebuild the nightly report",
    prompt: "Do it.",
    request: {},
    attempt: 0,
    tried: [],
    state: { kind: "queued" },
    ...about,
  };
}

/** A task that ada runs. */
export function adasTask(about: Partial<Task> = {}): Task {
  return aTask({ attempt: 1, state: { kind: "running", by: ada, token: adasToken }, ...about });
}

export function aPastAttempt(about: Partial<PastAttempt> = {}): PastAttempt {
  return { attempt: 1, by: ada, end: "lost", ended: "2026-11-21T10:00:00Z", why: "silent", ...about };
}
