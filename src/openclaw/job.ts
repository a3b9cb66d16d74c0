import * as z from "zod";

const Payload = z.object({
  kind: z.string(),
  /** Of an agent's turn. */
  message: z.string().optional(),
  model: z.string().optional(),
  thinking: z.string().optional(),
  timeoutSeconds: z.number().optional(),
  /** Of a system event. */
  text: z.string().optional(),
});

const When = z.object({
  kind: z.string(),
  expr: z.string().optional(),
  tz: z.string().optional(),
  everyMs: z.number().optional(),
  command: z.array(z.string()).optional(),
  match: z.string().optional(),
});

/** An automation of OpenClaw, as far as we read it: what a newer version adds is passed over. */
export const Job = z.object({
  id: z.string(),
  name: z.string().default(""),
  declarationKey: z.string().optional(),
  enabled: z.boolean().default(true),
  schedule: When,
  sessionTarget: z.string().default("main"),
  wakeMode: z.string().optional(),
  payload: Payload,
  trigger: z.unknown().optional(),
  delivery: z.object({ mode: z.string().optional(), channel: z.string().optional() }).optional(),
  state: z.object({ lastDurationMs: z.number().optional() }).optional(),
});
export type Job = z.infer<typeof Job>;

export const JobList = z.object({ jobs: z.array(Job) });
