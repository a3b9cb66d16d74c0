import * as z from "zod";

import { TaskId } from "./ids.ts";

/** What an event is about decides where it goes. Set by the code that tells it, never by words in an agent's text. */
export const categories = [
  "action.approve",
  "action.choose",
  "action.input",
  "incident",
  "outage",
  "security",
  "budget",
  "briefing.morning",
  "briefing.weekly",
  "result.subagent",
  "result.cron",
  "heartbeat.ok",
  "heartbeat.alert",
  "memory.update",
  "system.lifecycle",
  "system.delivery",
  "chat",
] as const;

/** One of ours, or `x.<name>` for whatever else somebody wants to tell. An unknown one is taken, and flagged. */
export const Category = z
  .string()
  .regex(/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*$/, "use words of lower-case letters, joined by dots")
  .max(64);

export const severities = ["info", "notice", "warning", "critical"] as const;
export type Severity = (typeof severities)[number];

export const statuses = ["once", "firing", "update", "resolved"] as const;
export type Status = (typeof statuses)[number];

/** `ev_` and a ULID, or `ev_` and a digest where the same fact must get the same id twice. */
export const EventId = z
  .string()
  .regex(/^ev_[0-9A-Z]{26}$/, "an event id looks like ev_01KA9Z8Q5Y0V2T6W3R4X7B8N9C")
  .brand<"EventId">();
export type EventId = z.infer<typeof EventId>;

/** `ac_` and 22 characters: it fits into a button of 64 bytes along with a signature. */
export const ActionId = z
  .string()
  .regex(/^ac_[0-9A-Z]{22}$/, "an action id looks like ac_01KA9Z8Q5Y0V2T6W3R4X7B")
  .brand<"ActionId">();
export type ActionId = z.infer<typeof ActionId>;

const Line = (most: number) =>
  z
    .string()
    .trim()
    .min(1, "must not be empty")
    .max(most, `at most ${most} characters`)
    // eslint-disable-next-line no-control-regex -- control characters are what it refuses
    .regex(/^[^\u0000-\u001f\u007f]*$/, "must be one line without control characters");

const Instant = z.iso.datetime({ offset: true });

/** Two letters or digits: what a button says when it is pressed. */
export const Verb = z.string().regex(/^[a-z0-9]{2}$/, "a verb is two lower-case letters or digits");

/** A decision asked of a person. `payloadHash` is of exactly what is to be done; the answer repeats it. */
export const Action = z.strictObject({
  id: ActionId,
  kind: z.enum(["approve", "choose", "input", "ack"]),
  options: z
    .array(
      z.strictObject({
        verb: Verb,
        label: Line(40),
        style: z.enum(["success", "danger", "primary"]).optional(),
      }),
    )
    .max(8)
    .default([]),
  /** Nobody answering by then means `expired`; silence never approves. */
  deadline: Instant.optional(),
  /** `high` asks once more before it counts. */
  risk: z.enum(["low", "high"]).default("low"),
  payloadHash: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  /** What the answer is for: main carries it out on the ledger. Without one, whoever asked reads the answer. */
  target: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("approve-task"), task: TaskId, digest: z.string() }),
      z.strictObject({ kind: z.literal("failed-task"), task: TaskId }),
    ])
    .optional(),
});
export type Action = z.infer<typeof Action>;

/** An event on its way to people: what every producer hands in and every rule looks at. */
export const Envelope = z.strictObject({
  v: z.literal(1),
  id: EventId,
  at: Instant,
  /** `worker:<name>`, `cron:<job>`, `monitor:<name>`, `main`, `cli`, `agent` … */
  source: z.string().regex(/^[a-z]+(:[\w.-]{1,80})?$/, "such as cli, main, cron:backup or worker:w1"),
  category: Category,
  severity: z.enum(severities).default("info"),
  status: z.enum(statuses).default("once"),
  /** The thing it is about, stable over its life: `task:T-…`, `worker:w1`, `service:gmail`. */
  subject: z.string().regex(/^\S{1,120}$/, "one word such as task:T-20261121-7k3qx or service:gmail"),
  /** Grows when the same fact is told again, better. */
  revision: z.int().min(1).default(1),
  title: Line(200),
  summary: z.string().max(1000).default(""),
  /** Markdown of an agent or a person: never trusted. */
  body: z.string().max(200_000).optional(),
  action: Action.optional(),
  /** Short names and values shown beside it and matched by rules: task, worker, duration, cost, job, needs. */
  labels: z.record(z.string().regex(/^[a-z][a-z0-9-]{0,30}$/), z.string().max(200)).default({}),
  links: z
    .array(z.strictObject({ text: Line(80), url: z.url({ protocol: /^https?$/ }) }))
    .max(5)
    .default([]),
  /** After this it is not posted late, only listed. */
  expires: Instant.optional(),
  /** Says that two events tell the same; derived from category, subject, status and revision if absent. */
  dedup: z.string().min(1).max(200).optional(),
});
export type Envelope = z.infer<typeof Envelope>;
