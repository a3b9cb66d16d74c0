import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { inflate } from "node:zlib";

/** Removes single objects of which only a part is there; git fetches what it misses. */
export async function removeTornObjects(cache: string): Promise<void> {
  const objects = join(cache, "objects");
  const folders = (await readdir(objects).catch(() => [])).filter((name) => /^[0-9a-f]{2}$/.test(name));
  for (const folder of folders) {
    for (const name of await readdir(join(objects, folder))) {
      const path = join(objects, folder, name);
      if (!(await isWhole(path))) await rm(path, { force: true });
    }
  }
}

async function isWhole(path: string): Promise<boolean> {
  try {
    await promisify(inflate)(await readFile(path));
    return true;
  } catch {
    return false;
  }
}
