import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { CgroupFolder } from "../../../src/adapters/child-process/cgroup-folder.ts";
import { CgroupTaskProcess } from "../../../src/adapters/child-process/cgroup.ts";
import { canHold, chooseDriver } from "../../../src/adapters/child-process/choose-driver.ts";
import { findProc } from "../../../src/adapters/child-process/proc-table.ts";
import { describeTaskProcess } from "../../contracts/task-process.ts";

const home = CgroupFolder.ofThisProcess();
const isPossible = home !== undefined && (await canHold(home, `test-${process.pid}`));

describe.runIf(isPossible)("where cgroups may be made", { tags: ["slow"] }, () => {
  const make = (owner: string) => new CgroupTaskProcess(owner, { home: home!, leftoverGraceMs: 100 });

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
    expect(home!.children().filter(({ name }) => name.includes(owner))).toEqual([]);
  });

  test("that driver is the chosen one", async () => {
    expect((await chooseDriver("test")).driver).toBe("cgroup");
  });
});

test.runIf(!isPossible)("where no cgroups may be made, the plain driver is the chosen one", async () => {
  expect((await chooseDriver("test")).driver).toBe("plain");
});
