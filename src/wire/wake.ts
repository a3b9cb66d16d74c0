import { join } from "node:path";

import { makeWakeFolder, touchWakeFile, watchWakeFiles } from "../adapters/files/wake.ts";
import { wakeFile } from "../adapters/git/hub.ts";
import { folderOf } from "../config/profile.ts";
import type { Config } from "../config/settle.ts";

/** Calls `wake` when a command on this machine, or the hub if it is on this machine, says that something is new. */
export async function watchWake(config: Config, wake: () => void): Promise<Disposable> {
  const own = join(config.state, "wake");
  await makeWakeFolder(own);
  return watchWakeFiles([own, ...wakeFileOfHub(config)], wake);
}

export async function poke(config: Config): Promise<boolean> {
  const touched = await Promise.all(
    [join(config.state, "wake"), ...wakeFileOfHub(config)].map(touchWakeFile),
  );
  return touched.includes(true);
}

function wakeFileOfHub({ remote }: Config): string[] {
  const hub = folderOf(remote);
  return hub === undefined ? [] : [join(hub, wakeFile)];
}
