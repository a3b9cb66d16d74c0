import { watch } from "node:fs";
import { access, mkdir, writeFile } from "node:fs/promises";
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

/** @returns whether there was a folder for it */
export async function touchWakeFile(path: string): Promise<boolean> {
  const there = await access(dirname(path)).then(
    () => true,
    () => false,
  );
  if (there) await writeFile(path, "poked\n");
  return there;
}

export async function makeWakeFolder(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
}
