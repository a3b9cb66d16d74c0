import { join } from "node:path";

import { JsonSpool } from "../adapters/files/json-spool.ts";
import type { Pauses, ScheduleMemory } from "../main/clockwork.ts";

/** Where main notes which times it has seen to, and where a person stops a schedule. Two files: each has one writer. */
export function scheduleSpools(nodeFolder: string): {
  memory: JsonSpool<ScheduleMemory>;
  pauses: JsonSpool<Pauses>;
} {
  return {
    memory: new JsonSpool(join(nodeFolder, "schedules.json")),
    pauses: new JsonSpool(join(nodeFolder, "paused-schedules.json")),
  };
}
