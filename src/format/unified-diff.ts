type Line = { sign: " " | "-" | "+"; text: string };

const around = 3;

/** What separates two texts, as `diff -u` shows it; nothing when they are the same. */
export function unifiedDiff(path: string, before: string, after: string): string {
  if (before === after) return "";
  const lines = compare(linesOf(before), linesOf(after));
  const head = `--- ${before === "" ? "/dev/null" : path}\n+++ ${after === "" ? "/dev/null" : path}\n`;
  return head + hunks(lines).join("");
}

/** A last line without an end is another line than the same with one. */
function linesOf(text: string): string[] {
  const lines = text.split("\n");
  const last = lines.pop() ?? "";
  return last === "" ? lines : [...lines, `${last}\n\\ No newline at end of file`];
}

/** The longest common subsequence, of what is left between equal beginnings and ends. */
function compare(before: readonly string[], after: readonly string[]): Line[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const same = (lines: readonly string[]) => lines.map((text): Line => ({ sign: " ", text }));
  return [
    ...same(before.slice(0, start)),
    ...compareMiddle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...same(end === 0 ? [] : before.slice(-end)),
  ];
}

function compareMiddle(before: readonly string[], after: readonly string[]): Line[] {
  // longest[b][a]: how many lines the rests from there on have in common.
  const longest = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  const at = (b: number, a: number) => longest[b]?.[a] ?? 0;
  for (let b = before.length - 1; b >= 0; b--) {
    for (let a = after.length - 1; a >= 0; a--) {
      const row = longest[b] as Uint32Array;
      row[a] = before[b] === after[a] ? at(b + 1, a + 1) + 1 : Math.max(at(b + 1, a), at(b, a + 1));
    }
  }
  const lines: Line[] = [];
  let [b, a] = [0, 0];
  while (b < before.length || a < after.length) {
    const [old, fresh] = [before[b], after[a]];
    if (old !== undefined && old === fresh) {
      lines.push({ sign: " ", text: old });
      b++;
      a++;
    } else if (old !== undefined && (fresh === undefined || at(b + 1, a) >= at(b, a + 1))) {
      lines.push({ sign: "-", text: old });
      b++;
    } else {
      lines.push({ sign: "+", text: fresh ?? "" });
      a++;
    }
  }
  return lines;
}

function hunks(lines: readonly Line[]): string[] {
  const changed = lines.flatMap(({ sign }, index) => (sign === " " ? [] : [index]));
  const ranges: { from: number; to: number }[] = [];
  for (const index of changed) {
    const from = Math.max(0, index - around);
    const to = Math.min(lines.length, index + around + 1);
    const last = ranges.at(-1);
    if (last && from <= last.to) last.to = to;
    else ranges.push({ from, to });
  }
  return ranges.map(({ from, to }) => hunk(lines, from, to));
}

function hunk(lines: readonly Line[], from: number, to: number): string {
  const count = (part: readonly Line[], without: Line["sign"]) =>
    part.filter(({ sign }) => sign !== without).length;
  const [past, shown] = [lines.slice(0, from), lines.slice(from, to)];
  const place = (without: Line["sign"]) => {
    const size = count(shown, without);
    return `${count(past, without) + (size === 0 ? 0 : 1)},${size}`;
  };
  return `@@ -${place("+")} +${place("-")} @@\n${shown.map(({ sign, text }) => `${sign}${text}\n`).join("")}`;
}
