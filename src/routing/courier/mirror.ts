import { Fault } from "../../fault.ts";
import type { Clock } from "../../ports/clock.ts";
import type { SharedRepo, Snapshot } from "../../ports/shared-repo.ts";
import type { Entry } from "../entry.ts";

/** What a page may hold before the next one of its day begins: hosts want small files. */
const largestPage = 900_000;

/** A body longer than this, in characters, stays in the journal. */
const longestBody = 16_384;

/** How far back a new machine looks: what was before is not told again by anybody. */
const daysRead = 8;

export type MirrorDeps = {
  repo: SharedRepo;
  clock: Clock;
  /** Makes the branch when it is not there. */
  begin(files: ReadonlyMap<string, string>): Promise<void>;
  /** Called before each push, whatever becomes of it. */
  pushing?(): void;
  /** Takes out what must not be pushed anywhere. */
  blank(text: string): string;
};

/** A copy of the journal on a branch of its own: a page for each day, for the next machine and for whoever is curious. */
export class Mirror {
  readonly #deps: MirrorDeps;

  constructor(deps: MirrorDeps) {
    this.#deps = deps;
  }

  /** What a main that begins anew has to know of what another machine did; nothing where there is no branch. */
  async read(): Promise<Entry[]> {
    const snapshot = await this.#fetch();
    if (!snapshot) return [];
    const entries: Entry[] = [];
    for (let back = daysRead - 1; back >= 0; back--) {
      const day = new Date(this.#deps.clock.now().getTime() - back * 86_400_000).toISOString();
      for (const { text } of await pagesOf(snapshot, day)) entries.push(...entriesOf(text));
    }
    return entries;
  }

  /** Adds these to the branch. Asked again after no clear answer, it finds them there. */
  async add(entries: readonly Entry[]): Promise<void> {
    const days = Map.groupBy(entries.filter(isWorthCopying), ({ at }) => at.slice(0, 10));
    if (days.size === 0) return;
    for (let tries = 0; tries < 5; tries++) {
      const snapshot = await this.#fetch();
      const files = new Map<string, string>();
      for (const [day, added] of days) await this.#addDay(snapshot, day, added, files);
      if (files.size === 0) return;
      this.#deps.pushing?.();
      if (!snapshot) {
        await this.#deps.begin(files);
        continue;
      }
      const message = `Copy ${entries.length} entries of main's routing journal\n\n[skip ci]\n`;
      const receipt = await this.#deps.repo.publish({ parent: snapshot, message, files });
      if (receipt.kind === "accepted") return;
    }
    throw new Fault("BUSY", "Somebody else writes to the mirror of deliveries all the time", {
      hint: "Only main writes to worker-deliveries: look who else does.",
    });
  }

  async #addDay(
    snapshot: Snapshot | undefined,
    day: string,
    added: readonly Entry[],
    files: Map<string, string>,
  ): Promise<void> {
    const pages = snapshot ? await pagesOf(snapshot, day) : [];
    const lines = added.map((entry) => this.#lineOf(entry));
    if (
      pages
        .map(({ text }) => text)
        .join("")
        .includes(lines.join(""))
    )
      return;
    let number = Math.max(1, pages.length);
    let text = pages.at(-1)?.text ?? "";
    for (const line of lines) {
      if (text !== "" && text.length + line.length > largestPage) {
        number++;
        text = "";
      }
      text += line;
      files.set(pageName(day, number), text);
    }
  }

  #lineOf(entry: Entry): string {
    return `${this.#deps.blank(JSON.stringify(withoutLongBody(entry)))}\n`;
  }

  async #fetch(): Promise<Snapshot | undefined> {
    try {
      return await this.#deps.repo.fetch();
    } catch (error) {
      if (error instanceof Fault && error.code === "BRANCH_MISSING") return undefined;
      throw error;
    }
  }
}

/** What was heard and how far we are is of use to nobody else. */
function isWorthCopying({ t }: Entry): boolean {
  return t !== "mirrored";
}

function withoutLongBody(entry: Entry): Entry {
  if (entry.t !== "event" || (entry.envelope.body?.length ?? 0) <= longestBody) return entry;
  const { body: _, ...envelope } = entry.envelope;
  return { ...entry, envelope };
}

async function pagesOf(snapshot: Snapshot, day: string): Promise<{ text: string }[]> {
  const pages: { text: string }[] = [];
  for (let n = 1; ; n++) {
    const text = await snapshot.read(pageName(day, n));
    if (text === undefined) return pages;
    pages.push({ text });
  }
}

/** `deliveries/2026/11/21.ndjson`, then `21-2.ndjson`. */
function pageName(day: string, n: number): string {
  return `deliveries/${day.slice(0, 10).replaceAll("-", "/")}${n === 1 ? "" : `-${n}`}.ndjson`;
}

/** Lines that somebody has damaged are left out: they are a copy. */
function entriesOf(text: string): Entry[] {
  return text.split("\n").flatMap((line): Entry[] => {
    try {
      const entry: unknown = JSON.parse(line);
      const isEntry = typeof entry === "object" && entry !== null && "t" in entry && "at" in entry;
      return isEntry ? [entry as Entry] : [];
    } catch {
      return [];
    }
  });
}
