import { createHash } from "node:crypto";

import { requestLines, type Request, type RequestKey } from "../core/request.ts";
import type { Approval, Task } from "../core/task.ts";

/** An approval as it stands in a file: whether it still holds is found by comparing. */
export type WrittenApproval = Omit<Approval, "stands">;

/** Whom it is for and when it came changes nothing about what is run. */
const free = ["approval", "priority", "by", "created", "key"];

/** What a task asks for, as far as somebody who approves it has to know. */
export function approvedRequest(request: Request): [RequestKey, string][] {
  return requestLines(request).filter(([key]) => !free.includes(key));
}

/** 128 bits of a hash over everything that decides what will be run. */
export function approvalDigest({
  title,
  prompt,
  request,
}: Pick<Task, "title" | "prompt" | "request">): string {
  return createHash("sha256")
    .update(JSON.stringify([title, prompt, approvedRequest(request)]))
    .digest("hex")
    .slice(0, 32);
}

/** The approval with the answer to whether the task is still what it was. */
export function weighed(
  written: WrittenApproval | undefined,
  task: Pick<Task, "title" | "prompt" | "request">,
): Approval | undefined {
  return written && { ...written, stands: written.digest === approvalDigest(task) };
}

/** `aaron 2026-11-21T12:31:07Z 0f3a…`; undefined for anything else. */
export function readApproval(text: string | undefined): WrittenApproval | undefined {
  const [, by, at, digest] = /^(\S{1,80}) (\S{1,40}) ([0-9a-f]{32})$/.exec(text ?? "") ?? [];
  return by === undefined || at === undefined || digest === undefined ? undefined : { by, at, digest };
}

export function approvalLine({ by, at, digest }: WrittenApproval): string {
  return `- approved: ${by.replace(/\s+/g, "-") || "-"} ${at} ${digest}`;
}
