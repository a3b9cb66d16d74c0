import { randomBytes } from "node:crypto";
import { lstatSync, opendirSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { isInboxFile, readInboxFile } from "../../src/format/inbox.ts";
import type { Blanker } from "../../src/format/secrets.ts";
import type { Drop, DropAnswer, TaskInbox } from "../../src/ports/task-inbox.ts";
import { readTaskFile } from "../task-file.ts";

/** Each push carries the whole queue. */
const longestBytes = 64 * 1024;

/** However many files there are, this many names are looked at. */
const mostNames = 500;

/** So many drops of one attempt are answered, with a yes or a no. */
const mostDrops = 100;

/** More are left for the next look, so that the worker's other attempts and its beat are not held up. */
const mostAtOnce = 10;

/** What an attempt asks for at its end is written down as a whole, and read without a pause. */
const mostLastBytes = 1024 * 1024;

/** Each look ahead of time may cost a question to the hub: for a file that never stands still the usual pace will do. */
const mostEarlyLooks = 4;

/**
 * A folder into which a task drops Markdown files, written as for worker/INBOX. The task may do to the folder what it
 * likes: what is no regular file is not there, and a file counts when it has stood still from one look to the next.
 */
export class FileInbox implements TaskInbox {
  isFilling = false;
  readonly #folder: string;
  readonly #blanker: Blanker;
  readonly #answered = new Set<string>();
  #seen = new Map<string, Mark>();
  /** What was read of files that nobody has answered yet. */
  #known = new Map<string, Known>();
  #restless = 0;

  constructor(folder: string, blanker: Blanker) {
    this.#folder = folder;
    this.#blanker = blanker;
  }

  read(): Drop[] {
    const seen = this.#marks();
    const steady = [...seen].filter(([name, mark]) => isSame(this.#seen.get(name), mark));
    this.#restless = steady.length < seen.size ? this.#restless + 1 : 0;
    this.isFilling = this.#restless > 0 && this.#restless <= mostEarlyLooks;
    this.#seen = seen;
    const now = steady.slice(0, Math.min(mostAtOnce, this.#room));
    const known = new Map(now.flatMap(([name, mark]) => this.#read(name, mark)));
    this.#known = known;
    return Array.from(known, ([name, { asked }]) => ({ name, asked }));
  }

  /** All that is there, complete or not: nobody writes any more. */
  readLast(): Drop[] {
    let bytes = 0;
    return [...this.#marks()].slice(0, this.#room).flatMap(([name, mark]) => {
      bytes += Math.min(mark.size, longestBytes);
      if (bytes > mostLastBytes) return [{ name, asked: { problem: tooMuchAtOnce } }];
      return this.#read(name, mark).map(([, { asked }]) => ({ name, asked }));
    });
  }

  /** What the task says to itself for after the wait; undefined when it does not wish to wait. */
  waitNote(): string | undefined {
    const text = readTaskFile(join(this.#folder, waitFile), 2000, "first");
    return text === undefined ? undefined : this.#blanker.blank(text).replace(/\s+/g, " ").trim();
  }

  answer(name: string, answer: DropAnswer): void {
    this.#answered.add(name);
    this.#known.delete(name);
    // Under a name that the task could not put anything at before.
    const draft = join(this.#folder, `.answer-${randomBytes(8).toString("hex")}`);
    orNothing(() => writeFileSync(draft, `${JSON.stringify(answer)}\n`, { flag: "wx", mode: 0o600 }));
    const isThere = orNothing(() => renameSync(draft, join(this.#folder, answerFile(name))) ?? true);
    if (!isThere) orNothing(() => unlinkSync(draft));
  }

  /** How many drops may still be answered. */
  get #room(): number {
    return Math.max(0, mostDrops - this.#answered.size);
  }

  /** By name, so that the same drops come in the same order in each attempt. */
  #marks(): Map<string, Mark> {
    const marks = new Map<string, Mark>();
    if (this.#room === 0) return marks;
    for (const name of namesIn(this.#folder).toSorted()) {
      if (!isInboxFile(name) || this.#answered.has(name)) continue;
      const stat = orNothing(() => lstatSync(join(this.#folder, name)));
      if (stat?.isFile()) marks.set(name, { inode: stat.ino, size: stat.size, changedMs: stat.mtimeMs });
    }
    return marks;
  }

  /** What has not changed since it was read last is not read again: it may be there for long before it is answered. */
  #read(name: string, mark: Mark): [string, Known][] {
    const known = this.#known.get(name);
    if (known && isSame(known.mark, mark)) return [[name, known]];
    const text = readTaskFile(join(this.#folder, name), longestBytes + 1, "first");
    return text === undefined ? [] : [[name, { mark, asked: this.#asked(name, text) }]];
  }

  #asked(name: string, text: string): Drop["asked"] {
    if (Buffer.byteLength(text) > longestBytes) {
      return { problem: `it is longer than ${longestBytes / 1024} KB` };
    }
    return readInboxFile(name, this.#blanker.blank(text));
  }
}

/** A file as it was at one look. */
type Mark = { inode: number; size: number; changedMs: number };

type Known = { mark: Mark; asked: Drop["asked"] };

const tooMuchAtOnce = `with those before it, it is more than ${mostLastBytes / 1024} KB at the end of one attempt`;

function isSame(one: Mark | undefined, other: Mark): boolean {
  return one?.inode === other.inode && one.size === other.size && one.changedMs === other.changedMs;
}

/** A file of this name in the inbox says that the task wants to go on when what it handed out has ended. */
export const waitFile = "wait";

export function answerFile(drop: string): string {
  return `${drop}.answer`;
}

function namesIn(folder: string): string[] {
  const names: string[] = [];
  orNothing(() => {
    using entries = opendirSync(folder);
    for (let entry = entries.readSync(); entry && names.length < mostNames; entry = entries.readSync()) {
      names.push(entry.name);
    }
  });
  return names;
}

/** It is the task's own folder: whoever makes it unusable goes without an answer. */
function orNothing<Value>(touch: () => Value): Value | undefined {
  try {
    return touch();
  } catch (error) {
    if (error instanceof Error && "syscall" in error) return undefined;
    throw error;
  }
}
