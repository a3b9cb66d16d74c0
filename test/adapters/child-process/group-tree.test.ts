import { spawn } from "node:child_process";
import { once } from "node:events";

import { expect, test } from "vitest";

import { GroupTree } from "../../../src/adapters/child-process/group-tree.ts";

test("a process group is signalled as a whole, and known to be gone", { tags: ["slow"] }, async () => {
  const leader = spawn("/bin/sh", ["-c", "sleep 1000 & echo up; wait"], { detached: true });
  await once(leader.stdout, "data");
  const tree = new GroupTree(leader.pid!);
  expect(tree.count()).toBe(1);
  expect(tree.signal("SIGKILL")).toBe(1);
  await once(leader, "close");
  while (tree.count() > 0) await new Promise(setImmediate);
  expect(tree.signal("SIGTERM")).toBe(0);
});
