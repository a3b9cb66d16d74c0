import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import type { Exit, Launch, Running, TaskProcess } from "../../src/ports/task-process.ts";

type Driver = {
  make(owner: string): TaskProcess;
  /** A program that starts one attempt: its arguments are the owner and the attempt's argv. */
  supervisor: string;
  /** Whether descendants that leave the process group are found. */
  findsEscaped: boolean;
  /** Whether the kernel ends a program along with the process that started it. */
  diesWithSupervisor?: boolean;
};

export function describeTaskProcess(name: string, driver: Driver): void {
  describe(`${name} as a task process`, { tags: ["slow"] }, () => {
    let folder: string;
    let owner: string;
    let processes: TaskProcess;

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "pawl-process-"));
      owner = `test-${randomBytes(6).toString("hex")}`;
      processes = driver.make(owner);
    });

    afterEach(async () => {
      await processes.sweep();
      rmSync(folder, { recursive: true, force: true });
    });

    test.each([0, 1, 75, 255])("tells exit code %i", async (code) => {
      expect(await run(shell(`exit ${code}`)).exit).toEqual({ kind: "exited", code });
    });

    test("tells the signal that ended the program", async () => {
      expect(await run(shell("kill -USR1 $$")).exit).toEqual({ kind: "signalled", signal: "SIGUSR1" });
    });

    test("says so when there is no such program", async () => {
      expect(await run({ argv: ["/no/such/program"] }).exit).toEqual({
        kind: "not-started",
        why: "/no/such/program is not there",
      });
    });

    test("says so when the program is not executable", async () => {
      const script = join(folder, "script.sh");
      writeFileSync(script, "#!/bin/sh\n");
      chmodSync(script, 0o644);
      expect(await run({ argv: [script] }).exit).toEqual({
        kind: "not-started",
        why: `${script} may not be executed`,
      });
    });

    test("says so when there is no such working directory", async () => {
      const cwd = join(folder, "gone");
      expect(await run({ ...shell("exit 0"), cwd }).exit).toEqual({
        kind: "not-started",
        why: `the working directory ${cwd} cannot be entered`,
      });
    });

    test("says so when the arguments cannot be handed over", async () => {
      expect(await run({ argv: ["/bin/echo", "nul\0byte"] }).exit).toMatchObject({ kind: "not-started" });
      expect(await run({ argv: ["/bin/echo", "x".repeat(3_000_000)] }).exit).toMatchObject({
        kind: "not-started",
      });
    });

    test("lets go of a program that was never started", async () => {
      const running = run({ argv: ["/no/such/program"] });
      await running.stop(1000);
      // Stopped before it was known.
      expect((await running.exit).kind).toBeOneOf(["not-started", "signalled"]);
    });

    test("runs the program in the working directory", async () => {
      expect(await outputOf(shell("pwd -P"))).toBe(`${folder}\n`);
    });

    test("feeds standard input and closes it", async () => {
      expect(await outputOf({ argv: ["/bin/cat"], input: "first\nsecond" })).toBe("first\nsecond");
    });

    test("gives an empty standard input when there is nothing to feed", async () => {
      expect(await outputOf({ argv: ["/bin/cat"] })).toBe("");
    });

    test("does not mind a program that leaves its input unread", async () => {
      expect(await run({ ...shell("exit 3"), input: "x".repeat(1_000_000) }).exit).toEqual({
        kind: "exited",
        code: 3,
      });
    });

    test("hands over a megabyte of output and of errors completely before it settles", async () => {
      const megabyte = "head -c 1048576 /dev/zero | tr '\\0'";
      const running = run(shell(`${megabyte} o & ${megabyte} e >&2 & wait`));
      await running.exit;
      expect(running.stdout()).toBe("o".repeat(1_048_576));
      expect(running.stderr()).toBe("e".repeat(1_048_576));
    });

    test("lets the program open its own output by name", async () => {
      const running = run(
        shell("echo out > /dev/stdout; echo err > /dev/stderr; echo tee | tee -a /dev/stderr"),
      );
      expect(await running.exit).toEqual({ kind: "exited", code: 0 });
      expect(running.stdout()).toBe("out\ntee\n");
      expect(running.stderr()).toBe("err\ntee\n");
    });

    test.skipIf(!driver.findsEscaped)("does not wait for whoever else got hold of the output", async () => {
      const running = run(shell("echo up; exec sleep 1000"));
      await running.prints("\n");
      const grab = 'exec 3>"/proc/$0/fd/1"; echo held; exec sleep 1000';
      const [anyOfThem = ""] = processesWith(`PAWL_ATTEMPT=${owner}/`);
      const stranger = spawn("/bin/sh", ["-c", grab, anyOfThem]);
      await once(stranger.stdout, "data");
      await running.stop(0);
      expect(await running.exit).toMatchObject({ kind: "signalled" });
      stranger.kill("SIGKILL");
    });

    test("gives the environment it was given, the marker, and nothing of our own", async () => {
      const text = await outputOf({ argv: ["/usr/bin/env"], env: { GREETING: "good day", EMPTY: "" } });
      const variables = text.trim().split("\n").toSorted();
      // Where a program is, and no more, it may be told in this way too.
      expect(variables.filter((variable) => variable !== `PWD=${folder}`)).toEqual([
        "EMPTY=",
        "GREETING=good day",
        `PAWL_ATTEMPT=${owner}/T-1/1`,
      ]);
    });

    test("ends a program that obeys by SIGTERM", async () => {
      const running = run(shell("trap 'echo bye; exit 7' TERM; echo up; while :; do sleep 0.02; done"));
      await running.prints("up");
      await running.stop(30_000);
      expect(await running.exit).toEqual({ kind: "exited", code: 7 });
      expect(running.stdout()).toBe("up\nbye\n");
    });

    test("ends a program that ignores SIGTERM by SIGKILL after the grace", async () => {
      const running = run(shell("trap '' TERM; echo up; while :; do sleep 0.02; done"));
      await running.prints("up");
      await running.stop(100);
      expect(await running.exit).toEqual({ kind: "signalled", signal: "SIGKILL" });
    });

    test("loses patience when it is told to stop once more", async () => {
      const running = run(shell("trap '' TERM; echo up; while :; do sleep 0.02; done"));
      await running.prints("up");
      const patient = running.stop(3_600_000);
      await running.stop(0);
      await patient;
      expect(await running.exit).toEqual({ kind: "signalled", signal: "SIGKILL" });
    });

    test("may be told to stop what is over", async () => {
      const running = run(shell("exit 0"));
      await running.exit;
      await running.stop(1000);
      expect(await running.exit).toEqual({ kind: "exited", code: 0 });
    });

    test("knows whether the program has ended", async () => {
      const running = run(shell("echo up; exec sleep 1000"));
      await running.prints("up");
      expect(running.hasEnded()).toBe(false);
      await running.stop(0);
      expect(running.hasEnded()).toBe(true);
    });

    test("sweeps nothing where nothing was left, nor what runs in this life", async () => {
      const running = run(shell("echo up; exec sleep 1000"));
      await running.prints("up");
      expect(await processes.sweep()).toBe(0);
      await running.stop(0);
      expect(await running.exit).toMatchObject({ kind: "signalled" });
    });

    describe.skipIf(!driver.findsEscaped)("when a program's descendants escape", () => {
      test("leaves none of them after a stop", async () => {
        const running = run({ argv: [program("escape-tree.sh"), pidFile(), "stay"] });
        await running.prints("ready");
        await running.stop(100);
        expect(survivors()).toEqual([]);
      });

      test("leaves none of them after the program ended by itself", async () => {
        const running = run({ argv: [program("escape-tree.sh"), pidFile(), "leave"] });
        expect(await running.exit).toEqual({ kind: "exited", code: 0 });
        expect(survivors()).toEqual([]);
      });

      test("leaves none of them when they go on forking", async () => {
        const bomb =
          'f() { while :; do (sleep 0.01; sleep 5) & sleep 0.02; done; }; f & setsid sh -c "$0" & echo up; wait';
        const inner = "trap '' TERM; while :; do sleep 0.01 & sleep 0.02; done";
        const running = run({ argv: ["/bin/sh", "-c", bomb, inner] });
        await running.prints("up");
        await running.stop(100);
        expect(survivors()).toEqual([]);
      });

      test(
        "leaves none of twenty trees in a row that fork while they are ended",
        { timeout: 120_000 },
        async () => {
          for (let round = 0; round < 20; round++) {
            const running = run({ argv: [program("escape-tree.sh"), pidFile(), "fork"] });
            await running.prints("ready");
            await running.stop(20);
            expect(survivors()).toEqual([]);
          }
        },
      );

      test("leaves none of them after several stops at once, of which one was patient", async () => {
        const running = run({ argv: [program("escape-tree.sh"), pidFile(), "stay"] });
        await running.prints("ready");
        await Promise.all([running.stop(60_000), running.stop(50), running.stop(1000)]);
        expect(survivors()).toEqual([]);
      });

      test("is swept by the next life after the supervisor was killed", async () => {
        const supervisor = spawn(
          process.execPath,
          [driver.supervisor, owner, program("escape-tree.sh"), pidFile(), "stay"],
          { stdio: ["ignore", "pipe", "inherit"] },
        );
        await once(supervisor.stdout, "data");
        supervisor.kill("SIGKILL");
        await once(supervisor, "exit");
        while (driver.diesWithSupervisor && survivors().length > 0) await new Promise(setImmediate);
        expect(survivors().length).toBeGreaterThanOrEqual(driver.diesWithSupervisor ? 0 : 3);

        expect(await driver.make(`${owner}-else`).sweep()).toBe(0);
        expect(await driver.make(owner).sweep()).toBeGreaterThanOrEqual(driver.diesWithSupervisor ? 0 : 3);
        expect(survivors()).toEqual([]);
      });
    });

    function run(given: Partial<Launch> & Pick<Launch, "argv">) {
      return running(processes, { cwd: folder, env: { PATH: process.env["PATH"] ?? "" }, ...given });
    }

    async function outputOf(given: Partial<Launch> & Pick<Launch, "argv">): Promise<string> {
      const started = run(given);
      expect(await started.exit).toEqual({ kind: "exited", code: 0 });
      return started.stdout();
    }

    function pidFile(): string {
      const file = join(folder, "pids");
      writeFileSync(file, "");
      return file;
    }

    /** By the marker that all of them have: the pids that they know may be numbers of their own world. */
    function survivors(): string[] {
      return processesWith(`PAWL_ATTEMPT=${owner}/`);
    }
  });
}

type Observed = {
  exit: Promise<Exit>;
  stop: Running["stop"];
  hasEnded(): boolean;
  stdout(): string;
  stderr(): string;
  prints(text: string): Promise<void>;
};

function running(processes: TaskProcess, launch: Omit<Launch, "onStdout" | "onStderr">): Observed {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  let heard = Promise.withResolvers<void>();
  const stdout = () => Buffer.concat(out).toString();
  const started = processes.start("T-1/1", {
    ...launch,
    onStdout(chunk) {
      out.push(chunk);
      heard.resolve();
      heard = Promise.withResolvers();
    },
    onStderr: (chunk) => err.push(chunk),
  });
  return {
    exit: started.exit,
    stop: (graceMs) => started.stop(graceMs),
    hasEnded: () => started.hasEnded,
    stdout,
    stderr: () => Buffer.concat(err).toString(),
    async prints(text) {
      while (!stdout().includes(text)) await heard.promise;
    },
  };
}

function shell(script: string): { argv: [string, ...string[]] } {
  return { argv: ["/bin/sh", "-c", script] };
}

function program(name: string): string {
  return join(import.meta.dirname, "../fixtures/programs", name);
}

function isAlive(pid: number): boolean {
  return /\) [^ZX] /.test(textOf(`/proc/${pid}/stat`));
}

function processesWith(variable: string): string[] {
  return readdirSync("/proc").filter(
    (name) =>
      /^\d+$/.test(name) && textOf(`/proc/${name}/environ`).includes(variable) && isAlive(Number(name)),
  );
}

/** Empty for a process that is gone. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}
