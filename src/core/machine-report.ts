import * as z from "zod";

import { NodeName } from "./ids.ts";

/**
 * What a machine says of itself, apart from the worker on it, which may be dead. It is no sign of life of that worker: no
 * lease hangs on it. `at` is for people, by the machine's own clock.
 */
export const MachineReport = z.object({
  worker: NodeName,
  at: z.string(),
  host: z.string(),
  version: z.string(),
  /** Of systemd about the worker's unit; nothing where it does not know it. */
  service: z
    .object({ unit: z.string(), active: z.string(), sub: z.string(), result: z.string(), restarts: z.int() })
    .optional(),
  upSeconds: z.number(),
  memoryFreeMb: z.number(),
  swapFreeMb: z.number(),
  /** Where the worker's state is. */
  diskFreeMb: z.number(),
  rebootPending: z.boolean(),
});
export type MachineReport = z.infer<typeof MachineReport>;

/** What there is to see on a machine; who it is and what time it is, others know. */
export type MachineSeen = Omit<MachineReport, "worker" | "at" | "host" | "version">;
