import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

const run = promisify(execFile);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pawl-set-up-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("pawl, as it is started from a shell", { tags: ["slow"] }, () => {
  test("prints its version without a configuration", async () => {
    expect(await pawl("--version")).toMatchObject({ code: 0, out: "0.1.0\n" });
  });

  test("sets up a hub and a coordination repository that its own doctor has nothing against", async () => {
    const hub = await pawl("hub", "init", "hub.git");
    expect(hub).toMatchObject({ code: 0, out: `${join(folder, "hub.git")}\n` });
    const init = await pawl("init", "coord", "--remote", "hub.git", "--name", "desk", "--json");
    expect(JSON.parse(init.out)).toMatchObject({
      how: "cloned",
      branch: "main",
      configured: true,
      pushed: true,
    });
    const doctor = await pawl("doctor", "--config", "coord/pawl.config.yaml", "--json");
    expect(JSON.parse(doctor.out)).toMatchObject({ ok: true });
    expect(await git("-C", "hub.git", "ls-tree", "-r", "--name-only", "main")).toContain("worker/QUEUE.md");
  });

  test("leaves what is there as it is when it is run again", async () => {
    await pawl("hub", "init", "hub.git");
    await pawl("init", "coord", "--remote", "hub.git");
    await writeFile(join(folder, "coord", "README.md"), "mine\n");
    await rm(join(folder, "coord", "CURRENT.md"));
    await git("-C", "coord", "rm", "-q", "CURRENT.md");
    await git("-C", "coord", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "without it");
    const again = await pawl("init", "coord", "--json");
    expect(JSON.parse(again.out)).toMatchObject({
      how: "found",
      added: ["CURRENT.md"],
      kept: ["README.md"],
      configured: false,
      pushed: true,
    });
    expect(await readFile(join(folder, "coord", "README.md"), "utf8")).toBe("mine\n");
    expect(await git("-C", "coord", "status", "--porcelain"), "a person's change is not committed").toBe(
      " M README.md\n",
    );
    expect(JSON.parse((await pawl("init", "coord", "--json")).out)).toMatchObject({
      added: [],
      pushed: false,
    });
  });

  test("takes a branch of its own in a repository that has other things in it", async () => {
    await git("init", "-q", "--bare", "-b", "trunk", "hub.git");
    await git("clone", "-q", "hub.git", "code");
    await writeFile(join(folder, "code", "main.c"), "int main;\n");
    await git("-C", "code", "add", ".");
    await git("-C", "code", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "code");
    await git("-C", "code", "push", "-q", "origin", "HEAD");
    await pawl("init", "coord", "--remote", "hub.git", "--branch", "pawl");
    expect(await git("-C", "hub.git", "ls-tree", "--name-only", "pawl")).not.toContain("main.c");
    expect(await git("-C", "hub.git", "ls-tree", "--name-only", "trunk")).toBe("main.c\n");
  });

  test("begins without a remote, and takes one later", async () => {
    const alone = await pawl("init", "coord");
    expect(alone.err).toContain("pawl hub init");
    await pawl("hub", "init", "hub.git");
    const later = await pawl("init", "coord", "--remote", "hub.git", "--json");
    expect(JSON.parse(later.out)).toMatchObject({ how: "found", added: [], pushed: true });
  });

  test("does not settle in a folder that has other things in it", async () => {
    await mkdir(join(folder, "full"));
    await writeFile(join(folder, "full", "a.txt"), "a");
    const { code, err } = await pawl("init", "full");
    expect(code).toBe(1);
    expect(err).toContain("[FILE_IN_THE_WAY]");
  });

  test.each([[["init", "a.txt"]], [["init", "a.txt/coord"]], [["hub", "init", "a.txt"]]])(
    "answers %j with a sentence where a file is in the way",
    async (args) => {
      await writeFile(join(folder, "a.txt"), "a");
      const { code, err } = await pawl(...args);
      expect(code).toBe(1);
      expect(err).toMatch(/a\.txt.* is a file, or lies below one\n.*\[FILE_IN_THE_WAY\]\n$/);
    },
  );

  test("lets the doctor say what is wrong, and exit with 1", async () => {
    await writeFile(join(folder, "pawl.config.yaml"), "remote: nowhere.git\n");
    const { code, out } = await pawl("doctor");
    expect(code).toBe(1);
    expect(out).toMatch(/^✗ remote .*\[REMOTE_NOT_FOUND\]\n +→ /m);
  });

  test("runs many commands at once", async () => {
    await pawl("hub", "init", "hub.git");
    await pawl("init", "coord", "--remote", "hub.git");
    const config = ["--config", "coord/pawl.config.yaml"];
    const ids = await Promise.all(
      Array.from({ length: 6 }, (_, n) => pawl("submit", `number ${n}`, ...config)),
    );
    expect(ids.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 0]);
    const { tasks } = JSON.parse((await pawl("queue", "--json", ...config)).out) as { tasks: object[] };
    expect(tasks).toHaveLength(6);
  });

  test("finds the prompt of an ended task in the ledger's history", async () => {
    await pawl("hub", "init", "hub.git");
    await pawl("init", "coord", "--remote", "hub.git");
    const config = ["--config", "coord/pawl.config.yaml"];
    const id = (await pawl("submit", "## Do\n\nthis and that", "--title", "x", ...config)).out.trim();
    await pawl("cancel", id, ...config);
    await endByHand(id);
    const copy = (await pawl("retry", id, ...config)).out.trim();
    expect(JSON.parse((await pawl("show", copy, "--json", ...config)).out)).toMatchObject({
      prompt: "## Do\n\nthis and that",
      state: "queued",
    });
  });
});

/** What main makes of a cancelled task. */
async function endByHand(id: string): Promise<void> {
  await git("-C", "coord", "pull", "-q");
  const queue = join(folder, "coord", "worker", "QUEUE.md");
  const text = await readFile(queue, "utf8");
  await writeFile(queue, text.replace(new RegExp(`## ${id}[^]*?(?=## Inbox)`), ""));
  const result = join(folder, "coord", "worker", "RESULTS", `${id}.md`);
  const front = [
    `id: ${id}`,
    'title: "x"',
    "outcome: cancelled",
    "attempt: 0",
    'ended: "2026-11-21T10:00:00Z"',
  ];
  await writeFile(result, `---\n${front.join("\n")}\n---\n\n`);
  await git("-C", "coord", "add", ".");
  await git("-C", "coord", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "ended");
  await git("-C", "coord", "push", "-q");
  expect(existsSync(result)).toBe(true);
}

type Said = { code: number; out: string; err: string };

async function pawl(...args: string[]): Promise<Said> {
  const bin = join(import.meta.dirname, "..", "..", "bin", "pawl.ts");
  const env = { PATH: process.env["PATH"], HOME: folder, XDG_STATE_HOME: join(folder, "state") };
  try {
    const { stdout, stderr } = await run(process.execPath, [bin, ...args], {
      cwd: folder,
      env,
      timeout: 50_000,
    });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, err: stderr };
  }
}

async function git(...args: string[]): Promise<string> {
  const { stdout } = await run("git", args, {
    cwd: folder,
    env: { PATH: process.env["PATH"], HOME: folder },
  });
  return stdout;
}
