import { lstatSync, opendirSync, renameSync, rmSync, writeFileSync } from "node:fs";
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
  #seen = new Map<string, string>();
  #restless = 0;

  constructor(folder: string, blanker: Blanker) {
    this.#folder = folder;
    this.#blanker = blanker;
  }

  read(): Drop[] {
    const seen = this.#marks();
    const steady = [...seen].filter(([name, mark]) => this.#seen.get(name) === mark);
    this.#restless = steady.length < seen.size ? this.#restless + 1 : 0;
    this.isFilling = this.#restless > 0 && this.#restless <= mostEarlyLooks;
    this.#seen = seen;
    return steady.flatMap(([name]) => this.#drop(name));
  }

  /** All that is there, complete or not: nobody writes any more. */
  readLast(): Drop[] {
    return [...this.#marks().keys()].flatMap((name) => this.#drop(name));
  }

  /** What the task says to itself for after the wait; undefined when it does not wish to wait. */
  waitNote(): string | undefined {
    const text = readTaskFile(join(this.#folder, waitFile), 2000, "first");
    return text === undefined ? undefined : this.#blanker.blank(text).replace(/\s+/g, " ").trim();
  }

  answer(name: string, answer: DropAnswer): void {
    this.#answered.add(name);
    const draft = join(this.#folder, ".answer");
    orNothing(() => {
      rmSync(draft, { recursive: true, force: true });
      writeFileSync(draft, `${JSON.stringify(answer)}\n`, { flag: "wx", mode: 0o600 });
      renameSync(draft, join(this.#folder, answerFile(name)));
    });
  }

  /** By name, so that the same drops come in the same order in each attempt. */
  #marks(): Map<string, string> {
    const marks = new Map<string, string>();
    if (this.#answered.size >= mostDrops) return marks;
    for (const name of namesIn(this.#folder).toSorted()) {
      if (!isInboxFile(name) || this.#answered.has(name)) continue;
      const stat = orNothing(() => lstatSync(join(this.#folder, name)));
      if (stat?.isFile()) marks.set(name, `${stat.ino} ${stat.size} ${stat.mtimeMs}`);
    }
    return marks;
  }

  #drop(name: string): Drop[] {
    const text = readTaskFile(join(this.#folder, name), longestBytes + 1, "first");
    if (text === undefined) return [];
    if (Buffer.byteLength(text) > longestBytes) {
      return [{ name, asked: { problem: `it is longer than ${longestBytes / 1024} KB` } }];
    }
    return [{ name, asked: readInboxFile(name, this.#blanker.blank(text)) }];
  }
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
