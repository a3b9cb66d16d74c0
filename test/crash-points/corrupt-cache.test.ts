import { readdirSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { mayPass } from "../../src/fault.ts";
import { Random } from "../support/random.ts";
import { Ground } from "./ground.ts";
import { archive, claim, publishResult, submit } from "./operations.ts";

const damages: Record<string, (path: string) => void> = {
  emptied: (path) => truncateSync(path),
  "cut in half": (path) => truncateSync(path, statSync(path).size >> 1),
  garbled: (path) => {
    const file = Buffer.alloc(statSync(path).size, "garbage ");
    rmSync(path);
    writeFileSync(path, file);
  },
  removed: (path) => rmSync(path),
};

describe("a cache with some of its files", { tags: ["slow"] }, () => {
  test.each(Object.keys(damages))("%s keeps nobody from working", { timeout: 120_000 }, async (damage) => {
    await using ground = await Ground.make();
    const node = { name: "ada" };
    const random = new Random(damage.length);
    for (const operation of [submit, claim, publishResult, archive]) {
      // Once well, so that there is a cache; then in the state that a fresh process finds.
      for (const isSound of [true, false]) {
        const job = await operation.prepare(ground, node);
        if (!isSound) {
          for (const path of filesIn(ground.repos.cacheOf(node.name))) {
            if (random.next() < 0.5) damages[damage]?.(path);
          }
        }
        await using life = await job.live();
        for (let round = 0; round < 5 && !(await job.isDone()); round++) {
          await life.once().catch((error: unknown) => {
            if (!mayPass(error)) throw error;
          });
        }
        expect({ name: operation.name, found: await job.complaints() }).toEqual({
          name: operation.name,
          found: [],
        });
        expect(await job.isDone()).toBe(true);
      }
    }
  });
});

function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  // Without its mark the folder is not known to be a cache, and left alone with a word to the person.
  const files = entries.filter((entry) => entry.isFile() && entry.name !== "pawl-cache");
  return files.map(({ parentPath, name }) => join(parentPath, name));
}
