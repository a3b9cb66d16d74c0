import { isAbsolute, join } from "node:path";

import type { Reach } from "../src/ports/task-process.ts";
import type { ExecutorSettings } from "./settings.ts";
import type { Workspace } from "./workspace.ts";

/**
 * What a task of this executor has to see of the worker's files. Only the configuration has a say in it: a path that
 * a task names itself opens nothing.
 */
export function reachOf(
  settings: ExecutorSettings,
  {
    workspace,
    folders,
    home,
  }: { workspace: Workspace; folders: readonly string[]; home: string | undefined },
): Reach {
  return {
    home: workspace.home,
    tmp: workspace.tmp,
    writable: [workspace.workspace, workspace.tmp, workspace.progressFile, workspace.inbox, ...folders],
    readOnly: [workspace.promptFile, ...ownFiles(settings, home).filter((file) => isAbsolute(file))],
  };
}

function ownFiles(settings: ExecutorSettings, home: string | undefined): string[] {
  switch (settings.kind) {
    case "command":
      return [];
    case "openclaw": {
      const usual =
        home === undefined ? [] : ["openclaw.json", ".env"].map((name) => join(home, ".openclaw", name));
      return [
        ...(settings.bin === undefined ? [] : [settings.bin]),
        ...(settings.config ? [settings.config] : usual),
      ];
    }
    case "template":
      return settings.argv.flat();
    default:
      return settings satisfies never;
  }
}
