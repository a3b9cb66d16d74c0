import type { Beat } from "../../src/core/beat.ts";
import { ada } from "./tasks.ts";

/** What an idle worker says of itself. */
export function aBeat(about: Partial<Beat> = {}): Beat {
  return {
    worker: ada,
    count: 1,
    at: "2026-11-21T10:00:00Z",
    version: "0",
    host: "there",
    state: "idle",
    slots: 1,
    executors: [],
    capabilities: [],
    unhealthy: {},
    running: [],
    every: 60,
    ...about,
  };
}
