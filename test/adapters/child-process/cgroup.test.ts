import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { CgroupFolder } from "../../../src/adapters/child-process/cgroup-folder.ts";
import { CgroupTaskProcess } from "../../../src/adapters/child-process/cgroup.ts";
import { canHold, chooseDriver } from "../../../src/adapters/child-process/choose-driver.ts";
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
    const owner = `test-${process.pid}-lost`;
    const processes = make(owner);
    const lost =
      "(env -i /usr/bin/setsid /bin/sh -c 'trap \"\" TERM; /bin/sleep 1000; exit 0' > /dev/null 2>&1 &); sleep 0.01; exit 0";
    const out: Buffer[] = [];
    const running = processes.start("T-1/1", {
      argv: ["/bin/sh", "-c", lost],
      cwd: "/",
      env: { PATH: process.env["PATH"] ?? "" },
      onStdout: (chunk) => out.push(chunk),
      onStderr: (chunk) => out.push(chunk),
    });
    const folder = home!.children().find(({ name }) => name.includes(owner))?.folder;
    expect(await running.exit).toEqual({ kind: "exited", code: 0 });
    expect(folder?.pids()).toEqual([]);
    expect(
      home!
        .children()
        .map(({ name }) => name)
        .filter((name) => name.includes(owner)),
    ).toEqual([]);
  });

  test("that driver is the chosen one", async () => {
    expect((await chooseDriver("test")).driver).toBe("cgroup");
  });
});

test.runIf(!isPossible)("where no cgroups may be made, the plain driver is the chosen one", async () => {
  expect((await chooseDriver("test")).driver).toBe("plain");
});
