import { join } from "node:path";

import type { Config } from "../config/settle.ts";

/** Where a daemon keeps its cache, spool, log and, as a worker, its workspaces. */
export function nodeFolder(config: Config, role: "main" | "worker"): string {
  return join(config.state, `${role}-${role === "main" ? config.name : config.worker.name}`);
}
