import { watch } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, basename } from "node:path";

/** Calls `wake` whenever one of the files is written. It may be called too often, and on network disks never. */
export function watchWakeFiles(paths: readonly string[], wake: () => void): Disposable {
  const watchers = paths.flatMap((path) => {
    try {
      // The folder, since the file may not be there yet.
      const watcher = watch(dirname(path), { persistent: false }, (_, name) => {
        if (name === null || name === basename(path)) wake();
      });
      // It only saves waiting for the next poll.
      return watcher.on("error", () => watcher.close());
    } catch {
      return [];
    }
  });
  return {
    [Symbol.dispose]() {
      for (const watcher of watchers) watcher.close();
    },
  };
}

/**
 * Without it the nodes look at their next poll, so a full disk or another user's file is no reason to fail.
 *
 * @returns whether it was written; where no node has run, there is no folder for it
 */
export async function touchWakeFile(path: string): Promise<boolean> {
  return writeFile(path, "poked\n").then(
    () => true,
    () => false,
  );
}

export async function makeWakeFolder(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
}
