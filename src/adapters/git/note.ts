import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Fault } from "../../fault.ts";
import { addressOf } from "./address.ts";
import type { Author } from "./commit.ts";
import { gitEnvironment, type Env } from "./environment.ts";
import { gitFault } from "./faults.ts";
import { push } from "./push.ts";
import { runGit, type GitExit } from "./run-git.ts";

export type NotePlace = {
  /** An address as git takes it, or a path. */
  remote: string;
  /** No branch: the text is the message of a commit without parents and files, and each one replaces the last. */
  ref: string;
  sshCommand?: string | undefined;
};

/** Resolves when the remote surely has it. Needs no clone of anything, and leaves nothing on this machine. */
export async function writeNote(place: NotePlace, text: string, { name, email }: Author): Promise<void> {
  await withNoRepository(place, async (git, doing) => {
    const tree = await git(["hash-object", "-t", "tree", "-w", "--stdin"], { input: "" });
    const who = {
      GIT_AUTHOR_NAME: name,
      GIT_AUTHOR_EMAIL: email,
      GIT_COMMITTER_NAME: name,
      GIT_COMMITTER_EMAIL: email,
    };
    const commit = (await git(["commit-tree", tree.stdout.trim()], { input: text, env: who })).stdout.trim();
    const verdict = await push([`+${commit}:${place.ref}`], doing, (args) => git(args, { mayFail: true }));
    if (verdict.kind === "accepted") return;
    // The answer may have been lost, and the same words within a second are the same commit.
    const there = await git(["ls-remote", "origin", place.ref]);
    if (there.stdout.startsWith(commit)) return;
    throw verdict.kind === "outdated" ? lost(place) : verdict.fault;
  });
}

/** Undefined when there is none. */
export async function readNote(place: NotePlace): Promise<string | undefined> {
  return withNoRepository(place, async (git) => {
    const listed = await git(["ls-remote", "origin", place.ref]);
    if (listed.stdout.trim() === "") return undefined;
    await git(["fetch", "--quiet", "--depth=1", "--no-tags", "origin", place.ref]);
    return (await git(["log", "-1", "--format=%B", "FETCH_HEAD"])).stdout;
  });
}

const verbs: Readonly<Record<string, "look" | "fetch">> = { "ls-remote": "look", fetch: "fetch" };

type How = { input?: string; env?: Env; mayFail?: boolean };
type Git = (args: string[], how?: How) => Promise<GitExit>;

async function withNoRepository<Answer>(
  { remote, sshCommand }: NotePlace,
  use: (git: Git, doing: { remote: string; cache: string }) => Promise<Answer>,
): Promise<Answer> {
  const folder = await mkdtemp(join(tmpdir(), "pawl-note-"));
  try {
    const env = { ...gitEnvironment({ sshCommand }), GIT_DIR: folder };
    const doing = { remote, cache: folder };
    const git: Git = async (args, { input, env: more, mayFail = false } = {}) => {
      const exit = await runGit(args, {
        env: { ...env, ...more },
        deadlineMs: 60_000,
        ...(input !== undefined && { input: Buffer.from(input) }),
      });
      if (exit.code === 0 || mayFail) return exit;
      throw gitFault({ verb: verbs[args[0] ?? ""] ?? "local", ...doing }, exit);
    };
    await git(["init", "--quiet", "--bare", folder]);
    await git(["config", "remote.origin.url", addressOf(remote)]);
    return await use(git, doing);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function lost({ ref }: NotePlace): Fault {
  return new Fault("BUSY", `Somebody else writes ${ref} at the same time`, {
    hint: "Two machines have the same worker's name: give one of them another.",
  });
}
