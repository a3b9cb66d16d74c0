import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";

import { DropFolder } from "../adapters/files/drop-folder.ts";
import { JournalFile } from "../adapters/files/journal-file.ts";
import type { Config } from "../config/settle.ts";
import { Fault } from "../fault.ts";
import type { Entry } from "../routing/entry.ts";
import type { RoutingRequest } from "../routing/request.ts";
import { nodeFolder } from "./node-folder.ts";
import { poke } from "./wake.ts";

/** Where main writes down what it knows about routing, and where it finds what is asked of it. */
export function routingFiles(config: Config): { journal: string; requests: string } {
  const folder = nodeFolder(config, "main");
  return { journal: join(folder, "routing.ndjson"), requests: join(folder, "requests") };
}

/** What commands on main's machine see of routing. Only main writes the journal. */
export type RoutingDesk = {
  entries(): Promise<Entry[]>;
  /** Changes whenever the entries do; costs next to nothing. */
  version(): Promise<string>;
  /** Safe on disk when it resolves. A main that runs does it at once, another one when it is started. */
  ask(request: RoutingRequest): Promise<void>;
};

/** @throws MAIN_ELSEWHERE where no main node of this configuration has ever run */
export function routingDesk(config: Config): RoutingDesk {
  const folder = nodeFolder(config, "main");
  if (!existsSync(folder)) {
    throw new Fault("MAIN_ELSEWHERE", `No main node called ${config.name} has run on this machine`, {
      hint: "Run this command where `pawl main` runs, with the same configuration.",
    });
  }
  const { journal, requests } = routingFiles(config);
  const file = new JournalFile<Entry>(journal);
  const box = new DropFolder<RoutingRequest>(requests, () => {
    throw new Error("only main takes requests out");
  });
  return {
    entries: () => file.read(),
    async version() {
      const seen = await stat(journal).catch(() => undefined);
      return seen === undefined ? "" : `${seen.ino} ${seen.size} ${seen.mtimeMs}`;
    },
    async ask(request) {
      await box.drop(request);
      await poke(config);
    },
  };
}
