import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { CgroupFolder } from "../../../src/adapters/child-process/cgroup-folder.ts";
import { CgroupTaskProcess } from "../../../src/adapters/child-process/cgroup.ts";
import { canHold } from "../../../src/adapters/child-process/choose-driver.ts";
import { roomAt } from "../../../src/adapters/child-process/room.ts";
import { findProc } from "../../../src/adapters/child-process/proc-table.ts";
import { describeTaskProcess } from "../../contracts/task-process.ts";

const own = CgroupFolder.ofThisProcess();
const room = own && roomAt(own);
const isPossible = room !== undefined && (await canHold(room, `test-${process.pid}`)) !== false;
if (!isPossible) console.warn("skipped: no cgroup can be made below the one of the tests");

describe.runIf(isPossible)("where cgroups may be made", { tags: ["slow"] }, () => {
  const make = (owner: string) => new CgroupTaskProcess(owner, { room: room!, leftoverGraceMs: 100 });

  describeTaskProcess("a child in a cgroup", {
    make,
    supervisor: join(import.meta.dirname, "../../fixtures/programs/cgroup-supervisor.mjs"),
    findsEscaped: true,
  });

  test("a program is ended that lost its parent, its session and its environment at once", async () => {
    const folder = mkdtempSync(join(tmpdir(), "pawl-cgroup-"));
    const pidFile = join(folder, "pid");
    const daemon = `trap "" TERM; echo $$ > ${pidFile}; while :; do /bin/sleep 1000; done`;
    const running = make(`test-${process.pid}-lost`).start("T-1/1", {
      argv: [
        "/bin/sh",
        "-c",
        `(env -i /usr/bin/setsid /bin/sh -c '${daemon}' &); while [ ! -s ${pidFile} ]; do :; done`,
      ],
      cwd: folder,
      env: { PATH: process.env["PATH"] ?? "" },
      onStdout: () => {},
      onStderr: () => {},
    });
    expect(await running.exit).toEqual({ kind: "exited", code: 0 });
    expect(findProc(Number(readFileSync(pidFile, "utf8")))).toBeUndefined();
    rmSync(folder, { recursive: true });
  });

  test("nothing is left of the cgroup of a program that ended, or was never started", async () => {
    const owner = `test-${process.pid}-tidy`;
    for (const program of ["/bin/true", "/no/such/program"]) {
      const silent = { onStdout: () => {}, onStderr: () => {} };
      await make(owner).start("T-1/1", { argv: [program], cwd: "/", env: {}, ...silent }).exit;
    }
    expect(room!.home.children().filter(({ name }) => name.includes(owner))).toEqual([]);
  });
});
