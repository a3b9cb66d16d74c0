import { closes, markdownLines, type Line, type Opener } from "./markdown-lines.ts";

/** The lines of a section, before anybody has understood them. */
export type RawSection = { heading: Line; lines: Line[]; end: number; spoiled: string | undefined };

/**
 * A section begins with a line `## ` and ends before the next one; what stands before the first is for people.
 *
 * A section may be spoiled by what stands behind it, so `spoiled` is certain only when all have been asked for.
 */
export function* rawSections(text: string): Generator<RawSection, void> {
  const conflict = new Spoiler(
    (line) => `git's merge markers stand here (line ${line}); settle the conflict`,
  );
  const code = new Spoiler(
    (line) => `a code block that begins in line ${line} goes on over the next task; close it before that`,
  );
  let openFence: Opener | undefined;
  let section: RawSection | undefined;
  for (const line of markdownLines(text)) {
    const sign = text.charCodeAt(line.start);
    if (sign === 35 && !line.opaque && /^##(?:[ \t]|$)/.test(text.slice(line.start, line.end))) {
      if (section) yield section;
      section = { heading: line, lines: [], end: line.next, spoiled: undefined };
      conflict.enter(section);
      code.enter(section);
      continue;
    }
    if (section) {
      section.lines.push(line);
      section.end = line.next;
    }
    if (line.opaque) continue;
    const marker = mergeMarker(text, line, sign);
    if (marker === "begin") conflict.begin(line.number, section);
    if (marker === "end") conflict.end();
    if (marker !== undefined && section) section.spoiled ??= conflict.reason(line.number);
    if (line.loose?.kind !== "fence") continue;
    // Two halves of a block with a task between them: nobody can tell whether that task is one or is quoted.
    if (openFence && line.loose.bare && closes(openFence, text.slice(line.start, line.end))) {
      code.end();
      openFence = undefined;
    } else if (!openFence) {
      code.begin(line.number, section);
      openFence = line.loose;
    }
  }
  if (section) yield section;
}

/** Something that begins in one section and, if it ends in a later one, makes all from the one to the other unreadable. */
class Spoiler {
  readonly reason: (line: number) => string;
  #open: { line: number; sections: RawSection[] } | undefined;

  constructor(reason: (line: number) => string) {
    this.reason = reason;
  }

  begin(line: number, section: RawSection | undefined): void {
    this.#open = { line, sections: section ? [section] : [] };
  }

  enter(section: RawSection): void {
    this.#open?.sections.push(section);
  }

  end(): void {
    for (const section of this.#open?.sections ?? []) section.spoiled ??= this.reason(this.#open?.line ?? 0);
    this.#open = undefined;
  }
}

function mergeMarker(text: string, line: Line, code: number): "begin" | "middle" | "end" | undefined {
  if (code !== 60 && code !== 62 && code !== 124) return undefined;
  const head = /^(<{7}|>{7}|\|{7})(?: |$)/.exec(
    text.slice(line.start, Math.min(line.end, line.start + 8)),
  )?.[1];
  if (head === undefined) return undefined;
  return head.startsWith("<") ? "begin" : head.startsWith(">") ? "end" : "middle";
}
