import { encodeText } from "../../format/bytes.ts";
import type { NodeName } from "../../core/ids.ts";
import type { Env } from "./environment.ts";
import { gitFault, type Doing } from "./faults.ts";
import { runGit } from "./run-git.ts";

export type Author = { name: string; email: string };

export type Drafts = {
  author: Author;
  second: number;
  beatSecond: number;
  /** One commit of the ledger; left out when only a beat is sent. */
  change?:
    | undefined
    | {
        parent: { oid: string; committedAt: number };
        message: string;
        files: ReadonlyMap<string, string | null>;
      };
  beat?: { worker: NodeName; text: string } | undefined;
};

export type Made = { change?: string; beat?: string };

/** Stores the commits in the cache with a single process, which needs no index and prints their ids. */
export async function makeCommits(drafts: Drafts, env: Env, doing: Omit<Doing, "verb">): Promise<Made> {
  const exit = await runGit(["fast-import", "--quiet", "--force", "--done"], {
    env,
    deadlineMs: 60_000,
    input: fastImport(drafts),
  });
  if (exit.code !== 0) throw gitFault({ verb: "local", ...doing }, exit);
  const oids = exit.stdout.trimEnd().split("\n");
  return {
    ...(drafts.change && { change: oids.shift() ?? "" }),
    ...(drafts.beat && { beat: oids.shift() ?? "" }),
  };
}

/** The stream that `git fast-import` reads. */
export function fastImport({ author, second, beatSecond, change, beat }: Drafts): Buffer {
  const parts: Buffer[] = [];
  const say = (...lines: string[]) => parts.push(encodeText(lines.map((line) => `${line}\n`).join("")));
  if (change) {
    // Git walks history by date: one commit that is older than its parent makes every later fetch many times dearer.
    const at = Math.max(second, change.parent.committedAt + 1);
    say("commit refs/pawl/change", "mark :1", committer(author, at), data(change.message));
    say(`from ${change.parent.oid}`);
    for (const [path, text] of change.files) {
      if (text === null) say(`D ${quote(path)}`);
      else say(`M 100644 inline ${quote(path)}`, data(text));
    }
    say("", "get-mark :1");
  }
  if (beat) {
    say(
      "reset refs/pawl/beat",
      "commit refs/pawl/beat",
      "mark :2",
      committer(author, beatSecond),
      data(beat.text),
    );
    say("", "get-mark :2");
  }
  say("done");
  return Buffer.concat(parts);
}

function committer({ name, email }: Author, seconds: number): string {
  return `committer ${bare(name)} <${bare(email)}> ${seconds} +0000`;
}

function bare(text: string): string {
  return text.replace(/[<>\p{Cc}]/gu, "").trim();
}

function data(text: string): string {
  return `data ${encodeText(text).length}\n${text}`;
}

function quote(path: string): string {
  if (
    path
      .split("/")
      .some((part) => part === "" || part === "." || part === ".." || part.toLowerCase() === ".git")
  ) {
    throw new TypeError(`not a path inside a repository: ${JSON.stringify(path)}`);
  }
  return `"${path.replace(/["\\\p{Cc}]/gu, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, "0")}`)}"`;
}
