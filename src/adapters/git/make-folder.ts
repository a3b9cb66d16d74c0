import { mkdir } from "node:fs/promises";

import { Fault } from "../../fault.ts";

/** A folder with all that are above it; a file at its place, or at theirs, is a person's mistake. */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST" && error.code !== "ENOTDIR") throw error;
    throw new Fault("FILE_IN_THE_WAY", `${path} is a file, or lies below one`, {
      hint: "Name a folder that is empty or does not exist yet.",
    });
  });
}
