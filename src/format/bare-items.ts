import type { Line } from "./markdown-lines.ts";

/** A line `- [ ] do this` that a person left in the Inbox, with the indented lines that belong to it. */
export type BareItem = { text: string; line: number; start: number; end: number };

export function bareItems(text: string, lines: readonly Line[]): BareItem[] {
  const items: BareItem[] = [];
  let at = 0;
  while (at < lines.length) {
    const first = lines[at++];
    if (!first || first.opaque) continue;
    const head = /^ {0,3}[-*+] +\[ ?\](?: +(.*)|)$/.exec(text.slice(first.start, first.end))?.[1]?.trim();
    if (!head) continue;
    const { more, taken } = continuation(text, lines, at);
    const last = lines[at + taken - 1];
    items.push({
      text: [head, ...more].join("\n").trimEnd(),
      line: first.number,
      start: first.start,
      end: taken > 0 && last ? last.next : first.next,
    });
    at += taken;
  }
  return items;
}

/** Indented lines, and blank ones that have an indented line behind them. */
function continuation(text: string, lines: readonly Line[], from: number): { more: string[]; taken: number } {
  const more: string[] = [];
  let taken = 0;
  let blanks = 0;
  for (const { start, end } of lines.slice(from)) {
    const line = text.slice(start, end);
    if (line.trim() === "") {
      blanks++;
      continue;
    }
    if (!/^(?: {2,}|\t)/.test(line)) break;
    more.push(...Array<string>(blanks).fill(""), line.replace(/^(?: {1,6}|\t)/, ""));
    taken += blanks + 1;
    blanks = 0;
  }
  return { more, taken };
}
