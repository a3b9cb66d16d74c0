import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect, test } from "vitest";

import { makeKey, startSshd } from "../sshd.ts";
import { needs } from "../require.ts";
import { startGithub } from "./server.ts";

const canRun = needs("sshd", "openssh-server") && needs("ssh-keygen", "openssh-client");

test.skipIf(!canRun)(
  "a GitHub that is played lets git in by the keys that it has, and by read-only ones only to fetch",
  { tags: ["slow"] },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "pawl-github-"));
    await using sshd = await startSshd();
    await using github = await startGithub({ authorizedKeys: join(sshd.folder, "authorized_keys") });
    const repo = github.repo("o", "n");
    const hub = join(folder, "hub.git");
    const work = join(folder, "work");
    execFileSync("git", ["init", "-q", "--bare", hub]);
    execFileSync("git", ["init", "-q", work]);
    execFileSync("git", ["-C", work, ...author, "commit", "-q", "--allow-empty", "-m", "one"]);
    const git = async (key: string, ...args: string[]) => {
      const env = { ...process.env, GIT_SSH_COMMAND: sshd.commandWith({ key }) };
      return promisify(execFile)("git", ["-C", work, ...args], { env });
    };
    const [writer, reader, stranger] = ["writer", "reader", "stranger"].map((name) => {
      const key = join(folder, name);
      makeKey(key);
      return key;
    }) as [string, string, string];
    const remote = sshd.address(hub);
    const title = (key: string) => ({ title: key, key: readFileSync(`${key}.pub`, "utf8") });
    const added = github.addByHand(repo, title(writer));
    github.addByHand(repo, { ...title(reader), isReadOnly: true });

    await git(writer, "push", "-q", remote, "HEAD:refs/heads/main");
    await git(reader, "fetch", "-q", remote, "main");
    await expect(git(reader, "push", "-q", remote, "HEAD:refs/heads/x")).rejects.toThrow(
      /marked as read only/,
    );
    await expect(git(stranger, "fetch", "-q", remote, "main")).rejects.toThrow(/Permission denied/);

    const key = `${github.url}/repos/o/n/keys/${added.id}`;
    await fetch(key, { method: "DELETE", headers: { authorization: `token ${github.token}` } });
    await expect(git(writer, "fetch", "-q", remote, "main")).rejects.toThrow(/Permission denied/);
    rmSync(folder, { recursive: true });
  },
);

const author = ["-c", "user.name=t", "-c", "user.email=t@example.org"];
