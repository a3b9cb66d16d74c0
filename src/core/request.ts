import * as z from "zod";

import { Duration, durationText } from "./duration.ts";
import { TaskId } from "./ids.ts";

/** A word that ends up in paths, tables and commands: executors, categories, capabilities. */
export const Slug = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,63}$/,
    "use lower-case letters, digits, dots and hyphens, at most 64 of them",
  );

const OneLine = z
  .string()
  .trim()
  .min(1, "must not be empty")
  .max(200, "at most 200 characters")
  // eslint-disable-next-line no-control-regex -- control characters are what it refuses
  .regex(/^[^\u0000-\u001f\u007f]*$/, "must be one line without control characters");

const list = <T extends z.ZodType<unknown, string>>(item: T) =>
  z
    .string()
    .transform((text) =>
      text
        .split(",")
        .map((part) => part.trim())
        .filter(Boolean),
    )
    .pipe(z.array(item).max(20, "at most 20"));

const instant = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

export const priorities = ["urgent", "high", "normal", "low"] as const;
export const thinkingLevels = [
  "off",
  "minimal",
  "low",
  "medium",
  "high",
  "xhigh",
  "adaptive",
  "max",
  "ultra",
] as const;

/**
 * What somebody who asks for a task may say about it, as text the way it stands in a file or on a command line.
 * Whatever is left out comes from the configuration.
 */
export const Request = z.strictObject({
  executor: Slug.optional(),
  model: OneLine.optional(),
  thinking: z.enum(thinkingLevels).optional(),
  priority: z.enum(priorities).optional(),
  category: Slug.optional(),
  needs: list(Slug).optional(),
  after: list(TaskId).optional(),
  /** Seconds of wall clock that one attempt may take. */
  timeout: Duration.refine((seconds) => seconds > 0, "must be longer than nothing").optional(),
  /** How many attempts may fail before the failure is the result. */
  attempts: z
    .string()
    .regex(/^([1-9]|1\d|20)$/, "a number from 1 to 20")
    .transform(Number)
    .optional(),
  /** A task that was not started by then is not started any more. A time says its zone: the nodes may have others. */
  expires: z
    .string()
    .refine((text) => instant.test(text) && !Number.isNaN(Date.parse(text)), {
      error: "write a date, or a date with time and zone, such as 2026-11-22 or 2026-11-22T18:00Z",
    })
    .transform((text) => new Date(text).toISOString().replace(/\.000Z$/, "Z"))
    .optional(),
  /** Idempotency: a second request with the same key is answered with the first one's task. */
  key: OneLine.optional(),
  by: OneLine.optional(),
  approval: z.enum(["required", "none"]).optional(),
  created: OneLine.optional(),
  /** The task that handed this one out. Last, because to a version that does not know it the prompt begins here. */
  parent: TaskId.optional(),
});
export type Request = z.infer<typeof Request>;
export type RequestKey = keyof Request;

export const requestKeys = Object.keys(Request.shape) as RequestKey[];

/** The request as `key: value` pairs, in the schema's order; `Request.parse` reads them back. */
export function requestLines(request: Request): [RequestKey, string][] {
  return requestKeys.flatMap((key): [RequestKey, string][] => {
    const value = request[key];
    if (value === undefined) return [];
    if (key === "timeout") return [[key, durationText(Number(value), 4)]];
    return [[key, Array.isArray(value) ? value.join(", ") : String(value)]];
  });
}
