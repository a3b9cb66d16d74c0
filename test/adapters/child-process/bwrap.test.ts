import { execFile, spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { BwrapTaskProcess } from "../../../src/adapters/child-process/bwrap.ts";
import { CgroupFolder } from "../../../src/adapters/child-process/cgroup-folder.ts";
import { CgroupTaskProcess } from "../../../src/adapters/child-process/cgroup.ts";
import { canHold } from "../../../src/adapters/child-process/choose-driver.ts";
import { PlainTaskProcess } from "../../../src/adapters/child-process/plain.ts";
import { roomAt } from "../../../src/adapters/child-process/room.ts";
import { tryBwrap } from "../../../src/adapters/child-process/try-bwrap.ts";
import { describeTaskProcess } from "../../contracts/task-process.ts";
import { needs } from "../../support/require.ts";

const program = (name: string) => join(import.meta.dirname, "../../fixtures/programs", name);
// The checkout may lie where a task sees nothing, below /tmp or the home.
const checkout = join(import.meta.dirname, "../../..");
const confinement = { home: homedir(), hidden: [], readOnly: [checkout], writable: [] };
const trouble = needs("bwrap", "bubblewrap")
  ? await tryBwrap(new BwrapTaskProcess(new PlainTaskProcess(`test-${process.pid}`), confinement))
  : { why: "" };
if (trouble?.why) console.warn(`skipped: bwrap does not work here: ${trouble.why}`);

describe.runIf(trouble === undefined)("where bwrap works", () => {
  describeTaskProcess("a child in bwrap", {
    make: (owner) => new BwrapTaskProcess(new PlainTaskProcess(owner, { leftoverGraceMs: 100 }), confinement),
    supervisor: program("bwrap-supervisor.mjs"),
    findsEscaped: true,
    diesWithSupervisor: true,
  });

  describe("a task", { tags: ["slow"] }, () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "pawl-bwrap-"));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    const users = [
      { user: "as the user of the tests", uid: undefined },
      { user: "as a user without rights", uid: 65_534 },
    ];

    describe.each(users)("$user", ({ uid }) => {
      const isPossible =
        uid === undefined ||
        (process.getuid?.() === 0 && needs("setpriv", "util-linux") && isReadableBy(uid, checkout));

      test.runIf(isPossible)("can do to its worker what it likes, as a plain child", async () => {
        const worked = await run("plain", "curious-task.sh", uid);
        expect(worked).toEqual(
          expect.arrayContaining(
            "environment credentials ssh-key kill state other-attempt home names-of-others".split(" "),
          ),
        );
        expect(existsSync(join(folder, "people/planted"))).toBe(true);
      });

      test.runIf(isPossible)("can do none of it in bwrap", async () => {
        expect(await run("bwrap", "curious-task.sh", uid)).toEqual([]);
        expect(existsSync(join(folder, "people/planted"))).toBe(false);
      });

      test.runIf(isPossible)("can do its work in bwrap", async () => {
        expect(await run("bwrap", "ordinary-task.sh", uid)).toEqual([
          "good day",
          "with its parts",
          "do this",
          "told progress",
          "wrote a result",
          "has a home",
          "has a place for what is passing",
          "has devices",
          "sees no keyrings",
          "cannot change programs",
          "cannot change its prompt",
        ]);
        const attempt = join(folder, "state/work/T-1/1");
        expect(readFileSync(join(attempt, "progress"), "utf8")).toBe("halfway\n");
        expect(readFileSync(join(attempt, "task/RESULT.md"), "utf8")).toBe("text\n");
        expect(readFileSync(join(attempt, "home/.settings"), "utf8")).toBe("text\n");
        expect(readFileSync(join(attempt, "tmp/file"), "utf8")).toBe("text\n");
      });
    });

    async function run(driver: "plain" | "bwrap", task: string, uid: number | undefined): Promise<string[]> {
      chmodSync(folder, 0o755);
      if (uid !== undefined) chownSync(folder, uid, uid);
      const command = [process.execPath, program("curious-supervisor.mjs"), driver, folder, program(task)];
      const given = `--reuid=${uid} --regid=${uid} --clear-groups`.split(" ");
      const [first = "", ...rest] = uid === undefined ? command : ["setpriv", ...given, ...command];
      const env = { PATH: process.env["PATH"], WORKER_SECRET: "secret" };
      const { stdout, stderr } = await promisify(execFile)(first, rest, { cwd: "/", env });
      expect(stderr).toBe("");
      return stdout.split("\n").filter(Boolean);
    }
  });
});

/** A checkout in a folder of root's own cannot be tried by anybody else. */
function isReadableBy(uid: number, file: string): boolean {
  const user = `--reuid=${uid} --regid=${uid} --clear-groups`.split(" ");
  if (spawnSync("setpriv", [...user, "test", "-r", file]).status === 0) return true;
  console.warn(`skipped: a user without rights cannot read ${file}`);
  return false;
}

const own = CgroupFolder.ofThisProcess();
const room = own && roomAt(own);
const hasBoth = trouble === undefined && room && (await canHold(room, `test-${process.pid}-both`));

describe.runIf(hasBoth)("where cgroups can be made too", () => {
  describeTaskProcess("a child in bwrap in a cgroup", {
    make: (owner) =>
      new BwrapTaskProcess(new CgroupTaskProcess(owner, { room: room!, leftoverGraceMs: 100 }), confinement),
    supervisor: program("bwrap-supervisor.mjs"),
    findsEscaped: true,
    diesWithSupervisor: true,
  });
});
