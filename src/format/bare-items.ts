import type { Line } from "./markdown-lines.ts";

/** A line `- [ ] do this` that a person left in the Inbox, with the indented lines that belong to it. */
export type BareItem = { text: string; line: number; start: number; end: number };

export function bareItems(text: string, lines: readonly Line[]): BareItem[] {
  const items: BareItem[] = [];
  for (let at = 0; at < lines.length;) {
    const first = lines[at];
    const head = first && !first.opaque ? itemText(text.slice(first.start, first.end)) : "";
    if (!first || head === "") {
      at++;
      continue;
    }
    const { more, behind } = continuation(text, lines, at + 1);
    const last = lines[behind - 1] ?? first;
    items.push({
      text: [head, ...more].join("\n").trimEnd(),
      line: first.number,
      start: first.start,
      end: last.next,
    });
    at = behind;
  }
  return items;
}

function itemText(line: string): string {
  return /^ {0,3}[-*+][ \t]+\[ ?\](?!\()(.*)$/s.exec(line)?.[1]?.trim() ?? "";
}

/** Indented lines, and blank ones that have an indented line behind them; of code the whole block or nothing. */
function continuation(
  text: string,
  lines: readonly Line[],
  from: number,
): { more: string[]; behind: number } {
  const more: string[] = [];
  let behind = from;
  for (let at = from; at < lines.length; at++) {
    const to = lines[at]?.opaque ? endOfBlock(lines, at) : at + 1;
    const own = lines.slice(at, to).map(({ start, end }) => text.slice(start, end));
    if (own.some((line) => line.trim() !== "" && !/^(?: {2,}|\t)/.test(line))) break;
    if (own.every((line) => line.trim() === "")) continue;
    more.push(...Array<string>(at - behind).fill(""), ...own);
    behind = to;
    at = to - 1;
  }
  return { more: withoutIndent(more), behind };
}

function endOfBlock(lines: readonly Line[], from: number): number {
  let at = from;
  while (lines[at]?.opaque) at++;
  return at;
}

/** What all of the lines are indented by is the list's, the rest is theirs. */
function withoutIndent(lines: readonly string[]): string[] {
  const indents = lines.filter((line) => line.trim() !== "").map((line) => /^[ \t]*/.exec(line)?.[0] ?? "");
  const common = indents.reduce((shared, indent) => {
    let length = 0;
    while (length < shared.length && shared[length] === indent[length]) length++;
    return shared.slice(0, length);
  }, indents[0] ?? "");
  return lines.map((line) => line.slice(common.length));
}
